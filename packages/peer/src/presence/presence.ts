/**
 * `peer.presence`: who is here now, and whom this device lets know that it is (spec V61, V64-V66, V69).
 *
 *     choose {friends, list, room} │ invisible ─▶ hubs ─▶ now(), watch(): who is here, what hubs are like, who was turned away
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { HubPrivacy } from '../reach.ts'

export interface PeerPresence {
  /** What a person chose on this device; it is remembered there, and other devices have choices of their own. */
  readonly choice: PresenceChoice
  /**
   * Changes what is given, and tells hubs at once. Durable when it returns. Own devices always see this one. Error:
   * 'presence-too-many' above 1,000 names in the list.
   */
  choose(choice: Partial<PresenceChoice>): void

  now(): PresenceView
  /** Now, and each that differs, at most ten a second; ends with the signal. */
  watch(signal: AbortSignal): AsyncIterable<PresenceView>
  /**
   * Resolves when every connected hub that tells of others has taken the choice, and told who of the circles is there:
   * rooms are told of a second later. Rejects with the signal's reason.
   */
  settled(signal: AbortSignal): Promise<PresenceView>
}

/** Whom this device shows itself to; the circles together. */
export interface PresenceChoice {
  /** Who follows us and whom we follow; true until something else was chosen. */
  readonly friends: boolean
  /** These too, each with all devices of its account where that is known. */
  readonly list: readonly Identity[]
  /** Everybody in the room of a hub that has one, blocked people too: whoever is in it sees us, as we see them. */
  readonly room: boolean
  /** To nobody but own devices and to whom a way is sought (`direct.seek`), whatever else was chosen. Who has a session with this device sees it nevertheless. */
  readonly invisible: boolean
}

export interface PresenceView {
  /** In the order of their names. Blocked ones are left out. */
  readonly here: readonly Present[]
  /** Chosen hubs that tell of others, connected now. */
  readonly hubs: readonly PresenceHub[]
  /** Messages and tunnels that were refused because this device does not show itself to who tried: the newest first, up to 64. */
  readonly attempts: readonly Attempt[]
  /** Of all of them, those of blocked people too; since this start. */
  readonly attempted: { readonly messages: number; readonly tunnels: number }
  /** What hubs did that honest ones do not do, or a wrong clock: one for each hub and code, up to 64. */
  readonly warnings: readonly SignalWarning[]
}

export interface Present {
  readonly identity: Identity
  /** `room`: nobody whom we show ourselves to but there. */
  readonly circle: 'own' | 'friend' | 'list' | 'room'
  /** There is a session with it. */
  readonly isConnected: boolean
  /** Through which it can be reached, as they say. */
  readonly hubs: readonly Identity[]
}

export interface PresenceHub {
  readonly hub: Identity
  readonly privacy: HubPrivacy
  readonly hasRoom: boolean
}

export interface Attempt {
  readonly identity: Identity
  /** Who told of it. */
  readonly hub: Identity
  /** Times that it was told. */
  readonly count: number
  /** The last time, on our own clock, ms. */
  readonly at: number
}

export interface SignalWarning {
  readonly hub: Identity
  /**
   * `forged`, `altered`, `not-for-us`, `encoding`: not what anybody sent; `late`, `early`: not of these 60 s;
   * `too-fast`, `full`: more than is taken, of the hub or of one sender.
   */
  readonly code: string
  readonly count: number
  /** The last time, on our own clock, ms. */
  readonly at: number
}
