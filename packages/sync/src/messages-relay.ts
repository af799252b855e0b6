/**
 * Messages of signalling and relaying, between a peer and its hub (spec M6, V60-V76).
 *
 *     messageto ─▶ hub ─▶ messagefrom      openrelay ─▶ hub ─▶ relayed;  relay ⇄ relay under a number of each session
 *
 * @module
 */

/** Bytes: `show` identities that may see this device, then `hear` whose presence it wants to hear of. Answered by `onlineas`. */
export interface Online {
  readonly type: 'online'
  readonly id: number
  /** Of `signalling`. */
  readonly token: string
  /** Both lists so far are forgotten. */
  readonly replace: boolean
  /** Whoever names this device may reach it, as while it shows a code. */
  readonly open: boolean
  /** It is in the room: shown to all who are in it, and hears of them. */
  readonly room: boolean
  readonly show: number
  readonly hear: number
}

export interface OnlineAs {
  readonly type: 'onlineas'
  readonly re: number
  readonly end: true
}

/** Bytes: `count` identities that came, or went. */
export interface Presence {
  readonly type: 'presence'
  readonly on: boolean
  /** In the room, or out of it: whomever one asked for. */
  readonly room: boolean
  readonly count: number
}

/** Bytes: identity of the receiver ‖ payload, at least one byte. Answered by `sent`. */
export interface MessageTo {
  readonly type: 'messageto'
  readonly id: number
  /** Of `signalling`. */
  readonly token: string
}

/** `accepted` says nothing: the receiver does not show itself to the sender. */
export interface Sent {
  readonly type: 'sent'
  readonly re: number
  readonly end: true
  readonly outcome: 'delivered' | 'absent' | 'busy' | 'accepted'
}

/** Bytes: identity of the sender ‖ payload. */
export interface MessageFrom {
  readonly type: 'messagefrom'
}

/** What was refused to those whom this device does not show itself to. Bytes: `count` of those who tried. */
export interface Attempts {
  readonly type: 'attempts'
  /** `messageto` since it was told last. */
  readonly messages: number
  /** `openrelay` since it was told last. */
  readonly tunnels: number
  readonly count: number
}

/** Bytes: identity of who shall be reached. Answered by `relaying`. */
export interface OpenRelay {
  readonly type: 'openrelay'
  readonly id: number
  /** Of `relaying`. */
  readonly token: string
}

/** The hub has told the other side; frames may go under `circuit`, a number of this session. */
export interface Relaying {
  readonly type: 'relaying'
  readonly re: number
  readonly end: true
  readonly circuit: number
}

/** Bytes: identity of whom the hub knows as the one who opened it. */
export interface Relayed {
  readonly type: 'relayed'
  readonly circuit: number
}

/** Bytes: one frame of the session inside. */
export interface Relay {
  readonly type: 'relay'
  readonly circuit: number
}

/** So many bytes more may come under `circuit`: they were read. */
export interface RelayRead {
  readonly type: 'relayread'
  readonly circuit: number
  readonly bytes: number
}

/** Nothing follows under `circuit`. */
export interface RelayEnd {
  readonly type: 'relayend'
  readonly circuit: number
  readonly code: string
}
