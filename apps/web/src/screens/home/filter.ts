/**
 * What Home shows: chosen by a person, and the same when they come back.
 *
 * @module
 */
import { useSyncExternalStore } from 'react'

export interface HomeFilter {
  /** Also of friends' friends. */
  readonly hops: boolean
  readonly comments: boolean
  /** Null: whatever its tags. */
  readonly tag: string | null
}

/** Items that are asked for at once. */
export const homePageSize = 100

const storageKey = 'effigy-home'
const listeners = new Set<() => void>()
let now: HomeFilter = read()

export function useHomeFilter(): readonly [HomeFilter, (changes: Partial<HomeFilter>) => void] {
  return [useSyncExternalStore(subscribe, () => now), change]
}

/** As the timeline asks for it. */
export function timelineFilter({ hops, comments, tag }: HomeFilter) {
  return { ...(hops ? { hops } : {}), ...(comments ? { comments } : {}), ...(tag === null ? {} : { tag }) }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function change(changes: Partial<HomeFilter>): void {
  now = { ...now, ...changes }
  localStorage.setItem(storageKey, JSON.stringify(now))
  for (const tell of listeners) tell()
}

function read(): HomeFilter {
  const plain = { hops: false, comments: false, tag: null }
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null')
    if (typeof value !== 'object' || value === null) return plain
    const { hops, comments, tag } = value as Partial<Record<keyof HomeFilter, unknown>>
    return { hops: hops === true, comments: comments === true, tag: typeof tag === 'string' ? tag : null }
  } catch {
    return plain
  }
}
