/**
 * The simulation of the paper: participants that update their keys and gossip once a second.
 *
 *     second ─▶ each in random order: updates that are due, one exchange with somebody ─▶ what is stale now
 *
 * "Efficient Reconciliation and Flow Control for Anti-Entropy Protocols" (van Renesse, Dumitriu, Gough,
 * Thomas, LADIS 2008); the rules that run are those of `@effigy/sync` (spec G).
 *
 * @module
 */
import {
  type Adaptation,
  adapt,
  createReplica,
  exchange,
  type Order,
  type Replica,
  shareRates,
} from '@effigy/sync'
import { createRandom } from '@effigy/testkit'

export interface SimulationOptions {
  readonly order: Order
  readonly seed: string
  readonly seconds: number
  readonly participants: number
  readonly keys: number
  /** Deltas a message may carry at that second. */
  readonly limitAt: (second: number) => number
  /** Updates a second that each participant would like to make then. */
  readonly desiredAt: (second: number) => number
  /** Null: everybody updates as fast as desired. */
  readonly flowControl: Adaptation | null
}

/** The state at the end of a second. */
export interface Moment {
  readonly second: number
  /** The longest time that anybody has held a mapping which its owner had replaced; seconds. */
  readonly maxStaleness: number
  /** Such mappings, of all participants together. */
  readonly staleMappings: number
  /** What a participant may update on average; updates a second. Null without flow control. */
  readonly allowedRate: number | null
  /** What they did update on average in that second. */
  readonly updateRate: number
}

/** Everybody starts out knowing the same; each second is cut into as many slots as there are participants. */
export function simulate(options: SimulationOptions): readonly Moment[] {
  const { order, seconds, participants, keys, flowControl } = options
  const random = createRandom(options.seed)
  const fraction = (): number => random.integer(2 ** 30) / 2 ** 30
  const replicas = Array.from({ length: participants }, () => createReplica(participants, keys))
  const history = createHistory(participants, keys)
  const allowed = new Float64Array(participants).fill(flowControl === null ? 0 : options.desiredAt(0))
  /** Of the next update: it is made when this reaches 1. */
  const ripeness = Float64Array.from({ length: participants }, fraction)
  const everybody = Array.from({ length: participants }, (_, index) => index)
  const moments: Moment[] = []

  for (let second = 0; second < seconds; second++) {
    const desired = options.desiredAt(second)
    const limit = options.limitAt(second)
    const rateOf = (participant: number): number =>
      flowControl === null ? desired : Math.min(desired, at(allowed, participant))
    let updates = 0
    for (const [slot, active] of random.shuffle(everybody).entries()) {
      const now = second + slot / participants
      for (const owner of everybody) {
        ripeness[owner] = at(ripeness, owner) + rateOf(owner) / participants
        if (at(ripeness, owner) < 1) continue
        ripeness[owner] = at(ripeness, owner) - 1
        const key = random.integer(keys)
        history.add(replicaOf(owner).write(owner, key, now, now))
        updates++
      }
      const other = (active + 1 + random.integer(participants - 1)) % participants
      const told = exchange(replicaOf(active), replicaOf(other), { order, limit, tieBreak: fraction })
      if (flowControl === null) continue
      // The paper exchanges rates with the digests, and adapts when a message turns out too long.
      const shared = shareRates(
        { desired, allowed: at(allowed, active) },
        { desired, allowed: at(allowed, other) },
      )
      for (const [index, participant] of [active, other].entries()) {
        const isOverflowing = (told[index]?.pending ?? 0) > limit
        allowed[participant] = adapt(shared[index] ?? 0, isOverflowing, flowControl)
      }
    }
    moments.push({
      second: second + 1,
      ...measure(replicas, history, second + 1),
      allowedRate: flowControl === null ? null : allowed.reduce((sum, rate) => sum + rate, 0) / participants,
      updateRate: updates / participants,
    })
  }
  return moments

  function replicaOf(participant: number): Replica {
    return replicas[participant] as Replica
  }
}

const at = (list: Float64Array, index: number): number => list[index] as number

interface Write {
  readonly version: number
  readonly at: number
}

interface History {
  add(write: { participant: number; key: number; version: number; at: number }): void
  /** When the owner replaced that version; null while it is the newest. */
  replacedAt(participant: number, key: number, version: number): number | null
}

function createHistory(participants: number, keys: number): History {
  const writes = Array.from({ length: participants * keys }, (): Write[] => [])
  return {
    add: ({ participant, key, version, at: time }) =>
      void writes[participant * keys + key]?.push({ version, at: time }),
    replacedAt(participant, key, version) {
      const list = writes[participant * keys + key] ?? []
      // What is stale is stale by little: from the end.
      let replaced: number | null = null
      for (let index = list.length - 1; index >= 0; index--) {
        const write = list[index] as Write
        if (write.version <= version) break
        replaced = write.at
      }
      return replaced
    },
  }
}

function measure(
  replicas: readonly Replica[],
  history: History,
  now: number,
): { readonly maxStaleness: number; readonly staleMappings: number } {
  let maxStaleness = 0
  let staleMappings = 0
  for (const replica of replicas) {
    const { keys, versions } = replica
    for (const [participant, owner] of replicas.entries()) {
      if (owner === replica) continue
      const newest = owner.versions
      for (let key = 0; key < keys; key++) {
        const version = versions[participant * keys + key] as number
        if (version === newest[participant * keys + key]) continue
        staleMappings++
        const replaced = history.replacedAt(participant, key, version)
        if (replaced !== null) maxStaleness = Math.max(maxStaleness, now - replaced)
      }
    }
  }
  return { maxStaleness, staleMappings }
}
