/**
 * Administration of a hub, put together.
 *
 *     key, records ─▶ gate, sessions, take-downs, reports ─▶ operations ─▶ /admin/…, and the socket in the home
 *                                        └─▶ the service `moderation` of members
 *
 * @module
 */
import type { Identity, RandomBytes } from '@effigy/core'
import type { TakeDowns } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import type { Backups } from '../backup/backups.ts'
import type { Answer } from '../http/answer.ts'
import type { Asked } from '../http/asked.ts'
import { adminPath } from '../http/routes.ts'
import type { HubPeer } from '../hub.ts'
import type { HubStore } from '../ports/hub-store.ts'
import { createBackupShelf } from './backup-shelf.ts'
import { createGate } from './gate.ts'
import { createModeration } from './moderation.ts'
import { operations } from './operations.ts'
import type { AdminPorts } from './ports.ts'
import { openReports } from './reports.ts'
import { createAdminRoutes } from './routes.ts'
import { createAdminSessions } from './sessions.ts'
import { openTakeDowns } from './take-downs.ts'

export interface Administration extends Disposable {
  /** Everything below `/admin/`. */
  answer(asked: Asked): Promise<Answer>
  /** A one-time link; null: there are too many that nobody used. */
  createLink(): Promise<string | null>
}

export interface AdministrationDeps
  extends Omit<
    AdminPorts,
    'peer' | 'shelf' | 'takeDowns' | 'reports' | 'sessions' | 'linkOf' | 'isOwn' | 'clock'
  > {
  readonly key: Uint8Array
  readonly peer: AdminPorts['peer'] & Pick<HubPeer, 'serve'>
  readonly records: HubStore
  /** Whoever may have made their name to report. */
  readonly isNewcomer: (identity: Identity) => boolean
  readonly backups: Pick<Backups, 'isRunning' | 'write'>
  /** Of the hub as people reach it: `https://hub.example`. */
  readonly origin: () => string
  /** What a person sees who opens a link. */
  readonly page: (asked: Asked) => Answer
  readonly random: RandomBytes
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/** Rejects as the records do. Dispose it: members may not report any more. */
export async function openAdministration(deps: AdministrationDeps): Promise<Administration> {
  const { key, peer, records, isNewcomer, origin, clock, log, random, signal } = deps
  const sessions = createAdminSessions({ records: records.bucket('admin'), clock, random })
  const takeDowns = await openTakeDowns({ records, store: peer.store.takeDowns ?? none, log, signal })
  const reports = await openReports({ isNewcomer, records, clock, log, signal })
  const linkOf = (secret: string): string => `${origin()}${adminPath}#${secret}`
  const isOwn = (identity: Identity): boolean => identity === peer.identity
  const hosts = (): readonly string[] => [new URL(origin()).hostname]
  const gate = createGate({ key, sessions, clock, log, hosts })
  const shelf = createBackupShelf({ ...deps, home: deps.config.home })
  const ports: AdminPorts = { ...deps, shelf, takeDowns, reports, sessions, linkOf, isOwn }
  const answer = createAdminRoutes({ operations, ports, gate, sessions, log, page: deps.page })
  const served = peer.serve(createModeration({ reports, takeDowns, clock }))
  return {
    answer,
    async createLink() {
      const secret = await sessions.createLink()
      return secret === null ? null : linkOf(secret)
    },
    [Symbol.dispose]: () => served[Symbol.dispose](),
  }
}

/** Of a store that takes nothing down. */
const none: TakeDowns = { add() {}, remove: () => false, has: () => false }
