/**
 * Messages before both sides are authenticated (spec A1-A9), as types.
 *
 *     sessioncommit (pairing) ─▶ sessionrequest, both ways ─▶ sessionauth, the accepting side first
 *
 * @module
 */
import type { Identity } from '@effigy/core'

/** The first frame (A1). */
export interface SessionRequest {
  readonly type: 'sessionrequest'
  /** Versions that the sender speaks, ascending. */
  readonly v: readonly number[]
  readonly role: 'dialler' | 'acceptor'
  /** base64url of X25519 public key 32 ‖ random 32. */
  readonly challenge: string
  /** base64url, 32 bytes. */
  readonly network: string
  /** base64url, 16 bytes, or null where nobody is expected. */
  readonly to: string | null
}

/** Pairing only (A9): before the dialler's request. */
export interface SessionCommit {
  readonly type: 'sessioncommit'
  /** base64url of the SHA-256 of the dialler's request frame. */
  readonly hash: string
}

/** Sealed (A5). */
export interface SessionAuth {
  readonly type: 'sessionauth'
  readonly identity: Identity
  /** The sender's head record as text, or null. */
  readonly head: string | null
  /** base64url, 64 bytes. */
  readonly signature: string
}

export type HandshakeMessage = SessionRequest | SessionCommit | SessionAuth
