/**
 * Whether this device may write now (spec S13, F13, F14): not before somebody has shown that nothing of its
 * own is missing here, unless a person takes the risk.
 *
 *     restored, absent ─▶ alarmed ─ heads confirmed ─▶ writes
 *                             └── writeAnyway ───▶ appends; rebases once confirmed
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import { givingUpKey, lackedHead } from './given-up.ts'
import { type Continuity, liftAlarm } from './instance.ts'
import { mayLackEntries, noteWritingAnyway } from './rescue.ts'
import type { Status } from './status.ts'

export interface Permission {
  /** Nothing is written: it is not known whether all of this device's entries are here. */
  readonly isAlarmed: () => boolean
  /** Ends the alarm when others have shown that nothing is missing. */
  readonly isWritable: () => boolean
  /** Throws `EffigyError` 'closed', 'restored', 'absent', and what the account forbids ('revoked', 'disputed', 'leaving'). */
  assertMayWrite(): void
  /** The same for a rebase: under the next epoch, what is missing here would be lost to everybody. */
  assertMayRewrite(): void
  /** Throws `EffigyError` 'own-feed-incomplete' while somebody may still have what is missing here of the own feed. */
  assertLost(): void
  /** As `Peer.writeAnyway`. */
  writeAnyway(): void
}

export interface PermissionPorts {
  readonly store: Store
  readonly identity: Identity
  readonly continuity: Continuity
  /** Asked late. */
  readonly status: () => Pick<Status, 'ownFeedConfirmed' | 'ownFeedLost'>
  /** Throws when the account has taken the right to write away. */
  readonly assertOfAccount: () => void
  readonly changed: () => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export function createPermission(ports: PermissionPorts): Permission {
  const { store, identity, continuity, status, signal } = ports
  let isAlarmed = continuity !== 'continued'

  function isWritable(): boolean {
    if (isAlarmed && status().ownFeedConfirmed()) endAlarm(true)
    return !isAlarmed
  }

  function endAlarm(isConfirmed: boolean): void {
    if (isAlarmed) noteWritingAnyway(store, identity, isConfirmed)
    liftAlarm(store)
    isAlarmed = false
    ports.changed()
  }

  function assertMayWrite(): void {
    if (signal.aborted) throw new EffigyError('closed', 'This peer is closed. Open it again to write.')
    ports.assertOfAccount()
    if (!isWritable()) throw notConfirmed(continuity)
  }

  function assertLost(): void {
    if (status().ownFeedLost()) return
    const message =
      'Somebody may still have what this device published last. Stay connected for a minute, then try again.'
    throw new EffigyError('own-feed-incomplete', message)
  }

  return {
    isAlarmed: () => isAlarmed,
    isWritable,
    assertMayWrite,
    assertMayRewrite() {
      assertMayWrite()
      if (mayLackEntries(store, () => status().ownFeedConfirmed())) throw notConfirmed('restored')
    },
    assertLost,
    writeAnyway() {
      const lost = lackedHead(store, identity)
      if (lost !== null) assertLost()
      endAlarm(false)
      if (lost !== null) store.saveSetting(givingUpKey, lost)
    },
  }
}

function notConfirmed(continuity: Continuity): EffigyError {
  const why =
    continuity === 'absent'
      ? 'This device was not used for long, or its clock went back: it may have been restored from a copy.'
      : 'This device was restored from a copy.'
  const how = 'Connect to a hub or a friend first, so that what it published since is not lost.'
  return new EffigyError(continuity === 'absent' ? 'absent' : 'restored', `${why} ${how}`)
}
