import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { author, isValid } from '../../test/world.ts'
import { utf8 } from '../bytes.ts'
import {
  decodeFeedLetter,
  type FeedLetter,
  feedLetterCheck,
  maxFeedLetterBytes,
  maxLetterTexts,
  signFeedLetter,
} from './feed-letter.ts'

const alice = author(1)
const letter: FeedLetter = {
  from: alice.identity,
  epoch: 2,
  at: 1_800_000_000_000,
  texts: ['age:AAAA', 'age:BBBB'],
}
const record = await signFeedLetter(letter, alice.signer)

const codeOf = (bytes: Uint8Array): string => {
  const decoded = decodeFeedLetter(bytes)
  return decoded.ok ? 'ok' : decoded.error.code
}
const written = (change: object): Uint8Array => {
  const json = JSON.stringify({ v: 1, ...letter, ...change })
  return utf8(`${json}\n${'A'.repeat(86)}`)
}

describe('feed letters', () => {
  test("[X24] are read as they were written, with their author's signature", () => {
    const decoded = decodeFeedLetter(record)
    expect(decoded).toMatchObject({ ok: true, value: { claim: letter } })
    if (decoded.ok) expect(isValid(feedLetterCheck(decoded.value))).toBe(true)
  })

  test('[X24] [T1] cut at each length, or with a bit flipped: refused, or not signed', () => {
    for (let length = 0; length < record.length; length++)
      expect(codeOf(record.subarray(0, length))).not.toBe('ok')
    for (let bit = 0; bit < record.length * 8; bit += 3) {
      const bytes = record.slice()
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      const decoded = decodeFeedLetter(bytes)
      if (decoded.ok) expect(isValid(feedLetterCheck(decoded.value))).toBe(false)
    }
  })

  test('[X24] bounds', async () => {
    expect(codeOf(written({}))).toBe('ok')
    for (const change of [
      { epoch: 0 },
      { epoch: 2 ** 31 + 1 },
      { at: -1 },
      { texts: [] },
      { texts: Array.from({ length: maxLetterTexts + 1 }, () => 'age:AAAA') },
      { texts: ['box:AAAA'] },
      { texts: [7] },
      { from: 'nobody' },
      { more: 1 },
    ])
      expect(codeOf(written(change))).toBe('encoding')
    expect(codeOf(utf8(`{"v":2,"x":1}\n${'A'.repeat(86)}`))).toBe('version')
    expect(codeOf(new Uint8Array(maxFeedLetterBytes + 1))).toBe('too-large')
    const long = { ...letter, texts: [`age:${'A'.repeat(maxFeedLetterBytes)}`] }
    await expect(signFeedLetter(long, alice.signer)).rejects.toThrow(RangeError)
  })

  test('[X24] random bytes never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => codeOf(bytes) !== 'ok'))
  })
})
