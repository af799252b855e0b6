/**
 * The number by which two people make sure that each has the other's account and nobody in between (spec Y42).
 *
 *     root of one, root of the other ─the lesser first─▶ SHA-512 ─▶ 12 groups of 5 digits, the same on both sides
 *
 * @module
 */
import { sha512 } from '@noble/hashes/sha2.js'
import { parseBase64url } from '../base.ts'
import { compareBytes, concatBytes, utf8 } from '../bytes.ts'
import { identityKey } from '../names.ts'
import type { Account } from '../payloads/accounts.ts'

export const safetyDigits = 60

const prefix = utf8('effigy/safety/1\n')
const groupBytes = 5
/** Of one group, as it is read aloud. */
export const groupDigits = 5

/** 60 digits without spaces. In whichever order the two are given, the number is the same. */
export function safetyNumber(one: Account, other: Account): string {
  const [lesser, greater] = [nameBytes(one), nameBytes(other)].sort(compareBytes)
  const digest = sha512(concatBytes(prefix, lesser ?? utf8(''), greater ?? utf8('')))
  let digits = ''
  for (let at = 0; digits.length < safetyDigits; at += groupBytes) {
    let value = 0
    for (const byte of digest.subarray(at, at + groupBytes)) value = value * 256 + byte
    digits += String(value % 10 ** groupDigits).padStart(groupDigits, '0')
  }
  return digits
}

/** An account by its root, which moves leave as it is; who has none by the device. */
function nameBytes({ identity, root }: Account): Uint8Array {
  const name = root === null ? identityKey(identity) : (parseBase64url(root) ?? new Uint8Array(32))
  return concatBytes(Uint8Array.of(root === null ? 0 : 1), name)
}
