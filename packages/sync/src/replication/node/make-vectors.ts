/**
 * Writes `spec/vectors/batch.json`: `node packages/sync/src/replication/node/make-vectors.ts`.
 *
 * Always the same file: chance is seeded. The test compares it with what is committed.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dagCidOfDigest, type Entry, parseUtf8, rawCid, utf8 } from '@effigy/core'
import type { ServedEntry } from '@effigy/store'
import { createRandom } from '@effigy/testkit'
import { type BatchOptions, encodeBatch } from '../batch.ts'
import { type EntryPlan, fixtureChain, fixtureIdentity } from '../feed-fixture.ts'

export interface BatchVector {
  readonly name: string
  readonly identity: string
  /** Header fields, and the CID that the newest entry must have. */
  readonly first: number
  readonly count: number
  readonly top: string
  /** Hex. */
  readonly batch: string
  /** Entries of the old chain by position, as texts, for bit 6. */
  readonly old: Readonly<Record<string, string>>
  /** The rebuilt entries and bodies as texts; null where the batch is refused. */
  readonly entries: readonly string[] | null
  readonly bodies: readonly string[] | null
}

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

export function makeBatchVectors(): readonly BatchVector[] {
  const random = createRandom('spec/vectors/batch.json')
  const identity = fixtureIdentity(random)
  const synod: Entry['synod'] = [fixtureIdentity(random), rawCid(utf8('synod'), sha256)]
  const picture = dagCidOfDigest(sha256(utf8('picture')))
  const plans: EntryPlan[] = [
    { text: '{"type":"follow"}', step: 1_800_000_000_000 },
    { text: 'one step above', synod },
    { text: 'same synod, “quotes”, \\ and \u0001', synod, step: 77 },
    { text: '{"type":"image"}', links: [[picture, 300_000]], step: 40_000 },
    { text: '{"type":"public_note","text":"along"}', detached: true, synod },
    { text: '{"type":"public_note","text":"apart"}', detached: true, withBody: false, links: [[picture, 1]] },
  ]
  const chain = fixtureChain(random, sha256, identity, plans)
  const upper = chain.slice(3)

  const accept = (name: string, served: readonly ServedEntry[], options: BatchOptions = {}): BatchVector => ({
    name,
    identity,
    first: served[0]?.entry.entry.length ?? 0,
    count: served.length,
    top: served.at(-1)?.entry.cid ?? '',
    batch: hex(encodeBatch(served, options).bytes),
    old: {},
    entries: served.map(({ entry }) => text(entry.bytes)),
    bodies: options.verbatim
      ? []
      : served.flatMap(({ body }) => (body === null || options.bodies === false ? [] : [text(body)])),
  })
  const refuse = (name: string, vector: BatchVector, change: Partial<BatchVector>): BatchVector => ({
    ...vector,
    ...change,
    name,
    entries: null,
    bodies: null,
  })

  const whole = accept('from the first entry', chain)
  const above = accept('from the middle', upper)
  // Two entries were taken out; the others keep their comparables.
  const gap = plans.slice(1, 4).reduce((sum, { step = 1 }) => sum + step, 0)
  const movedPlans = plans.slice(3).map((plan, index) => (index === 0 ? { ...plan, step: gap } : plan))
  const moved = fixtureChain(random, sha256, identity, movedPlans, chain[0]?.entry)
  const olds = { '4': chain[3], '5': chain[4], '6': chain[5] }
  const old = Object.fromEntries(
    Object.entries(olds).map(([at, one]) => [at, one ? text(one.entry.bytes) : '']),
  )
  const positionOf = ({ length }: Entry) => ({
    length: length + 2,
    comparable: chain[length + 1]?.entry.entry.comparable ?? 0,
  })
  const movedVector = { ...accept('moved by a rebase', moved, { old: positionOf, bodies: false }), old }
  return [
    whole,
    above,
    accept('without bodies', chain, { bodies: false }),
    accept('verbatim', upper, { verbatim: true }),
    movedVector,
    refuse('moved, without the old chain', movedVector, { old: {} }),
    refuse('another top', above, { top: chain[0]?.entry.cid ?? '' }),
    refuse('another place', above, { first: 5 }),
    refuse('one entry less than announced', above, { count: 2 }),
    refuse('one entry more than announced', above, { count: 4 }),
    refuse('a byte too many', above, { batch: `${above.batch}00` }),
    refuse('a byte missing', above, { batch: above.batch.slice(0, -2) }),
    refuse('flag bit 7', whole, { batch: whole.batch.replace(/^(?<at>.{12})00/, '$<at>80') }),
    refuse('a number longer than it need be', whole, { batch: whole.batch.replace(/^(.{10})(..)/, longer) }),
  ]
}

/** The last byte of a varint with one more that is zero. */
function longer(_match: string, start: string, last: string): string {
  return `${start}${(Number.parseInt(last, 16) | 0x80).toString(16)}00`
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function text(bytes: Uint8Array): string {
  const value = parseUtf8(bytes)
  if (value === null) throw new TypeError('not UTF-8')
  return value
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL('../../../../../spec/vectors/batch.json', import.meta.url)
  writeFileSync(file, `${JSON.stringify(makeBatchVectors(), null, 2)}\n`)
}
