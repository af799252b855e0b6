/**
 * For whom a direct way is sought (spec R20, R21): pure.
 *
 *     who is there, who stands, whom a person asks for ─▶ in this order, so many
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { SavingMode } from '../saving.ts'

export interface Candidate {
  readonly identity: Identity
  /** One name for all devices of a person. */
  readonly person: string
  readonly circle: 'asked' | 'own' | 'friend'
  /** A way of ours stands or is being made: nobody takes its place. */
  readonly isBusy: boolean
  /** `clock.monotonic()` of the last try; null: never. */
  readonly triedAtMs: number | null
}

/** Friends' devices at once: what a phone can keep up, and a circle of close ones. Of those who come, more are taken. */
export const maxFriends: Readonly<Record<SavingMode, number>> = { none: 12, battery: 3, metered: 3 }

/** Devices of one friend (R20): who has many leaves ways to others. */
export const maxOfPerson = 4

/** Own devices, and those whom a person asks for. */
export const maxOwn = 16

/** The chosen: asked for and own ones first, then friends: whoever stands, then who waits for longest. */
export function chooseSought(candidates: readonly Candidate[], saving: SavingMode): ReadonlySet<Identity> {
  const order = [...candidates].sort(byTurn)
  const near = order.filter(({ circle }) => circle !== 'friend').slice(0, maxOwn)
  const counts = new Map<string, number>()
  const friends = order.filter(({ circle, person }) => {
    const count = (counts.get(person) ?? 0) + Number(circle === 'friend')
    counts.set(person, count)
    return circle === 'friend' && count <= maxOfPerson
  })
  return new Set([...near, ...friends.slice(0, maxFriends[saving])].map(({ identity }) => identity))
}

function byTurn(a: Candidate, b: Candidate): number {
  if (a.circle !== b.circle) return rank[a.circle] - rank[b.circle]
  if (a.isBusy !== b.isBusy) return a.isBusy ? -1 : 1
  const tried = (a.triedAtMs ?? -1) - (b.triedAtMs ?? -1)
  return tried !== 0 ? tried : a.identity < b.identity ? -1 : 1
}

const rank = { asked: 0, own: 1, friend: 2 } as const
