/**
 * What the parts of `peer.drops` are given by the peer.
 *
 * @module
 */
import type { Identity, RandomBytes, Signer } from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import type { SeenDrops, Store, TakenDrops } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import type { Circle } from '../account/circle.ts'
import type { OwnAccount } from '../account/own-account.ts'
import type { Connection, Peer } from '../peer.ts'

export interface DropPorts {
  readonly store: Pick<Store, 'synods' | 'profile' | 'takenDrops' | 'seenDrops'>
  readonly crypto: Crypto
  readonly signer: Signer
  readonly identity: Identity
  readonly own: Pick<OwnAccount, 'authority' | 'standing'>
  readonly circle: Pick<Circle, 'followed' | 'blocked'>
  /** What opens a drop: this device's box key, and recovery keys whose words were typed. */
  readonly keys: () => readonly AgreementKey[]
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  /** Who is connected, serves us a drop box, and was chosen, is an own device or a friend. */
  readonly boxes: () => readonly Identity[]
  /** Whether it is one of them. */
  readonly isBox: (other: Identity) => boolean
  readonly isConnected: (identity: Identity) => boolean
  readonly call: Peer['call']
  /** Dials somebody for a while, who is nobody chosen. */
  readonly dial: (address: string) => Connection
  /** The peer is closed. */
  readonly signal: AbortSignal
}

/** Where taken drops wait, and what is remembered of them. */
export interface DropTables {
  readonly taken: TakenDrops
  readonly seen: SeenDrops
}
