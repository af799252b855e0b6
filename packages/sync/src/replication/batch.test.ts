import { createHash } from 'node:crypto'
import {
  type Cid,
  dagCidOfDigest,
  type Entry,
  type Link,
  type RawCid,
  rawCid,
  type SignedEntry,
  signRebase,
  utf8,
  writeRecord,
} from '@effigy/core'
import type { ServedEntry } from '@effigy/store'
import { createRandom } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BatchOptions, encodeBatch, maxBatchBytes, maxBodyBytes } from './batch.ts'
import { type EntryPlan, fixtureChain, fixtureIdentity, notePlans } from './feed-fixture.ts'
import { type ExpectedBatch, rebuildBatch } from './rebuild.ts'

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())
const random = createRandom('batches')
const identity = fixtureIdentity(random)
const other = fixtureIdentity(random)
const someCid = rawCid(utf8('some'), sha256)
const dagCid = dagCidOfDigest(sha256(utf8('dag')))

const encodedBatch = (chain: readonly ServedEntry[], options: BatchOptions = {}) =>
  encodeBatch(chain, options).bytes

const make = (plans: readonly EntryPlan[], below: SignedEntry | null = null) =>
  fixtureChain(random, sha256, identity, plans, below)

const expectedOf = (chain: readonly ServedEntry[]): ExpectedBatch => ({
  identity,
  first: chain[0]!.entry.entry.length,
  count: chain.length,
  top: chain.at(-1)!.entry.cid,
  sha256,
})

const bytesOf = (entries: readonly { readonly bytes: Uint8Array }[]) => entries.map(({ bytes }) => bytes)

function rebuilt(chain: readonly ServedEntry[], bytes = encodedBatch(chain)) {
  const result = rebuildBatch(bytes, expectedOf(chain))
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

const codeOf = (bytes: Uint8Array, expected: ExpectedBatch): string => {
  const result = rebuildBatch(bytes, expected)
  return result.ok ? 'ok' : result.error.code
}

const plan: fc.Arbitrary<EntryPlan> = fc.record(
  {
    text: fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('', '\u0000"\\\u2028\ufeff', someCid),
    ),
    detached: fc.boolean(),
    withBody: fc.boolean(),
    links: fc.array(fc.tuple(fc.constantFrom<Cid>(someCid, dagCid), fc.maxSafeNat()), { maxLength: 3 }),
    synod: fc.constantFrom<Entry['synod']>(null, [other, someCid], [identity, someCid]),
    step: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 ** 40 })),
  },
  { requiredKeys: ['text'] },
)
const plans = fc.array(plan, { minLength: 1, maxLength: 12 })

describe('the round trip', () => {
  test('[R5] what was encoded is rebuilt to the byte, with its bodies', () => {
    fc.assert(
      fc.property(plans, plans, fc.boolean(), (older, newer, fromTheStart) => {
        const below = make(older)
        const chain = make(newer, fromTheStart ? null : below.at(-1)!.entry)
        const { entries, bodies, parent, rebuiltBytes } = rebuilt(chain)
        expect(entries).toEqual(chain.map(({ entry }) => entry))
        expect(parent).toBe(chain[0]!.entry.entry.parent)
        const sent = chain.filter(({ body }) => body !== null)
        expect(new Set(bodies.keys())).toEqual(new Set(sent.map(({ entry }) => entry.entry.payload)))
        const bodyBytes = sent.reduce((sum, { body }) => sum + body!.length, 0)
        expect(rebuiltBytes).toBe(encodeBatch(chain).rebuiltBytes)
        expect(rebuiltBytes).toBe(bodyBytes + entries.reduce((sum, { bytes }) => sum + bytes.length, 0))
      }),
    )
  })

  test('[R5] the same without bodies and verbatim', () => {
    fc.assert(
      fc.property(plans, (chosen) => {
        const chain = make(chosen)
        for (const options of [{ bodies: false }, { verbatim: true }]) {
          const { entries, bodies } = rebuilt(chain, encodedBatch(chain, options))
          expect(bytesOf(entries)).toEqual(bytesOf(chain.map(({ entry }) => entry)))
          expect(bodies.size).toBe(0)
        }
      }),
    )
  })

  test('[R5] an entry of usual notes costs at most 85 bytes over its payload', () => {
    const chain = make(notePlans(random, 500))
    const payloads = chain.reduce(
      (sum, { entry, body }) => sum + (body ?? utf8(entry.entry.payload)).length,
      0,
    )
    expect((encodedBatch(chain).length - payloads) / chain.length).toBeLessThanOrEqual(85)
  })

  test('[R5] a link with another size than the body, or a large body, travels without it', () => {
    const text = 'x'.repeat(maxBodyBytes + 1)
    const large = make([{ text, detached: true }])
    expect(rebuilt(large).bodies.size).toBe(0)
    const [honest] = make([{ text: 'y', detached: true }])
    const entry = { ...honest!.entry.entry, links: [[honest!.entry.entry.payload as RawCid, 99] as Link] }
    const lying = fixtureOf(entry)
    expect(rebuilt([{ entry: lying, body: utf8('y') }]).entries[0]!.bytes).toEqual(lying.bytes)
  })
})

