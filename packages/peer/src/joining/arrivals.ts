/**
 * Who came with an invite, and whoever gave it: they follow each other without another question (spec W8, W9).
 *
 *     invite for one ─▶ own state `invite/NAME`      came ─greet: a drop with the token▶ inviter ─▶ followed back, once
 *
 * @module
 */
import {
  encodeBase64url,
  type Identity,
  type InviteCode,
  inviteTokenBytes,
  inviteTokenName,
  type Json,
  parseBase64url,
  type Sha256,
} from '@effigy/core'
import type { Clock } from '@effigy/sync'
import type { PeerDrops, ReceivedDrop } from '../drops/drops.ts'
import type { OwnState } from '../own/state.ts'

export interface ArrivalPorts {
  readonly identity: Identity
  readonly sha256: Sha256
  readonly clock: Pick<Clock, 'now'>
  readonly state: Pick<OwnState, 'value' | 'values' | 'set'>
  readonly drops: Pick<PeerDrops, 'send' | 'handle'>
  readonly isFollowed: (identity: Identity) => boolean
  /** Follows somebody as a whole. */
  readonly follow: (identity: Identity) => Promise<unknown>
}

export interface Arrivals {
  /** Whoever comes with that token is followed, as often as it says. */
  expect(token: string, terms: { readonly until: number; readonly count: number }): Promise<void>
  /** Nobody is followed for coming with it any more; by its name (W1). */
  forget(token: string): Promise<void>
  /** Tells whoever invited that one came. `inviter`: as they are known here. Rejects as `drops.send` does. */
  greet(invite: InviteCode, inviter: Identity, signal: AbortSignal): Promise<void>
}

/** Payload of the drop. */
const arrivalDrop = 'invite-used'

/** ms by which a greeting may come later than the invite was good for: it waits in boxes. */
const lateMs: number = 14 * 24 * 60 * 60 * 1000

const prefix = 'invite/'
const keyOf = (token: string): string => prefix + token

/** Invites that are over and go at once, with what is written anyway. */
const maxSwept = 32

export function createArrivals({ identity, sha256, clock, state, drops, ...ports }: ArrivalPorts): Arrivals {
  /** One at a time: the count is read, and then written. */
  let turn: Promise<void> = Promise.resolve()

  const isOver = ({ until }: Terms): boolean => clock.now() > until + lateMs

  /** Nobody comes with these any more. */
  function over(): readonly (readonly [string, null])[] {
    const kept = state.values(prefix).filter(({ value }) => {
      const terms = readTerms(value)
      return terms === null || isOver(terms)
    })
    return kept.slice(0, maxSwept).map(({ key }) => [key, null] as const)
  }

  async function welcome({ from, payload }: ReceivedDrop): Promise<void> {
    const token = typeof payload.token === 'string' ? parseBase64url(payload.token) : null
    if (from === identity || token === null || token.length !== inviteTokenBytes) return
    const key = keyOf(inviteTokenName(token, sha256))
    const terms = readTerms(state.value(key))
    // Of nobody's, used up, or long over: nothing comes of it, and nobody hears which.
    if (terms === null || terms.count < 1 || isOver(terms)) return
    // One guest who says it again and again leaves what is left to the others.
    if (ports.isFollowed(from)) return
    await ports.follow(from)
    await state.set([[key, terms.count === 1 ? null : { ...terms, count: terms.count - 1 }]])
  }

  // From whoever it is: who comes is nobody's friend yet.
  drops.handle(
    arrivalDrop,
    (drop) => {
      const mine = turn.then(() => welcome(drop))
      turn = mine.catch(() => {})
      return mine
    },
    { requests: true },
  )

  return {
    expect: (token, { until, count }) => state.set([...over(), [keyOf(token), { until, count }]]),
    forget: (token) => state.set([[keyOf(token), null]]),
    async greet({ token }, inviter, signal) {
      await drops.send(inviter, { type: arrivalDrop, token: encodeBase64url(token) }, { signal })
    },
  }
}

interface Terms {
  /** Ms. */
  readonly until: number
  readonly count: number
}

/** Null: nothing of the kind. */
function readTerms(value: Json | null): Terms | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { until, count } = value as { readonly [key: string]: Json }
  return typeof until === 'number' && typeof count === 'number' ? { until, count } : null
}
