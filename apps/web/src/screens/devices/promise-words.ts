/**
 * Codes around promises, as the few things that a person can do about them.
 *
 *     'quota' ─▶ room: "You have more than it keeps for one person.", "Ask whoever runs it …"
 *
 * @module
 */
import type { GivenLease, LeaseOutcome } from '@effigy/peer'

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

/** No plain object: a hub's code may be `constructor`. */
const refusals: ReadonlyMap<string, Refusal> = new Map(
  Object.entries({
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
  } as const),
)

/** Null: all was promised, perhaps later, asked by a device by itself. No outcome at all: nobody answered. */
export function refusalIn(
  outcomes: readonly LeaseOutcome[],
  standing: readonly Pick<GivenLease, 'feed'>[],
): Refusal | null {
  if (outcomes.length === 0) return standing.length === 0 ? 'away' : null
  const refused = outcomes.find(
    (one) => one.type === 'refused' && !standing.some(({ feed }) => feed === one.feed),
  )
  return refused?.type === 'refused' ? (refusals.get(refused.code) ?? 'unknown') : null
}

export type Breach = 'gone' | 'absent' | 'changed' | 'forgotten'

const breaches: Readonly<Record<string, Breach>> = {
  gone: 'gone',
  'wrong-answer': 'changed',
  'not-listed': 'forgotten',
}

/** Of `GivenLease.failure`. */
export const breachOf = (failure: string): Breach => breaches[failure] ?? 'absent'
