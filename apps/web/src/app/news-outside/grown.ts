/**
 * What there is more of than before, and where it is to be read.
 *
 * @module
 */

export interface Counts {
  readonly notices: number
  /** Private ones that nobody has read. */
  readonly messages: number
  /** Strangers who ask to write. */
  readonly requests: number
}

export interface OutsideNews {
  readonly kind: keyof Counts
  readonly path: '/news' | '/talks'
}

const places: readonly OutsideNews[] = [
  { kind: 'notices', path: '/news' },
  { kind: 'messages', path: '/talks' },
  { kind: 'requests', path: '/talks' },
]

/** Null: what was there when the app began is nothing new. */
export function grown(before: Counts | null, now: Counts): readonly OutsideNews[] {
  return before === null ? [] : places.filter(({ kind }) => now[kind] > before[kind])
}
