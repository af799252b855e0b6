/**
 * Who may read what is written.
 *
 * @module
 */
import type { Identity } from '@effigy/core'

export type Audience =
  /** Everybody, or whoever may read this account where it is private. */
  | { readonly type: 'all' }
  | { readonly type: 'people'; readonly to: readonly Identity[] }
  | { readonly type: 'group'; readonly id: string }

export const everybody: Audience = { type: 'all' }

/** Of one conversation that is no group (P10). */
export const maxReaders = 16
