/**
 * What a browser loads when it is first needed (decision 0022).
 *
 * @module
 */
import { EffigyError, loadPart } from '@effigy/core'
import type { SignalHub } from '@effigy/sync'
import type {
  ApproachParts,
  Backup,
  Moving,
  Rewriting,
  RoomParts,
  ServeDrops,
  ServeLeases,
  Sharing,
  TakeBackup,
  Words,
} from '../later.ts'
import type { SignallingOptions } from '../reach.ts'

/** No browser is a hub: the hub's half of signalling and relaying is not there at all. */
export function openExchange(options: SignallingOptions | undefined): SignalHub | null {
  if (options !== undefined) throw new EffigyError('unsupported', 'no hub runs in a browser')
  return null
}

export function loadWords(): Words | Promise<Words> {
  return loadPart(() => import('../account/words.ts'))
}

export function loadServeDrops(): ServeDrops | Promise<ServeDrops> {
  return loadPart(() => import('../serve-drops.ts'))
}

export function loadServeLeases(): ServeLeases | Promise<ServeLeases> {
  return loadPart(() => import('../serve-leases.ts'))
}

export function loadSharing(): Sharing | Promise<Sharing> {
  return loadPart(() => import('../recovery/sharing.ts'))
}

export function loadBackup(): Backup | Promise<Backup> {
  return loadPart(() => import('../backup/write-backup.ts'))
}

export function loadTakeBackup(): TakeBackup | Promise<TakeBackup> {
  return loadPart(() => import('../backup/take-backup.ts'))
}

/** What makes direct ways, with what links do of WebRTC. */
export function loadApproach(): ApproachParts | Promise<ApproachParts> {
  return loadPart(() => import('../direct/approach.ts'))
}

export function loadRoom(): RoomParts | Promise<RoomParts> {
  return loadPart(() => import('../people/open-room.ts'))
}

export function loadRewriting(): Rewriting | Promise<Rewriting> {
  return loadPart(() => import('../rewriting.ts'))
}

/** What takes an account to its next key: a restore, a loss. */
export function loadMove(): Moving | Promise<Moving> {
  return loadPart(() => import('../account/move.ts'))
}
