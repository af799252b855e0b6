/**
 * Puts together what is private: opening, handing keys out, conversations.
 *
 *     opening ─hooks▶ content keys, conversations        hand-out, conversations ─▶ publish
 *
 * @module
 */
import type { Identity, RandomBytes } from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import type { Store, StoreChange } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import { ownDevices } from '../own/devices.ts'
import {
  type ConversationsPorts,
  messageTypes,
  type OpenConversations,
  openConversations,
} from './conversations.ts'
import { createHandOut, type HandOut } from './hand-out.ts'
import { keepContentKeys } from './keep-keys.ts'
import { createOpening, type Opening } from './opening.ts'

export interface PrivatePorts {
  readonly store: Store
  readonly crypto: Crypto
  readonly identity: Identity
  readonly clock: Clock
  readonly log: Log
  readonly random: RandomBytes
  /** What opens texts that are sealed to this device, or to its account. */
  readonly keys: () => readonly AgreementKey[]
  /** Keys of own devices and the own recovery key. */
  readonly ownKeys: () => readonly Uint8Array[]
  /** Called once the peer is whole. */
  readonly publish: ConversationsPorts['publish']
  readonly state: ConversationsPorts['state']
  /** Other people are listened to than were. */
  readonly judged: () => void
  readonly signal: AbortSignal
}

export interface Private extends Disposable {
  readonly opening: Opening
  readonly handOut: HandOut
  readonly conversations: OpenConversations
  changed(change: StoreChange): void
}

export function openPrivate(ports: PrivatePorts): Private {
  const { store, crypto, identity, clock, ownKeys, publish } = ports
  const { sha256 } = crypto
  const devices = () => ownDevices(store, identity)
  const handOut = createHandOut({ store, ownKeys, sha256, publish, now: clock.now })
  const conversations = openConversations({
    ...{ ...ports, self: identity, sha256, handOut, now: clock.now },
    openNow: async () => {
      await opening.openOwn(devices())
      await opening.now()
    },
  })
  const opening = createOpening({ ...ports, devices })
  opening.on('read_key', keepContentKeys(store))
  for (const type of messageTypes) opening.on(type, conversations.opened)
  opening.onHeard(conversations.heard)
  return {
    opening,
    handOut,
    conversations,
    changed(change) {
      opening.changed(change)
      if (change.synods !== undefined && change.synods.size > 0) conversations.regroup()
    },
    [Symbol.dispose]: opening[Symbol.dispose],
  }
}
