/**
 * How a session runs, and why no better way does (spec R28).
 *
 *     what its link is bound to, what was tried ─▶ { type, hub, since, why }
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { relayHub, type Session } from '@effigy/sync'

export interface SessionVia {
  /**
   * `direct`: WebRTC from device to device; `turn`: WebRTC over a relay for packets; `relay`: frames through a hub,
   * which reads none of them; `hub`: with a hub itself; `address`: with another peer at an address, without a hub.
   */
  readonly type: 'direct' | 'turn' | 'relay' | 'hub' | 'address'
  /** Through which hub, of a `relay`. */
  readonly hub: Identity | null
  /** Wall clock of its beginning, ms. */
  readonly since: number
  /** Why it is not `direct`, of `turn` and `relay`: see `explainDirect`; null where nothing better is known of. */
  readonly why: string | null
}

export interface ViaPorts {
  readonly kind: 'hub' | 'peer'
  readonly since: number
  /** Of a WebRTC link: whether it goes over a TURN server, as far as is known. */
  readonly isTurn: (session: Session) => boolean
  readonly why: (remote: Identity) => string | null
}

export function viaOf(session: Session, { kind, since, isTurn, why }: ViaPorts): SessionVia {
  const hub = session.link.kind === 'relay' ? relayHub(session.link.binding) : null
  const at = { hub, since }
  if (hub !== null) return { type: 'relay', ...at, why: why(session.remote) }
  if (session.link.kind !== 'webrtc') {
    return { type: kind === 'hub' ? 'hub' : 'address', ...at, why: null }
  }
  const isStraight = !isTurn(session)
  return { type: isStraight ? 'direct' : 'turn', ...at, why: isStraight ? null : why(session.remote) }
}
