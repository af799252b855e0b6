/**
 * The link port: frames to one other machine, in order, whole, as they were sent.
 *
 *     memory │ websocket │ webrtc │ relay ─▶ Link ─▶ session (run.ts)
 *
 * A link promises neither secrecy nor who is there: the session does. It has one reader.
 *
 * @module
 */

export interface Link {
  /** For logs and figures: `ws`, `memory`, `webrtc`, `relay`. */
  readonly kind: string

  /** What the session is bound to (A3): both ends hold the same bytes unless somebody sits between. */
  readonly binding: Uint8Array

  /** Queues `frame`, which is the link's from now on, with the memory below it; ignored once the link is closed. */
  send(frame: Uint8Array): void

  /** Bytes queued on this side that have not left. */
  readonly bufferedBytes: number

  /** Resolves when `bufferedBytes` is 0 or the link is closed; rejects with the signal's reason. */
  drained(signal: AbortSignal): Promise<void>

  /**
   * For one reader, whose the frames are from then on, with the memory below them; a slow one slows the sender down where the transport can. Ends when the
   * other side closed or the connection was lost, after all that had arrived; at once when this side closed.
   */
  receive(): AsyncIterable<Uint8Array>

  /** False while nothing is taken off the wire, so that nothing can be heard; where that never happens it is left out. */
  readonly isRead?: boolean

  /**
   * While confined, takes no more off the wire than a handshake needs (M1, T16): who is not known yet
   * cannot make us hold a frame of the full length. Where the transport cannot be slowed down it is left out.
   */
  confine?(isConfined: boolean): void

  /** What was sent still goes out; then the other side may see `code`. A second close does nothing. */
  close(code?: string): void

  /** Forgets what was sent and has not left; closes. Where the transport cannot, it is left out. */
  drop?(): void

  /** Resolves once, when either side closed or the connection was lost; never rejects. */
  readonly closed: Promise<{ readonly code: string }>
}