function fixtureOf(entry: Entry): SignedEntry {
  const json = JSON.stringify({
    v: 1,
    identity: entry.identity,
    parent: entry.parent,
    length: entry.length,
    comparable: entry.comparable,
    synod: entry.synod,
    links: entry.links,
    payload: entry.payload,
  })
  const signature = random.bytes(64)
  const bytes = writeRecord(json, signature)
  return { cid: rawCid(bytes, sha256), bytes, entry, signature }
}

describe('entries that only moved (bit 6)', () => {
  const old = make([
    ...notePlans(random, 6),
    { text: 'with all', links: [[dagCid, 7]], synod: [other, someCid], step: 5 },
    ...notePlans(random, 3),
  ])
  const oldEntry = (length: number) => old[length - 1]?.entry.entry ?? null

  /** The chain without entry 3, as a rebase writes it, and where each entry was. */
  async function rebased() {
    const drafts = old.slice(3).map(({ entry: { entry } }) => ({ ...entry, oldLength: entry.length }))
    const base = { cid: old[1]!.entry.cid, length: 2, comparable: old[1]!.entry.entry.comparable }
    const signer = { publicKey: random.bytes(32), signBytes: async () => random.bytes(64) }
    const chain: ServedEntry[] = []
    for await (const entry of signRebase({ base, drafts }, signer, identity, sha256))
      chain.push({ entry, body: null })
    return chain
  }
  const positionOf = (entry: Entry) => ({
    length: entry.length + 1,
    comparable: oldEntry(entry.length + 1)!.comparable,
  })

  test('[R5] they cost a signature and their old position', async () => {
    const chain = await rebased()
    const bytes = encodedBatch(chain, { old: positionOf })
    expect(bytes.length).toBeLessThanOrEqual(44 + chain.length * 67)
    const result = rebuildBatch(bytes, { ...expectedOf(chain), oldEntry })
    expect(result.ok && bytesOf(result.value.entries)).toEqual(bytesOf(chain.map(({ entry }) => entry)))
  })

  test('[R5] a comparable that the rebase rule does not give is written out', async () => {
    const chain = await rebased()
    const bytes = encodedBatch(chain, { old: (entry) => ({ length: entry.length + 1, comparable: 1 }) })
    // The receiver's old entries say otherwise, so a sender that relies on that is noticed.
    expect(codeOf(bytes, { ...expectedOf(chain), oldEntry })).toBe('ok')
    const [first, second] = make([
      { text: 'a', step: 100 },
      { text: 'b', step: 7 },
    ])
    const moved = encodedBatch([first!, second!], { old: ({ length }) => ({ length, comparable: 1000 }) })
    const olds = [first!, second!].map(({ entry }) => ({ ...entry.entry, comparable: 1000 }))
    expect(codeOf(moved, { ...expectedOf([first!, second!]), oldEntry: (at) => olds[at - 1] ?? null })).toBe(
      'ok',
    )
  })

  test('[R6] without the old entry the batch fails, and says so', async () => {
    const chain = await rebased()
    const bytes = encodedBatch(chain, { old: positionOf })
    expect(codeOf(bytes, expectedOf(chain))).toBe('batch-old')
    expect(codeOf(bytes, { ...expectedOf(chain), oldEntry: (length) => oldEntry(length - 1) })).toBe(
      'batch-hash',
    )
  })
})

