/**
 * Code that not everybody needs. Outside browsers it is simply there; `browser/later.ts`, which stands in for this module
 * there, loads it when it is asked for (decision 0022).
 *
 * @module
 */
import * as move from './account/move.ts'
import * as words from './account/words.ts'
import * as takeBackup from './backup/take-backup.ts'
import * as backup from './backup/write-backup.ts'
import * as approach from './direct/approach.ts'
import * as room from './people/open-room.ts'
import * as sharing from './recovery/sharing.ts'
import * as rewriting from './rewriting.ts'
import * as serveDrops from './serve-drops.ts'
import * as serveLeases from './serve-leases.ts'

/** The hub's half of signalling and relaying. */
export { openExchange } from './presence/exchange.ts'

export type ApproachParts = typeof approach
export type ServeDrops = typeof serveDrops
export type ServeLeases = typeof serveLeases
export type Words = typeof words
export type Moving = typeof move
export type Sharing = typeof sharing
export type Backup = typeof backup
export type TakeBackup = typeof takeBackup
export type RoomParts = typeof room
export type Rewriting = typeof rewriting

export function loadWords(): Words | Promise<Words> {
  return words
}

export function loadServeDrops(): ServeDrops | Promise<ServeDrops> {
  return serveDrops
}

export function loadServeLeases(): ServeLeases | Promise<ServeLeases> {
  return serveLeases
}

export function loadSharing(): Sharing | Promise<Sharing> {
  return sharing
}

export function loadBackup(): Backup | Promise<Backup> {
  return backup
}

export function loadTakeBackup(): TakeBackup | Promise<TakeBackup> {
  return takeBackup
}

export function loadApproach(): ApproachParts | Promise<ApproachParts> {
  return approach
}

export function loadRoom(): RoomParts | Promise<RoomParts> {
  return room
}

export function loadRewriting(): Rewriting | Promise<Rewriting> {
  return rewriting
}

export function loadMove(): Moving | Promise<Moving> {
  return move
}
