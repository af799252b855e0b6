/**
 * Bounds of pairing (spec L6, L14), each with its unit and its reason. All times are of the monotonic clock.
 *
 * @module
 */

export interface PairingLimits {
  /** Ms that a code is good. */
  readonly codeMs: number

  /** Ms for which who comes too late with a code that is over is told so; it costs a handshake each. */
  readonly rememberedMs: number

  /** Handshakes at once for one code; one more cuts the oldest off, which keeps who floods from locking others out. */
  readonly attempts: number

  /** Ms for an answer that needs no person and no other machine. */
  readonly answerMs: number

  /** Ms in which both persons have to look and say what they see. */
  readonly decideMs: number

  /** Ms for the main device to be asked, over whatever network, and to sign. */
  readonly admitMs: number

  /** How often the linked device may say how far the account is. */
  readonly stages: number

  /** Codes used up here that are remembered, so that reading one again says so. */
  readonly usedCodes: number
}

export const defaultPairingLimits: PairingLimits = {
  codeMs: 2 * 60_000,
  rememberedMs: 10 * 60_000,
  attempts: 16,
  answerMs: 15_000,
  decideMs: 3 * 60_000,
  admitMs: 10 * 60_000,
  stages: 64,
  usedCodes: 64,
}
