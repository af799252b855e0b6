/**
 * Looks at the quotas now and then, and writes down who wants what.
 *
 *     each 5 s, and at the end ─▶ tracking.settle, members.save
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Clock, Log } from '@effigy/sync'
import type { Members } from './members.ts'
import type { Tracking } from './tracking.ts'

export interface SettlingDeps {
  readonly tracking: Pick<Tracking, 'settle'>
  readonly members: Pick<Members, 'save'>
  readonly clock: Clock
  readonly log: Log
}

/** Ms between two looks: what a member can overdraw in that time is what a link carries. */
const settleMs = 5_000

/** Until disposed, which looks for the last time. */
export function keepSettled({ tracking, members, clock, log }: SettlingDeps): Disposable {
  let timer = clock.after(settleMs, turn)

  function turn(): void {
    timer = clock.after(settleMs, turn)
    settle()
  }

  /** A medium that fails now may work again: `/readyz` shows it, and the hub goes on. */
  function settle(): void {
    try {
      tracking.settle()
      members.save()
    } catch (error) {
      if (!(error instanceof EffigyError)) throw error
      log.warn('storage.failed', { code: error.code })
    }
  }

  return {
    [Symbol.dispose]() {
      timer[Symbol.dispose]()
      settle()
    },
  }
}
