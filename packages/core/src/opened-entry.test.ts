import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { author, chainOf, isValid, note, sha256 } from '../test/world.ts'
import { encodeBase64url } from './base.ts'
import { utf8 } from './bytes.ts'
import { type Entry, entryCheck, type SignedEntry, signEntry } from './entry.ts'
import { chainPoint, judgeLink } from './feed.ts'
import { rawCid } from './names.ts'
import { decodeOpenedEntry, sealedKeyId } from './opened-entry.ts'
import { readPayload } from './payloads/index.ts'
import { planRebase, signRebase } from './rebase.ts'
import { isSealedEntry } from './sealed-entry.ts'

const alice = author(1)
const mallory = author(9)

/** Not encrypted: what is inside comes beside it, as from whoever opened it. */
function sealed({ bytes }: Pick<SignedEntry, 'bytes'>, key = 1): Uint8Array {
  const box = encodeBase64url(new Uint8Array([...new Uint8Array(40), ...bytes]))
  return utf8(`{"v":1,"sealed":"${encodeBase64url(new Uint8Array(16).fill(key))}","box":"${box}"}`)
}

function open(inner: SignedEntry, key = 1): SignedEntry {
  const opened = decodeOpenedEntry(sealed(inner, key), inner.bytes, sha256)
  if (!opened.ok) throw new Error(opened.error.code)
  return opened.value
}

async function sealedChain(
  texts: readonly string[],
  keys: readonly (number | null)[],
  change: Partial<Entry> = {},
) {
  const chain: SignedEntry[] = []
  for (const [at, text] of texts.entries()) {
    const entry: Entry = {
      identity: alice.identity,
      parent: chain.at(-1)?.cid ?? null,
      length: at + 1,
      comparable: (at + 1) * 1000,
      synod: null,
      links: [],
      payload: note(text),
      ...(at === texts.length - 1 ? change : {}),
    }
    const bare = await signEntry(entry, alice.signer, sha256)
    const key = keys[at] ?? null
    chain.push(key === null ? bare : open(bare, key))
  }
  return chain as [SignedEntry, SignedEntry, ...SignedEntry[]]
}

