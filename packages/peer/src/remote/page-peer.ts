/**
 * The one peer of a browser as a page has it: how far it is, and the way in (spec O10).
 *
 *     starting ─▶ new ─device.create▶ open ◀─unlock─ locked        open ─the tab that had it went▶ starting ─▶ open
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Progress } from '@effigy/store'
import type { Continuity } from '../instance.ts'
import type { RemoteDevice } from './device.ts'
import type { RemotePeer } from './remote-peer.ts'

/** `memory`: all is gone when the last tab closes, and the person is told so. */
export type Persistence = 'durable' | 'memory'

/** What ends the page's own part for good. `version-newer`: another tab runs a newer version of this app. */
export const finalCodes = [
  'insecure-page',
  'page-refused',
  'port-malformed',
  'too-many-tabs',
  'version-newer',
  'worker-failed',
  'worker-hung',
  'worker-stopped',
] as const

export type FinalCode = (typeof finalCodes)[number]

export type PeerState =
  /** Also while another tab takes over; `progress` of what takes long: a migration, views that are made anew. */
  | {
      readonly type: 'starting'
      readonly progress: Progress | null
      /** Another tab has the data and does not answer: the person goes to it, or closes it. */
      readonly isSilent?: true
    }
  /** No device in this browser: `device.create`. */
  | { readonly type: 'new'; readonly storage: StorageFacts }
  /** `wrong`: passphrases that were tried since it was locked. */
  | { readonly type: 'locked'; readonly wrong: number }
  | {
      readonly type: 'open'
      readonly identity: Identity
      readonly storage: StorageFacts
      /** `absent` and `restored`: nothing may be written until others have shown that nothing is missing (S13). */
      readonly continuity: Continuity
      /** A lock is being turned on: this device may be revoked already, nobody took it out, and the next one is there soon (K16). */
      readonly isRenewing?: true
    }
  /** Of `finalCodes`, after which only loading the page again helps, or of what opens the data: `device.retry`. */
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'closed' }

export interface StorageFacts {
  readonly persistence: Persistence
  /** Why it is kept in memory only; null: it is not. */
  readonly reason: string | null
  /** The keys of a device are here and what it stored is not: the browser threw it away, or a person did. */
  readonly isGone: boolean
}

export interface PagePeer extends AsyncDisposable {
  readonly state: PeerState
  /** The state now and each later one, the newest alone to who reads slowly; until the signal. */
  states(signal: AbortSignal): AsyncIterable<PeerState>
  /** Null until it is open for the first time; from then on the same one, through all take-overs. */
  readonly peer: RemotePeer | null
  /** Resolves when it is open; rejects with `EffigyError` when it failed, with its code, and with 'closed'. */
  ready(signal: AbortSignal): Promise<RemotePeer>
  /**
   * Asks the browser never to throw the data away by itself; some ask the person. False: it may still do so. Ask when the
   * person has done something that is worth to be kept.
   */
  persist(): Promise<boolean>
  /** This browser as a device: before a peer is open, and for its vault and room. */
  readonly device: RemoteDevice
}
