/**
 * What one person's screen shows another's camera, so that both need not read 60 digits (spec Y43).
 *
 *     {identity, root, number} ◀▶ effigy-safety-1-…
 *
 * Nothing in it is secret. It says who shows it, and by the number whom they take the other for.
 *
 * @module
 */
import { parseRoot } from '../account/keys.ts'
import { encodeBase64url, parseBase64url } from '../base.ts'
import { identityKey, identityOfKey } from '../names.ts'
import type { Account } from '../payloads/accounts.ts'
import { safetyDigits } from '../people/safety-number.ts'
import type { Sha256 } from '../ports.ts'
import { err, ok, type Result } from '../result.ts'
import { createByteReader, createByteWriter } from '../varint.ts'
import { type CodeTextFault, readCodeText, writeCodeText } from './code-text.ts'

export interface SafetyCode extends Account {
  /** As `safetyNumber` writes it, over who shows the code and whom they show it to. */
  readonly number: string
}

const digitPairs: number = safetyDigits / 2

/** Throws a RangeError where the number has not its 60 digits. */
export function writeSafetyCode({ identity, root, number }: SafetyCode, sha256: Sha256): string {
  if (number.length !== safetyDigits || !/^[0-9]+$/.test(number)) {
    throw new RangeError(`a safety number has ${safetyDigits} digits`)
  }
  const writer = createByteWriter()
  writer.bytes(identityKey(identity))
  writer.byte(root === null ? 0 : 1)
  if (root !== null) writer.bytes(parseBase64url(root) ?? new Uint8Array(0))
  writer.bytes(
    Uint8Array.from({ length: digitPairs }, (_, at) => Number.parseInt(number.slice(2 * at, 2 * at + 2), 16)),
  )
  return writeCodeText('safety', writer.take(), sha256)
}

/** Never throws. */
export function parseSafetyCode(text: string, sha256: Sha256): Result<SafetyCode, CodeTextFault> {
  const body = readCodeText(text, 'safety', sha256)
  if (!body.ok) return body
  const code = readBody(body.value)
  return code === null ? err({ code: 'code-damaged' }) : ok(code)
}

function readBody(body: Uint8Array): SafetyCode | null {
  const reader = createByteReader(body)
  const key = reader.bytes(32)
  const hasRoot = reader.byte()
  if (key === null || (hasRoot !== 0 && hasRoot !== 1)) return null
  const rootBytes = hasRoot === 1 ? reader.bytes(32) : null
  const root = rootBytes === null ? null : parseRoot(encodeBase64url(rootBytes))
  const pairs = reader.bytes(digitPairs)
  if ((hasRoot === 1 && root === null) || pairs === null || reader.left > 0) return null
  const number = Array.from(pairs, (pair) => pair.toString(16).padStart(2, '0')).join('')
  return /^[0-9]+$/.test(number) ? { identity: identityOfKey(key), root, number } : null
}
