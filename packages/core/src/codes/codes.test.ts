/** Codes that people pass on (L1-L5), and what happens to the wrong ones (T15). */
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  codeBody,
  codeExpires,
  codeText,
  codeVectors,
  inviteClaims,
  inviteOf,
  linkCodes,
} from '../../test/code-world.ts'
import { isValid, sha256 } from '../../test/world.ts'
import {
  codeMessages,
  type InviteCode,
  inviteCheck,
  isAddress,
  type LinkCode,
  maxCodeLength,
  maxPlaces,
  parseInviteCode,
  parseLinkCode,
  signInvite,
  writeInviteCode,
  writeLinkCode,
} from './index.ts'

const nowMs = codeExpires - 60_000
const unused = { nowMs, isUsed: () => false, sha256 }
const readLink = (text: string) => parseLinkCode(text, unused)
const readInvite = (text: string) => parseInviteCode(text, { nowMs, sha256 })
const codeOf = (result: { ok: boolean; error?: { code: string } }): string | null =>
  result.error?.code ?? null

const file = new URL('../../../../spec/vectors/pairing-codes.json', import.meta.url)
const vectors = await codeVectors()

describe('vectors', () => {
  test('are those in the repository', () => {
    expect(existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(vectors)),
    )
  })

  test.for(vectors.accept)('[L1] [L4] [L5] $purpose: $name', ({ purpose, text, says }) => {
    const read = purpose === 'link' ? readLink(text!) : readInvite(text!)
    expect(read).toMatchObject({ ok: true })
    const value = (read as { value: LinkCode | InviteCode }).value
    const again =
      'secret' in value ? writeLinkCode(value, sha256) : writeInviteCode(value as InviteCode, sha256)
    expect(text!.replace(/\s/g, '').endsWith(again)).toBe(true)
    const plain = Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        part instanceof Uint8Array ? Buffer.from(part).toString('base64url') : part,
      ]),
    )
    expect(plain).toEqual(says)
  })

  test.for(vectors.reject)('[L2] $name is $code for $purpose', ({ purpose, text, code }) => {
    expect(codeOf(purpose === 'link' ? readLink(text) : readInvite(text))).toBe(code)
  })

  test.for(vectors.expired)('[L2] [T24] an expired $purpose says so, and what it was', (late) => {
    const read =
      late.purpose === 'link'
        ? parseLinkCode(late.text, { ...unused, nowMs: late.nowMs })
        : parseInviteCode(late.text, { nowMs: late.nowMs, sha256 })
    const before = late.purpose === 'link' ? readLink(late.text) : readInvite(late.text)
    expect(read).toEqual({
      ok: false,
      error: { code: 'code-expired', late: (before as { value: unknown }).value },
    })
  })
})

const texts = vectors.accept.slice(0, 5).map(({ text }) => text!)

describe('[T15] the wrong code', () => {
  test('[L2] one that was used here', () => {
    const [text] = texts
    const used = parseLinkCode(text!, { ...unused, isUsed: (secret) => secret[0] === 5 })
    expect(used).toEqual({ ok: false, error: { code: 'code-used' } })
  })

  test('[L2] every way to be wrong has a sentence of its own', () => {
    const sentences = Object.values(codeMessages)
    expect(new Set(sentences).size).toBe(sentences.length)
    for (const code of ['foreign', 'damaged', 'version', 'invite', 'link', 'expired', 'used']) {
      expect(Object.keys(codeMessages)).toContain(`code-${code}`)
    }
  })

  test('[L5] an invite altered and given a right checksum is not what its inviter signed', async () => {
    const invite = await inviteOf(inviteClaims['from an account']!)
    expect(isValid(inviteCheck(invite))).toBe(true)
    const body = codeBody(writeInviteCode(invite, sha256))
    let read = 0
    for (let at = 0; at < body.length; at++) {
      const altered = new Uint8Array(body)
      altered[at] = altered[at]! ^ 1
      const result = readInvite(codeText('effigy-invite-1-', altered))
      if (!result.ok) continue
      read++
      expect(isValid(inviteCheck(result.value))).toBe(false)
    }
    expect(read).toBeGreaterThan(200)
  })
})

