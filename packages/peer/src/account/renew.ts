/**
 * Other keys for the main device: a new device takes its place, in one state of the account (spec Y26).
 *
 *     the next device is made ─ nothing is written any more ─▶ state: it comes first, the one before ends at its last head
 *                                                                     └▶ hubs that know the one before have it
 *
 * @module
 */
import {
  EffigyError,
  finalOfHead,
  type HeadRecord,
  type Identity,
  mainDevice,
  nextSerial,
  replaceMain,
} from '@effigy/core'
import type { Clock } from '@effigy/sync'
import type { Pulse } from '../live.ts'
import type { PeerAccount } from './account.ts'
import { notMain, type StateWriter } from './state-writer.ts'

export interface RenewPorts {
  readonly self: Identity
  readonly states: StateWriter
  /** From now on nothing may be written here; disposed, it may again. */
  readonly stopWriting: () => Disposable
  /** Where this device's feed ends when nothing is being written any more; null: it never wrote. Throws where that is not known. */
  readonly ended: () => Promise<HeadRecord | null>
  /** Whether this device's feed is sealed, or is to be. */
  readonly isPrivate: () => boolean
}

export async function renewSelf(
  join: Parameters<PeerAccount['renew']>[0],
  { self, states, stopWriting, ended, isPrivate }: RenewPorts,
): Promise<void> {
  // The feed of another device begins open: what only friends were to read would be for everybody.
  function assertOpen(): void {
    if (isPrivate())
      throw new EffigyError('feed-private', 'What this device writes is for its readers alone.')
  }

  let stopped: Disposable | null = null
  try {
    await states.write(async (authority, at) => {
      const { root, current } = authority
      const former = current === null ? null : mainDevice(current.state)
      if (current === null || former?.[0] !== self) throw notMain()
      assertOpen()
      const member = await join({ root, serial: nextSerial(current.state), label: former[2] })
      stopped = stopWriting()
      const record = await ended()
      // What was begun meanwhile may have sealed it, or wants to.
      assertOpen()
      return replaceMain(authority, member, record === null ? null : finalOfHead(record.head), at)
    })
  } catch (reason) {
    ;(stopped as Disposable | null)?.[Symbol.dispose]()
    throw reason
  }
}

/** Ms. A hub that is slower than that may refuse the next device, until it has the state from somebody else. */
const hearingMs = 10_000

/**
 * A closed hub admits the next device by the state, which it has from nobody but the one before: that one stays until then. False:
 * somebody is still waited for.
 */
export async function untilHeard(
  isWaiting: () => boolean,
  pulse: Pulse,
  clock: Pick<Clock, 'after'>,
  closed: AbortSignal,
): Promise<boolean> {
  const patience = new AbortController()
  using _timer = clock.after(hearingMs, () => patience.abort())
  const signal = AbortSignal.any([closed, patience.signal])
  for (let seen = pulse.count; isWaiting() && !signal.aborted; seen = pulse.count)
    await pulse.after(seen, signal)
  return !isWaiting()
}