describe('opened entries', () => {
  test('[X20] name and bytes are those of the sealed entry, everything else of what is inside', async () => {
    const [inner] = (await chainOf(alice, [note('a')])) as [SignedEntry]
    const opened = open(inner)
    expect(opened.cid).toBe(rawCid(sealed(inner), sha256))
    expect(opened.entry).toEqual(inner.entry)
    expect(isSealedEntry(opened.bytes)).toBe(true)
    expect(isValid(entryCheck(opened))).toBe(true)
  })

  test('[X20] the rules of feeds hold over what is inside', async () => {
    const [a, b] = await sealedChain(['a', 'b'], [1, 1])
    expect(judgeLink(alice.identity, null, a)).toBeNull()
    expect(judgeLink(alice.identity, chainPoint(a), b)).toBeNull()
    for (const [change, code] of [
      [{ identity: mallory.identity }, 'identity'],
      [{ length: 3 }, 'length'],
      [{ comparable: 1000 }, 'comparable'],
      [{ parent: rawCid(utf8('another'), sha256) }, 'parent'],
    ] as const) {
      const [below, next] = await sealedChain(['a', 'b'], [1, 1], change)
      expect(judgeLink(alice.identity, chainPoint(below), next)).toEqual({ code, cid: next.cid })
    }
  })

  test('[X20] one key for all: an unsealed entry over a sealed one, or another key, is mixed', async () => {
    for (const keys of [
      [1, null],
      [null, 1],
      [1, 2],
    ]) {
      const [a, b] = await sealedChain(['a', 'b'], keys)
      expect(judgeLink(alice.identity, chainPoint(a), b)).toEqual({ code: 'mixed', cid: b.cid })
    }
  })

  test('[X20] a rebase seals each entry, and its parents are the sealed ones', async () => {
    const chain = await chainOf(alice, [note('a'), note('b'), note('c')])
    const plan = planRebase(
      chain,
      new Map([[chain[0]?.cid ?? rawCid(utf8(''), sha256), { type: 'delete' }]]),
      '{}',
    )
    if (plan === null) throw new Error('nothing to rebase')
    const rewritten: SignedEntry[] = []
    for await (const one of signRebase(plan, alice.signer, alice.identity, sha256, (bare) => open(bare)))
      rewritten.push(one)
    const [b, c] = rewritten as [SignedEntry, SignedEntry]
    expect(judgeLink(alice.identity, null, b)).toBeNull()
    expect(judgeLink(alice.identity, chainPoint(b), c)).toBeNull()
    expect(c.entry.parent).toBe(rawCid(b.bytes, sha256))
  })

  test('[X20] what is no entry inside, or sealed once more, is encoding', async () => {
    const [inner] = (await chainOf(alice, [note('a')])) as [SignedEntry]
    const bytes = sealed(inner)
    const codeOf = (inside: Uint8Array) => {
      const opened = decodeOpenedEntry(bytes, inside, sha256)
      return opened.ok ? 'ok' : opened.error.code
    }
    expect(codeOf(inner.bytes)).toBe('ok')
    expect(codeOf(bytes)).toBe('encoding')
    expect(codeOf(new Uint8Array(11_265))).toBe('too-large')
    for (let length = 0; length < inner.bytes.length; length++)
      expect(codeOf(inner.bytes.subarray(0, length))).toBe('encoding')
    expect(codeOf(utf8(`{"v":2,"x":1}\n${'A'.repeat(86)}`))).toBe('version')
    expect(decodeOpenedEntry(inner.bytes, inner.bytes, sha256).ok).toBe(false)
  })

  test('[X20] random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 400 }), (a, b) => {
        expect(decodeOpenedEntry(a, b, sha256).ok).toBe(false)
        expect(sealedKeyId(a)).toBeNull()
      }),
    )
  })
})

describe('payloads inside sealed entries', () => {
  const place = { sealed: true }
  const file = {
    blob: rawCid(utf8('blob'), sha256),
    mime: 'image/png',
    width: 1,
    height: 1,
    alt: '',
  }
  const secret = {
    key: encodeBase64url(new Uint8Array(32)),
    hash: encodeBase64url(new Uint8Array(32)),
    bytes: 1,
  }
  const codeOf = (payload: object, where: Parameters<typeof readPayload>[1] = place) => {
    const read = readPayload(JSON.stringify({ at: 1, ...payload }), where)
    return read.ok ? 'ok' : read.error.code
  }

  test('[X21] count as encrypted', () => {
    expect(codeOf({ type: 'private_note', text: 'a' })).toBe('ok')
    expect(codeOf({ type: 'private_note', text: 'a' }, {})).toBe('payload-clear')
  })

  test('[X21] name no file and no block that is in the clear', () => {
    expect(codeOf({ type: 'image', ...file })).toBe('payload-clear')
    expect(codeOf({ type: 'image', ...file, secret })).toBe('ok')
    expect(codeOf({ type: 'public_note', text: '', attachments: [{ type: 'image', ...file }] })).toBe(
      'payload-clear',
    )
    expect(codeOf({ type: 'public_note', text: '', attachments: [{ type: 'image', ...file, secret }] })).toBe(
      'ok',
    )
    const media = { kind: 'video', blob: file.blob, mime: 'video/mp4', bytes: 1, secret }
    expect(codeOf({ type: 'media', ...media })).toBe('ok')
    expect(codeOf({ type: 'media', ...media, poster: file.blob })).toBe('payload-clear')
    const salt = encodeBase64url(new Uint8Array(16))
    expect(codeOf({ type: 'public_note', text: 'a', salt }, { sealed: true, detached: true })).toBe(
      'payload-clear',
    )
  })
})
