/** Drops, leases, receipts, offers as records (V10-V14). */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { author, isValid } from '../../test/world.ts'
import { utf8 } from '../bytes.ts'
import type { SignatureCheck } from '../ports.ts'
import {
  decodeDrop,
  decodeFeedLetter,
  decodeLease,
  decodeOffer,
  decodeReceipt,
  dropCheck,
  dropNonce,
  encodeDrop,
  feedLetterCheck,
  leaseCheck,
  maxDropRecordBytes,
  offerCheck,
  receiptCheck,
  signDrop,
} from './index.ts'

type Name = 'drop' | 'lease' | 'receipt' | 'letter' | 'offer'
interface Case {
  readonly name: string
  readonly record: Name
  readonly text: string
}
const { accept: accepted, reject: rejected } = JSON.parse(
  readFileSync(new URL('../../../../spec/vectors/services.json', import.meta.url), 'utf8'),
) as {
  readonly accept: readonly Case[]
  readonly reject: readonly (Case & { readonly code: string })[]
}

/** Of each kind of record. */
const rules: Readonly<Record<Name, string>> = {
  drop: 'V11',
  lease: 'V12',
  receipt: 'V13',
  offer: 'V14',
  letter: 'X24',
}
const accept = accepted.map((one) => ({ ...one, rule: rules[one.record] }))
const reject = rejected.map((one) => ({ ...one, rule: rules[one.record] }))

/** The code of what is wrong, or null. */
function verdict(record: Name, bytes: Uint8Array): string | null {
  const read = {
    drop: readDrop,
    lease: readLease,
    receipt: readReceipt,
    letter: readLetter,
    offer: readOffer,
  }[record](bytes)
  return 'code' in read ? read.code : isValid(read) ? null : 'signature'
}

type Read = SignatureCheck | { readonly code: string }
function readDrop(bytes: Uint8Array): Read {
  const decoded = decodeDrop(bytes)
  return decoded.ok ? dropCheck(decoded.value) : decoded.error
}
function readLease(bytes: Uint8Array): Read {
  const decoded = decodeLease(bytes)
  return decoded.ok ? leaseCheck(decoded.value) : decoded.error
}
function readReceipt(bytes: Uint8Array): Read {
  const decoded = decodeReceipt(bytes)
  return decoded.ok ? receiptCheck(decoded.value) : decoded.error
}
function readOffer(bytes: Uint8Array): Read {
  const decoded = decodeOffer(bytes)
  return decoded.ok ? offerCheck(decoded.value) : decoded.error
}
function readLetter(bytes: Uint8Array): Read {
  const decoded = decodeFeedLetter(bytes)
  return decoded.ok ? feedLetterCheck(decoded.value) : decoded.error
}

describe('vectors', () => {
  test.for(accept)('[V10] [$rule] $record: $name', ({ record, text }) => {
    expect(verdict(record, utf8(text))).toBeNull()
  })
  test.for(reject)('[V10] [$rule] $record: $name is refused', ({ record, text, code }) => {
    expect(verdict(record, utf8(text))).toBe(code)
  })
})

describe('mutants', () => {
  test.for(accept)('[T1] $name: every flipped bit and every truncation is refused', ({ record, text }) => {
    const bytes = utf8(text)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = new Uint8Array(bytes)
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(verdict(record, flipped)).not.toBeNull()
    }
    for (let length = 0; length < bytes.length; length++) {
      expect(verdict(record, bytes.slice(0, length))).not.toBeNull()
    }
  })

  test('[V10] never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => utf8(`${text}\n${'A'.repeat(86)}`)),
        ),
        (bytes) => {
          for (const record of ['drop', 'lease', 'receipt'] as const) verdict(record, bytes)
        },
      ),
    )
  })
})

test('[V11] the longest drop, and one byte more', async () => {
  const alice = author(1)
  const at = 1
  const nonce = dropNonce(new Uint8Array(16))
  const make = (length: number) =>
    signDrop(
      {
        from: alice.identity,
        to: alice.identity,
        nonce,
        at,
        payload: { type: 'x-long', text: 'x'.repeat(length) },
      },
      alice.signer,
    )
  const room = maxDropRecordBytes - (await make(0)).length
  const longest = await make(room)
  const decoded = decodeDrop(longest)
  expect(decoded.ok && encodeDrop(decoded.value)).toEqual(longest)
  expect(decodeDrop(await make(room + 1))).toEqual({ ok: false, error: { code: 'too-large' } })
})
