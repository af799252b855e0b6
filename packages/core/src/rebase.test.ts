import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { author, chainOf, note, sha256 } from '../test/world.ts'
import type { SignedEntry } from './entry.ts'
import { chainPoint, judgeLink } from './feed.ts'
import type { RawCid } from './names.ts'
import { planRebase, type RebaseEdit, signRebase } from './rebase.ts'

const alice = author(1)
const nothing = '{"type":"void","at":1}'
const chain = await chainOf(alice, ['a', 'b', 'c', 'd'].map(note))

async function rebase(edits: ReadonlyMap<RawCid, RebaseEdit>): Promise<readonly SignedEntry[]> {
  const plan = planRebase(chain, edits, nothing)
  if (plan === null) return chain
  const kept = chain.slice(0, plan.base?.length ?? 0)
  return [...kept, ...(await Array.fromAsync(signRebase(plan, alice.signer, alice.identity, sha256)))]
}

describe('[F10] rebase', () => {
  test('of nothing is no rebase', () => {
    expect(planRebase(chain, new Map(), nothing)).toBe(null)
    expect(planRebase([], new Map(), nothing)).toBe(null)
  })

  test('keeps what is below the change as it is', async () => {
    const rewritten = await rebase(new Map([[chain[2]!.cid, { type: 'delete' }]]))
    expect(rewritten.slice(0, 2)).toEqual(chain.slice(0, 2))
    expect(rewritten.map(({ entry }) => entry.payload)).toEqual([note('a'), note('b'), note('d')])
  })

  test('of everything leaves one void entry', async () => {
    const rewritten = await rebase(new Map(chain.map(({ cid }) => [cid, { type: 'delete' }])))
    expect(rewritten.map(({ entry }) => entry.payload)).toEqual([nothing])
  })

  test('tells which entries are unchanged, so that they can cross as signatures', () => {
    const plan = planRebase(
      chain,
      new Map([[chain[1]!.cid, { type: 'replace', payload: note('B'), links: [] }]]),
      nothing,
    )
    expect(plan?.drafts.map(({ oldLength }) => oldLength)).toEqual([null, 3, 4])
  })

  test('always gives a sound chain with the payloads that stay, in their order', async () => {
    const edit = fc.constantFrom<RebaseEdit | null>(
      null,
      { type: 'delete' },
      { type: 'replace', payload: note('new'), links: [] },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 4, maxLength: 4 }), async (choices) => {
        const edits = new Map(
          chain.flatMap(({ cid }, index) => (choices[index] ? [[cid, choices[index]] as const] : [])),
        )
        const rewritten = await rebase(edits)
        let below: SignedEntry | null = null
        for (const entry of rewritten) {
          expect(judgeLink(alice.identity, below && chainPoint(below), entry)).toBe(null)
          below = entry
        }
        const expected = chain.flatMap(({ entry }, index) => {
          const choice = choices[index]
          return choice?.type === 'delete'
            ? []
            : [choice?.type === 'replace' ? choice.payload : entry.payload]
        })
        expect(rewritten.map(({ entry }) => entry.payload)).toEqual(
          expected.length === 0 ? [nothing] : expected,
        )
      }),
      { numRuns: 40 },
    )
  })
})
