/**
 * How much of a feed is here, of what its policy wants: counts that reach each other.
 *
 * @module
 */
import type { FeedState, Progress } from '@effigy/store'

/** `coming`: entries announced and not stored yet; null when nothing more is needed. */
export function feedProgress(state: FeedState, coming: number | null): Progress {
  const done = state.heldCount
  return { done, total: coming === null ? done : done + Math.max(coming, missing(state), 1) }
}

/** Entries that the policy wants and that are not here, as far as the head tells. */
function missing({ record, runs, policy }: FeedState): number {
  const length = record?.head.length ?? 0
  const { depth } = policy
  // How many entries a time holds, only the source knows: it says so with `feed {total}`.
  if (depth.type === 'since') return 0
  const first = depth.type === 'all' ? 1 : Math.max(1, length - depth.count + 1)
  let held = 0
  for (const run of runs) held += Math.max(0, Math.min(run.last, length) - Math.max(run.first, first) + 1)
  return Math.max(0, length - first + 1 - held)
}
