/**
 * Entries of one's own that were given up and turned up after all (spec F14): what the feed lacks of them is written
 * anew.
 *
 *     rescued entries ─ one chain at a time ─▶ content lacked? ─▶ writer ─▶ asked for no more
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { FormerOptions, Log } from '@effigy/sync'
import { loadRewriting } from '#later'
import type { Writer } from './writer.ts'

export interface TurnedUpDeps {
  readonly store: Store
  readonly crypto: Crypto
  readonly identity: Identity
  readonly log: Log
  readonly writer: Pick<Writer, 'append'>
  readonly mayWrite: () => boolean
  /** Something was written: what is encrypted is to be opened, follows to be acted on. */
  readonly after: () => Promise<void>
}

export interface TurnedUp extends Pick<FormerOptions, 'rescued'> {
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
}

export function createTurnedUp(deps: TurnedUpDeps): TurnedUp {
  const { log, mayWrite, after } = deps
  /** Two may bring the same: the second finds it here. */
  let turn: Promise<void> = Promise.resolve()

  function inTurn(work: () => Promise<void>): void {
    // A store that fails here fails whoever writes next, and is told there; what was not written is asked for again.
    turn = turn.then(work).catch(() => log.warn('feed.turned-up-failed', {}))
  }

  return {
    rescued(want, entries, bodies, isWhole) {
      inTurn(async () => {
        if (!mayWrite()) return
        const { writeAnew } = await loadRewriting()
        if (await writeAnew(deps, { want, entries, bodies, isWhole })) await after()
      })
    },
    idle: () => turn,
  }
}
