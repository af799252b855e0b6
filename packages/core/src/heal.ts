/**
 * Healing: the branches of a fork become one chain under the next epoch (spec F12).
 * One pure function of what both hold, so that two healers write the same chain.
 *
 *     1 ─ 2 ─┬─ 3 ─ 5         1 ─ 2 ─ 3 ─ 4′ ─ 5′   (epoch + 1)
 *            └─ 3 ─ 4
 *
 * @module
 */
import type { SignedEntry } from './entry.ts'
import type { ChainPoint } from './feed.ts'
import { compareCids, type RawCid } from './names.ts'
import type { RebaseDraft, RebasePlan } from './rebase.ts'

/** An entry above the common prefix, and the content it carries. */
export interface BranchEntry {
  readonly signed: SignedEntry
  readonly content: RawCid
}

/** What to sign, and which entry of the branches each draft came from. */
export interface HealingPlan extends RebasePlan {
  readonly sources: readonly BranchEntry[]
}

/**
 * Plans the chain that heals a fork. `base` is the highest entry that all branches share, null when they share none;
 * `branches` are the entries above it, in any order. Of those with one content the one with the least comparable
 * stays, then the least CID. Null when there is nothing above the base.
 */
export function planHealing(
  base: ChainPoint | null,
  branches: Iterable<Iterable<BranchEntry>>,
): HealingPlan | null {
  const kept = new Map<RawCid, BranchEntry>()
  for (const branch of branches) {
    for (const one of branch) {
      const known = kept.get(one.content)
      if (known === undefined || compareSame(one, known) < 0) kept.set(one.content, one)
    }
  }
  const sources = [...kept.values()].sort(
    (a, b) => a.signed.entry.comparable - b.signed.entry.comparable || compareCids(a.content, b.content),
  )
  if (sources.length === 0) return null
  return { base, sources, drafts: sources.map(draftOf) }
}

const compareSame = (a: BranchEntry, b: BranchEntry): number =>
  a.signed.entry.comparable - b.signed.entry.comparable || compareCids(a.signed.cid, b.signed.cid)

function draftOf({ signed: { entry } }: BranchEntry): RebaseDraft {
  const { comparable, synod, links, payload, length } = entry
  return { comparable, synod, links, payload, oldLength: length }
}
