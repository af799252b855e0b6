import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { author, chainOf, note, sha256 } from '../test/world.ts'
import { type Entry, type SignedEntry, signEntry } from './entry.ts'
import { chainPoint, judgeLink } from './feed.ts'
import { type BranchEntry, planHealing } from './heal.ts'
import { rawCid } from './names.ts'
import { signRebase } from './rebase.ts'

const alice = author(1)
const common = await chainOf(alice, ['a', 'b'].map(note))
const base = chainPoint(common[1] as SignedEntry)

const withContent = (signed: SignedEntry): BranchEntry => ({
  signed,
  content: rawCid(new TextEncoder().encode(signed.entry.payload), sha256),
})

/** A branch above `common`: texts and how far each comparable is above the one before. */
async function branch(
  steps: readonly (readonly [text: string, step: number])[],
): Promise<readonly BranchEntry[]> {
  let below = base
  const entries: BranchEntry[] = []
  for (const [text, step] of steps) {
    const entry: Entry = {
      identity: alice.identity,
      parent: below.cid,
      length: below.length + 1,
      comparable: below.comparable + step,
      synod: null,
      links: [],
      payload: note(text),
    }
    const signed = await signEntry(entry, alice.signer, sha256)
    below = chainPoint(signed)
    entries.push(withContent(signed))
  }
  return entries
}

async function heal(...branches: readonly (readonly BranchEntry[])[]): Promise<readonly SignedEntry[]> {
  const plan = planHealing(base, branches)
  return plan === null ? [] : await Array.fromAsync(signRebase(plan, alice.signer, alice.identity, sha256))
}

const payloads = (entries: readonly SignedEntry[]) => entries.map(({ entry }) => entry.payload)

describe('[F12] healing', () => {
  test('puts the entries of both into the order of their comparables, each content once', async () => {
    const one = await branch([
      ['x', 1],
      ['same', 2],
      ['y', 10],
    ])
    const other = await branch([
      ['same', 2],
      ['z', 4],
    ])
    expect(payloads(await heal(one, other))).toEqual([note('x'), note('same'), note('z'), note('y')])
  })

  test('of nothing is nothing', () => expect(planHealing(base, [[], []])).toBe(null))

  test('is the same chain for every healer, sound, with every content of every branch', async () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom('p', 'q', 'r', 's', 't'), fc.integer({ min: 1, max: 3 })),
      {
        maxLength: 5,
      },
    )
    await fc.assert(
      fc.asyncProperty(steps, steps, steps, fc.boolean(), async (a, b, c, isTurned) => {
        const branches = await Promise.all([a, b, c].map(branch))
        const healed = await heal(...branches)
        const again = await heal(...(isTurned ? branches.toReversed() : [...branches, ...branches]))
        expect(again.map(({ cid }) => cid)).toEqual(healed.map(({ cid }) => cid))
        let below = base
        for (const entry of healed) {
          expect(judgeLink(alice.identity, below, entry)).toBe(null)
          below = chainPoint(entry)
        }
        const expected = new Set(branches.flat().map(({ signed }) => signed.entry.payload))
        expect(new Set(payloads(healed))).toEqual(expected)
        expect(healed).toHaveLength(expected.size)
      }),
      { numRuns: 60 },
    )
  })
})