describe('[L1] what is no whole code', () => {
  test.for(texts)('cut at any place, or any letter changed: %s', (text) => {
    const read = (given: string) => [codeOf(readLink(given)), codeOf(readInvite(given))]
    for (let length = 0; length < text.length; length++) {
      for (const code of read(text.slice(0, length))) expect(code).toMatch(/^code-/)
    }
    for (let at = 0; at < text.length; at++) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
        const letter = String.fromCharCode(text.charCodeAt(at) ^ bit)
        const altered = text.slice(0, at) + letter + text.slice(at + 1)
        for (const code of read(altered)) expect(code).toMatch(/^code-/)
      }
    }
  })

  test('never throws, whatever is pasted, and takes only what it would write', () => {
    const bodies = texts.map(codeBody)
    const mutated = fc
      .tuple(fc.constantFrom(...bodies), fc.nat(), fc.uint8Array({ maxLength: 40 }))
      .map(([body, at, bytes]) => Uint8Array.from([...body.subarray(0, at % body.length), ...bytes]))
    const body = fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 400 }),
          body.map((bytes) => codeText('effigy-link-1-', bytes)),
          body.map((bytes) => codeText('effigy-invite-1-', bytes)),
        ),
        (text) => {
          const link = readLink(text)
          if (link.ok) expect(writeLinkCode(link.value, sha256)).toBe(text)
          const invite = readInvite(text)
          if (invite.ok) expect(writeInviteCode(invite.value, sha256)).toBe(text)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('[T16] a book is refused without reading it', () => {
    expect(codeOf(readLink(`effigy-link-1-${'A'.repeat(1_000_000)}`))).toBe('code-foreign')
    expect(codeOf(readLink(`effigy-link-1-${'A'.repeat(maxCodeLength)}`))).toBe('code-damaged')
  })
})

describe('writing', () => {
  const code = linkCodes['shown on the new device']!
  const [hub] = code.places[0]!

  test('[L3] the longest code is read; what is no address or one place more is a mistake', () => {
    const url = `wss://${'h'.repeat(249)}`
    expect([isAddress(url), isAddress(`${url}h`), isAddress('hub.example'), isAddress('ws://a b')]).toEqual([
      true,
      false,
      false,
      false,
    ])
    const longest = { ...linkCodes['shown on a linked device']!, places: Array(maxPlaces).fill([hub, url]) }
    const text = writeLinkCode(longest, sha256)
    expect(text.length).toBeLessThanOrEqual(maxCodeLength)
    expect(readLink(text)).toEqual({ ok: true, value: longest })
    expect(() => writeLinkCode({ ...longest, places: Array(5).fill([hub, url]) }, sha256)).toThrow(RangeError)
    expect(() => writeLinkCode({ ...code, places: [[hub, 'hub']] }, sha256)).toThrow(RangeError)
    expect(() => writeLinkCode({ ...code, secret: new Uint8Array(15) }, sha256)).toThrow(RangeError)
  })

  test('[L5] an invite has a whole token and is for somebody', async () => {
    const claim = inviteClaims['from a lone device']!
    const signer = { publicKey: new Uint8Array(32), signBytes: async () => new Uint8Array(64) }
    await expect(signInvite({ ...claim, token: new Uint8Array(8) }, signer)).rejects.toThrow(RangeError)
    await expect(signInvite({ ...claim, count: 0 }, signer)).rejects.toThrow(RangeError)
  })

  test('[L1] stands behind a # as it is', () => {
    for (const text of texts) {
      expect(text).toMatch(/^[A-Za-z0-9_-]+$/)
      expect(new URL(`https://a.example/#${text}`).hash).toBe(`#${text}`)
    }
  })
})
