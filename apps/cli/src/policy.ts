/**
 * How much of a feed is wanted, as people type it.
 *
 *     --last 100 │ --since 2026-01-31     --blobs all │ none │ 10M     ─▶ WatchPolicy
 *
 * @module
 */

import type { WatchPolicy } from '@effigy/store'
import { InvalidArgumentError } from 'commander'
import { errorWords } from './messages/index.ts'

export interface PolicyOptions {
  readonly last?: number
  /** Ms. */
  readonly since?: number
  readonly blobs?: WatchPolicy['blobs']
}

/** What was said, and the rest as it was. */
export function policyWith(options: PolicyOptions, before: WatchPolicy): WatchPolicy {
  return { depth: depthOf(options) ?? before.depth, blobs: options.blobs ?? before.blobs }
}

/** Null when nothing was said of it. */
export function depthOf({ last, since }: PolicyOptions): WatchPolicy['depth'] | null {
  if (last !== undefined) return { type: 'last', count: last }
  return since === undefined ? null : { type: 'since', comparable: since }
}

/** A day or a time, as ms; a day begins at midnight UTC. */
export function parseDate(typed: string): number {
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/.test(typed)
  const time = isDate ? Date.parse(typed) : Number.NaN
  if (Number.isFinite(time) && time >= 1) return time
  throw new InvalidArgumentError(errorWords.badDate)
}

const units: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }

/** `all`, `none`, or bytes that a file has at most: `300K`, `10M`, `1G`. */
export function parseBlobs(typed: string): WatchPolicy['blobs'] {
  if (typed === 'all' || typed === 'none') return { type: typed }
  const match = /^(\d{1,9})([KMG]?)(?:i?B)?$/i.exec(typed)
  const bytes = Number(match?.[1]) * (units[match?.[2]?.toUpperCase() ?? ''] ?? Number.NaN)
  if (Number.isSafeInteger(bytes) && bytes > 0) return { type: 'up-to', bytes }
  throw new InvalidArgumentError(errorWords.badBlobs)
}
