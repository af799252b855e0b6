import { encodeBase64url, type Identity, parseBase64url } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { damaged, mutations, randomInputs, truncations } from '@effigy/testkit/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boxPrefix, maxBoxLength, maxBoxPayloadBytes, openBox, sealBox } from './box.ts'
import { createNobleCrypto } from './noble.ts'
import { createNodeCrypto } from './node.ts'

const crypto = createNodeCrypto()
const noble = createNobleCrypto()

const author = 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX' as Identity
const other = 'did:key:z6Mko9hTggMwjSTEaJaPUfE6tqcy2xvU6BnNq3e3o8qVBiyH' as Identity
const keyOf = (fill: number, conversation = fill, generation = 1) => ({
  conversation: encodeBase64url(new Uint8Array(16).fill(conversation)),
  generation,
  key: new Uint8Array(32).fill(fill),
})
const own = keyOf(1)
const payload = '{"type":"x-note","at":1}'
const text = sealBox({ author, ...own, payload, crypto })

const codeOf = (box: string, from = author, keys = [own]): string => {
  const opened = openBox(box, from, keys, crypto)
  return opened.ok ? 'ok' : opened.error.code
}

describe('a box', () => {
  test('[X3] opens what was sealed, for whatever payload', () => {
    const payloads = fc.string({ unit: 'grapheme', maxLength: 2000 }).map((value) => JSON.stringify(value))
    fc.assert(
      fc.property(payloads, (value) => {
        const box = sealBox({ author, ...own, payload: value, crypto })
        expect(openBox(box, author, [own], noble)).toEqual({ ok: true, value: { payload: value, key: own } })
      }),
    )
  })

  test('[X3] the same payload gives another text each time, of the same length for all short ones', () => {
    const again = sealBox({ author, ...own, payload, crypto })
    expect(again).not.toBe(text)
    expect(sealBox({ author, ...own, payload: payload.repeat(9), crypto }).length).toBe(text.length)
  })

  test('[X3] the tag finds the key, and those behind it are not tried', () => {
    const keys = [keyOf(2), keyOf(1, 7), own]
    let asked = 0
    function* lazily() {
      for (const key of [...keys, keyOf(9)]) {
        asked++
        yield key
      }
    }
    expect(openBox(text, author, lazily(), crypto)).toEqual({ ok: true, value: { payload, key: own } })
    expect(asked).toBe(3)
  })

  test('[X3] lifted into the feed of another author, or handed out for another conversation: refused', () => {
    expect(codeOf(text, other)).toBe('altered')
    expect(codeOf(text, author, [keyOf(1, 7)])).toBe('altered')
  })

  test('[X3] no two keys open one box: a tag moved from another key leaves a text that does not open', () => {
    const nonce = new Uint8Array(24).fill(3)
    const seal = (key: ReturnType<typeof keyOf>) => {
      const box = sealBox({ author, ...key, payload, crypto: { ...crypto, randomBytes: () => nonce } })
      return parseBase64url(box.slice(boxPrefix.length)) as Uint8Array
    }
    const [first, second] = [keyOf(1, 5), keyOf(2, 5)]
    const [one, two] = [seal(first), seal(second)]
    const moved = one.slice()
    moved.set(two.subarray(24, 40), 24)
    const box = boxPrefix + encodeBase64url(moved)
    expect(codeOf(box, author, [first])).toBe('no-key')
    expect(codeOf(box, author, [second])).toBe('altered')
    expect(codeOf(box, author, [first, second])).toBe('altered')
  })

  test('[X3] the longest payload fits, one byte more is our bug', () => {
    const longest = 'x'.repeat(maxBoxPayloadBytes)
    const box = sealBox({ author, ...own, payload: longest, crypto })
    expect(box.length).toBeLessThanOrEqual(maxBoxLength)
    expect(openBox(box, author, [own], crypto)).toMatchObject({ ok: true })
    expect(() => sealBox({ author, ...own, payload: `${longest}x`, crypto })).toThrow(RangeError)
  })
})

describe('opening what is not a box', () => {
  const bytes = parseBase64url(text.slice(boxPrefix.length)) as Uint8Array
  const boxOf = (changed: Uint8Array): string => boxPrefix + encodeBase64url(changed)

  test('[X3] every flipped bit and every truncation is refused with its code', () => {
    let bit = 0
    for (const mutant of mutations(bytes)) {
      expect(codeOf(boxOf(mutant))).toBe(bit++ < 8 * 40 ? 'no-key' : 'altered')
    }
    for (const cut of truncations(bytes)) expect(codeOf(boxOf(cut))).toBe('encoding')
    for (let length = 0; length < text.length; length++) {
      expect(codeOf(text.slice(0, length))).toBe('encoding')
    }
  })

  test('[X3] damage and random bytes give a code, never an error', () => {
    const random = createRandom('box')
    for (const mutant of damaged(random, bytes, 300)) expect(codeOf(boxOf(mutant))).not.toBe('content')
    for (const input of randomInputs(random, 300)) {
      expect(codeOf(boxOf(input))).not.toBe('ok')
      expect(codeOf(boxPrefix + String.fromCharCode(...input))).not.toBe('ok')
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => codeOf(any) !== 'ok'))
  })

  test('[X3] the length is bounded before anything is read', () => {
    expect(codeOf(boxPrefix.padEnd(maxBoxLength + 1, 'A'))).toBe('too-large')
    expect(codeOf(boxPrefix.padEnd(maxBoxLength, 'A'))).toBe('no-key')
  })
})
