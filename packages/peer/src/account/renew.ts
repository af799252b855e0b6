/**
 * Other keys for the main device: a new device takes its place, in one state of the account (spec Y26).
 *
 *     the next device is made ─ nothing is written any more ─▶ state: it comes first, the one before ends at its last head
 *
 * @module
 */
import { EffigyError, finalOfHead, type Identity, mainDevice, nextSerial, replaceMain } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { PeerAccount } from './account.ts'
import { notMain, type StateWriter } from './state-writer.ts'

export interface RenewPorts {
  readonly store: Pick<Store, 'feed'>
  readonly self: Identity
  readonly states: StateWriter
  /** From now on nothing may be written here; disposed, it may again. */
  readonly stopWriting: () => Disposable
  /** Resolves when nothing is being written. */
  readonly written: () => Promise<void>
  /** Whether this device's feed is sealed. */
  readonly isPrivate: () => boolean
}

export async function renewSelf(
  join: Parameters<PeerAccount['renew']>[0],
  { store, self, states, stopWriting, written, isPrivate }: RenewPorts,
): Promise<void> {
  let stopped: Disposable | null = null
  try {
    await states.write(async (authority, at) => {
      const { root, current } = authority
      const former = current === null ? null : mainDevice(current.state)
      if (current === null || former?.[0] !== self) throw notMain()
      // The feed of another device begins open: what only friends were to read would be for everybody.
      if (isPrivate())
        throw new EffigyError('feed-private', 'What this device writes is for its readers alone.')
      const member = await join({ root, serial: nextSerial(current.state), label: former[2] })
      stopped = stopWriting()
      await written()
      const record = store.feed(self)?.record ?? null
      return replaceMain(authority, member, record === null ? null : finalOfHead(record.head), at)
    })
  } catch (reason) {
    ;(stopped as Disposable | null)?.[Symbol.dispose]()
    throw reason
  }
}
