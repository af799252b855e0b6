/**
 * A page of a chain with the forks of its epoch where they leave it.
 *
 *     entries, newest first + forks of now ─▶ entry, entry, fork, entry …          forks of epochs before ─▶ by epoch
 *
 * @module
 */
import type { InspectedFeed, InspectedLine } from '@effigy/peer'

export type Fork = InspectedFeed['forks'][number]

export type ChainPart =
  | { readonly type: 'entry'; readonly line: InspectedLine }
  | { readonly type: 'fork'; readonly fork: Fork }

export interface ChainPage {
  /** Newest first. */
  readonly entries: readonly InspectedLine[]
  /** No entry is above these, and below them none. */
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** Of a fork is known up to where all sides agree while it is disputed; afterwards that they differ at its length at the latest. */
export function chainParts(page: ChainPage, feed: InspectedFeed | null): readonly ChainPart[] {
  const { entries, isFirst, isLast } = page
  const top = isFirst ? Number.POSITIVE_INFINITY : (entries[0]?.length ?? 0)
  const leaving = forksOf(feed, feed?.head?.epoch ?? 0)
    .map((fork) => ({ fork, above: feed?.disputedAbove ?? fork.length - 1 }))
    .filter(({ above }) => above <= top)
  const parts: ChainPart[] = []
  let above = top
  const add = (down: number): void => {
    for (const one of leaving)
      if (one.above >= down && one.above <= above) parts.push({ type: 'fork', fork: one.fork })
    above = down - 1
  }
  for (const line of entries) {
    add(line.length)
    parts.push({ type: 'entry', line })
  }
  if (isLast) add(0)
  return parts
}

/** Epochs that were given up and of which forks are known, the newest first. */
export function epochsBefore(feed: InspectedFeed | null): readonly number[] {
  const now = feed?.head?.epoch ?? 0
  const epochs = new Set((feed?.forks ?? []).map(({ epoch }) => epoch).filter((epoch) => epoch < now))
  return [...epochs].sort((a, b) => b - a)
}

export function forksOf(feed: InspectedFeed | null, epoch: number): readonly Fork[] {
  return (feed?.forks ?? []).filter((fork) => fork.epoch === epoch)
}
