/**
 * What the parts of `peer.leases` are given by the peer.
 *
 * @module
 */
import type { Identity, RandomBytes } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import type { OwnState } from '../own/state.ts'
import type { Peer } from '../peer.ts'

export interface LeasePorts {
  readonly store: Store
  readonly crypto: Crypto
  readonly identity: Identity
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly isOwn: (identity: Identity) => boolean
  /** What own devices share; asked late. */
  readonly state: () => Pick<OwnState, 'value' | 'values' | 'set'>
  /** Who is connected, leases to us, and was chosen, is an own device or a friend. */
  readonly holders: () => readonly Identity[]
  /** Whether it is one of them. */
  readonly isHolder: (other: Identity) => boolean
  readonly call: Peer['call']
  /** On a metered line or a battery nothing is asked after by itself. */
  readonly isSaving: () => boolean
  /** Promises, or who may be asked for some, changed: no entry or view did. */
  readonly onChange: () => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

/** Ms. */
export const hourMs: number = 60 * 60 * 1000
export const dayMs: number = 24 * hourMs
