/**
 * Codes around promises, as the few things that a person can do about them.
 *
 *     'quota' ─▶ room: "It does not keep as much for one person." "Ask without pictures and files …"
 *
 * @module
 */
import type { LeaseOutcome } from '@effigy/peer'

export type Refusal =
  | 'room'
  | 'full'
  | 'arriving'
  | 'elsewhere'
  | 'stranger'
  | 'none'
  | 'away'
  | 'busy'
  | 'unknown'

const refusals: Readonly<Record<string, Refusal>> = {
  quota: 'room',
  'too-many': 'room',
  full: 'full',
  'not-held': 'arriving',
  'too-small': 'arriving',
  'not-here': 'elsewhere',
  'not-yours': 'stranger',
  'unknown-service': 'none',
  'unknown-method': 'none',
  'not-connected': 'away',
  cut: 'away',
  'too-fast': 'busy',
  busy: 'busy',
}

/** Null: all was promised. No outcome at all: nobody answered. */
export function refusalIn(outcomes: readonly LeaseOutcome[]): Refusal | null {
  if (outcomes.length === 0) return 'away'
  const refused = outcomes.find((one) => one.type === 'refused')
  return refused === undefined ? null : (refusals[refused.code] ?? 'unknown')
}

export type Breach = 'gone' | 'absent' | 'changed' | 'forgotten'

const breaches: Readonly<Record<string, Breach>> = {
  gone: 'gone',
  'wrong-answer': 'changed',
  'not-listed': 'forgotten',
}

/** Of `GivenLease.failure`. */
export const breachOf = (failure: string): Breach => breaches[failure] ?? 'absent'
