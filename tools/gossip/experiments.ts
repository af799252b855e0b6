/**
 * The two experiments of the paper, with its parameters.
 *
 *     four orders and ours under a load that comes and goes      one order while the limit of a message halves
 *
 * @module
 */
import { type Adaptation, type Order, type OrderName, orders } from '@effigy/sync'
import { type Moment, simulate } from './simulation.ts'

/** Of the paper: participants, keys each, deltas a message. */
const participants = 128
const keys = 64
const limit = 100

export const seed = 'paper'

export interface Run {
  readonly name: string
  readonly moments: readonly Moment[]
}

/** Updates a second and participant. */
export function loadAt(second: number): number {
  if (second < 15 || second >= 120) return 0
  return second >= 25 && second < 75 ? 2 : 1
}

/** One order under that load, nobody being held back. */
export function underLoad(orderName: OrderName, withSeed: string): readonly Moment[] {
  return simulate({
    order: orderNamed(orderName),
    seed: withSeed,
    seconds: 135,
    participants,
    keys,
    limitAt: () => limit,
    desiredAt: loadAt,
    flowControl: null,
  })
}

export function orderRuns(): readonly Run[] {
  return orders.map(({ name }) => ({ name, moments: underLoad(name, seed) }))
}

const bounds = { least: 0.01, most: limit } as const

/** Two readings of alpha = 0.75 and beta = 0.2; the first is the one that ships. */
export const adaptations: readonly (Adaptation & { readonly name: string })[] = [
  { name: '× 0.75, + 0.2', decrease: 0.75, increase: 0.2, ...bounds },
  { name: '× 0.8, + 0.75', decrease: 0.8, increase: 0.75, ...bounds },
]

/** When the limit halves. */
export const halvedAt = 90

/** Everybody would like more than there is room for, from the 15th second on. */
export function flowRuns(): readonly Run[] {
  return adaptations.map((flowControl) => ({
    name: flowControl.name,
    moments: simulate({
      order: orderNamed('scuttle-depth'),
      seed,
      seconds: 150,
      participants,
      keys,
      limitAt: (second) => (second < halvedAt ? limit : limit / 2),
      desiredAt: (second) => (second < 15 ? 0 : 2),
      flowControl,
    }),
  }))
}

/** What each can take in a second, shared among all others: an exchange of its own and one of somebody else's. */
export function mostUpdates(messageLimit: number): number {
  return (2 * messageLimit) / (participants - 1)
}

export const limits = [limit, limit / 2] as const

function orderNamed(name: OrderName): Order {
  const order = orders.find((one) => one.name === name)
  if (order === undefined) throw new Error(`no order ${name}`)
  return order
}