describe('hostile batches', () => {
  const chain = make([
    ...notePlans(random, 4),
    { text: '"', links: [[dagCid, 300]], synod: [other, someCid] },
  ])
  const bytes = encodedBatch(chain)
  const expected = expectedOf(chain)

  test('[R6] [T1] truncated at any length it is refused', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(bytes.subarray(0, length), expected), `${length} bytes`).not.toBe('ok')
    }
    expect(codeOf(Uint8Array.of(...bytes, 0), expected)).toBe('batch-encoding')
  })

  test('[R6] [T1] with any bit flipped it is refused or gives the same chain', () => {
    for (const one of [bytes, encodedBatch(chain, { verbatim: true })]) {
      for (let bit = 0; bit < one.length * 8; bit++) {
        const flipped = one.slice()
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        const result = rebuildBatch(flipped, expected)
        if (result.ok) expect(bytesOf(result.value.entries)).toEqual(bytesOf(chain.map(({ entry }) => entry)))
      }
    }
  })

  test('[R6] [T1] for another top, identity, place or count it is refused', () => {
    expect(codeOf(bytes, { ...expected, top: someCid })).toBe('batch-hash')
    expect(codeOf(bytes, { ...expected, identity: other })).toBe('batch-hash')
    for (const first of [0, -1, 0.5, 2, Number.MAX_SAFE_INTEGER]) {
      expect(codeOf(bytes, { ...expected, first })).not.toBe('ok')
    }
    for (const count of [0, 4, 6, 2 ** 32]) expect(codeOf(bytes, { ...expected, count })).not.toBe('ok')
  })

  test('[R6] random bytes never throw and never pass', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 4000 }), (noise, first) => {
        expect(codeOf(noise, { ...expected, first, count: 1 + (first % 9) })).not.toBe('ok')
      }),
    )
  })

  test('[T29] false lengths cost nothing', () => {
    const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]
    for (const flags of [1, 2, 4, 8, 12, 24, 32, 64, 96]) {
      expect(codeOf(Uint8Array.of(1, flags, ...huge, ...huge), { ...expected, first: 1 })).not.toBe('ok')
    }
    expect(codeOf(Uint8Array.of(1, 0, ...new Uint8Array(64), ...huge), expected)).toBe('batch-encoding')
  })

  test('[T29] small entries that rebuild large are dropped at the first byte over the limit', () => {
    const old: Entry = { ...chain[0]!.entry.entry, payload: 'x'.repeat(14_000) }
    let asked = 0
    const oldEntry = () => {
      asked++
      return old
    }
    const bomb = new Uint8Array(1 + 2048 * 66)
    bomb[0] = 1
    for (let at = 1; at < bomb.length; at += 66) bomb.set([64, 1], at)
    expect(codeOf(bomb, { ...expected, first: 1, count: 2048, oldEntry })).toBe('batch-limit')
    expect(asked).toBeLessThanOrEqual(Math.ceil(maxBatchBytes / 14_000))
    expect(codeOf(bomb, { ...expected, first: 1, count: 2049, oldEntry })).toBe('batch-limit')
  })

  test('[E1] an entry over the limit of entries is refused', () => {
    const control = '\u0001'.repeat(15_000)
    const body = Uint8Array.of(1, 0, ...new Uint8Array(64), 0x98, 0x75, ...utf8(control))
    expect(codeOf(body, { ...expected, first: 1, count: 1 })).toBe('batch-encoding')
  })
})

describe('a feed that breaks a rule', () => {
  test('[F7] what the head commits to goes to the store, which judges and remembers it', () => {
    const [first] = make([{ text: 'a', step: 10 }])
    const wrong = fixtureOf({ ...first!.entry.entry, parent: first!.entry.cid, length: 2, comparable: 10 })
    const above = make([{ text: 'c' }], wrong)
    const served = [first!, { entry: wrong, body: null }, ...above]
    const bytes = encodedBatch(served, { verbatim: true })
    const result = rebuildBatch(bytes, { ...expectedOf(served), first: 1 })
    expect(result.ok && result.value.entries).toEqual(served.map(({ entry }) => entry))
    expect(codeOf(bytes, { ...expectedOf(served), top: someCid })).toBe('batch-hash')
  })

  test('[F7] an entry that cannot be read is the feed’s fault too', () => {
    const junk = utf8('junk')
    const cid = rawCid(junk, sha256)
    const above = fixtureOf({ ...make([{ text: 'c' }])[0]!.entry.entry, parent: cid, length: 2 })
    const bytes = Uint8Array.of(
      5,
      1,
      4,
      ...junk,
      1,
      (above.bytes.length & 0x7f) | 0x80,
      above.bytes.length >> 7,
      ...above.bytes,
    )
    expect(rebuildBatch(bytes, { identity, first: 1, count: 2, top: above.cid, sha256 })).toEqual({
      ok: false,
      error: { code: 'feed', rule: 'encoding', cid, length: 1 },
    })
  })

  test('[E9] a sealed entry ends the reading and is nobody’s fault, whatever stands above it', () => {
    const zeros = 'A'.repeat(454)
    const sealed = utf8(`{"v":1,"sealed":"${'A'.repeat(22)}","box":"${zeros}"}`)
    const cid = rawCid(sealed, sha256)
    const size = [(sealed.length & 0x7f) | 0x80, sealed.length >> 7]
    const alone = Uint8Array.of(5, 1, ...size, ...sealed)
    expect(codeOf(alone, { identity, first: 1, count: 1, top: cid, sha256 })).toBe('sealed')
    const above = fixtureOf({ ...make([{ text: 'c' }])[0]!.entry.entry, parent: cid, length: 2 })
    const aboveSize = [(above.bytes.length & 0x7f) | 0x80, above.bytes.length >> 7]
    const both = Uint8Array.of(...alone, 1, ...aboveSize, ...above.bytes)
    expect(codeOf(both, { identity, first: 1, count: 2, top: above.cid, sha256 })).toBe('sealed')
    const torn = alone.with(alone.length - 1, 0x20)
    const tornCid = rawCid(torn.subarray(4), sha256)
    expect(codeOf(torn, { identity, first: 1, count: 1, top: tornCid, sha256 })).toBe('feed')
  })

  test('[E3] a later version ends the reading and is nobody’s fault', () => {
    const later = writeRecord(`{"v":2,"anything":"${'x'.repeat(40)}"}`, random.bytes(64))
    const bytes = Uint8Array.of(5, 1, (later.length & 0x7f) | 0x80, later.length >> 7, ...later)
    expect(codeOf(bytes, { identity, first: 1, count: 1, top: rawCid(later, sha256), sha256 })).toBe(
      'version',
    )
  })
})
