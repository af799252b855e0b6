/**
 * What administration sees of the hub.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Clock } from '@effigy/sync'
import type { HubConfig } from '../config/options.ts'
import type { HubPeer } from '../hub.ts'
import type { Joining } from '../joining/joining.ts'
import type { Members } from '../members.ts'
import type { Drain } from '../operating/drain.ts'
import type { Readiness } from '../readiness.ts'
import type { HubState } from '../state.ts'
import type { BackupShelf } from './backup-shelf.ts'
import type { Blocks } from './blocks.ts'
import type { Quotas } from './quotas.ts'
import type { Reports } from './reports.ts'
import type { AdminSessions } from './sessions.ts'
import type { TakeDownList } from './take-downs.ts'

export interface AdminPorts {
  readonly version: string
  readonly config: HubConfig
  /** To give to friends. */
  readonly address: () => string
  /** Throws as the store does. */
  readonly state: () => HubState
  readonly readiness: () => Readiness
  readonly peer: Pick<
    HubPeer,
    'identity' | 'store' | 'status' | 'traffic' | 'kept' | 'grant' | 'balance' | 'disconnect'
  >
  readonly members: Pick<Members, 'list' | 'has' | 'feedsOf'>
  readonly joining: Pick<Joining, 'invites' | 'aliases' | 'guests' | 'removeGuest' | 'invite'>
  readonly drain: Pick<Drain, 'isDraining' | 'begin' | 'end'>
  readonly blocks: Blocks
  readonly quotas: Quotas
  readonly takeDowns: TakeDownList
  readonly reports: Reports
  readonly shelf: BackupShelf
  readonly sessions: AdminSessions
  /** A link with that secret. */
  readonly linkOf: (secret: string) => string
  /** Of the hub and of who runs it: never turned away. */
  readonly isOwn: (identity: Identity) => boolean
  readonly clock: Pick<Clock, 'now'>
}
