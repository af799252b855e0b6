/**
 * What a writing process tells over its pipe, a JSON line each, before it is killed.
 *
 *     opened ─▶ (begun ─▶ done)…  and `head` whenever others would have been told of a new one
 *
 * A line is written with one blocking call: what was told was told before anything that came later.
 *
 * @module
 */
import type { Cid, RawCid } from '@effigy/core'

/** Who starts it says where, and with what chance. */
export interface Order {
  readonly home: string
  readonly seed: string
  /** How many writers at once. */
  readonly writers: number
}

export type Operation = 'publish' | 'edit' | 'delete' | 'erase'

export type Event =
  | { readonly type: 'ready' }
  | { readonly type: 'opened' }
  /** From here on the operation may have happened, or not. */
  | {
      readonly type: 'begun'
      readonly id: number
      readonly operation: Operation
      readonly targets: readonly RawCid[]
    }
  /** Acknowledged. `content`: the new one, of a publish or an edit. */
  | {
      readonly type: 'done'
      readonly id: number
      readonly content: RawCid | null
      readonly file: FileFacts | null
      /** Told that it could not be: nothing has changed. */
      readonly refused: boolean
    }
  /** A head that is announced: compact form, base64url. */
  | { readonly type: 'head'; readonly record: string }
  /** Something threw that should not have. */
  | { readonly type: 'failed'; readonly what: string }

export interface FileFacts {
  readonly root: Cid
  readonly size: number
  /** SHA-256 of the whole, hex. */
  readonly hash: string
}
