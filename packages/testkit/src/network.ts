/**
 * A network in memory: named machines, links between them, and everything that goes wrong.
 *
 *     pair('a', 'b') ─▶ [Link at a, Link at b] over two pipes; cut, heal, partition, lose
 *
 * Time comes from the clock and chance from the seed: the same calls give the same
 * deliveries. Each connection draws from a stream of its own, so that one more
 * machine does not change what happens to the others.
 *
 * @module
 */
import type { Clock, Link } from '@effigy/sync'
import { createLinkEnd, type LinkEnd } from './link.ts'
import { createPipe, type Fate, type Pipe } from './pipe.ts'
import type { Random } from './seed.ts'

export interface NetworkOptions {
  readonly clock: Clock
  readonly random: Random
  /** One way; a function for distances that differ. Default 20. */
  readonly latencyMs?: number | ((from: string, to: string) => number)
  /** At most this much more, evenly spread. Default 0. */
  readonly jitterMs?: number
  /** Per direction of a link; default no bound. */
  readonly bytesPerSecond?: number
  /** What may be flying or unread before a sender has to wait. Default 1 MiB. */
  readonly windowBytes?: number
  readonly faults?: NetworkFaults
}

/** Probabilities a frame, each 0 by default. All but `lose` break what WebSocket promises. */
export interface NetworkFaults {
  /** The connection ends here, with everything under way: code 'lost' at both sides. */
  readonly lose?: number
  readonly drop?: number
  readonly duplicate?: number
  /** May arrive before earlier frames. Needs `jitterMs` to show. */
  readonly reorder?: number
}

/** Frames that arrived. */
export interface Traffic {
  readonly frames: number
  readonly bytes: number
}

export interface Network {
  /** A new connection with a binding of its own; both links are closed with 'unreachable' when the two are cut off from each other. */
  pair(nameA: string, nameB: string): [Link, Link]
  /** Silence between the two, without notice; what is under way is held. */
  cut(nameA: string, nameB: string): void
  /** Ends one cut, or, without names, every cut and partition; what was held arrives now. */
  heal(nameA?: string, nameB?: string): void
  /** Only machines of one group reach each other; those not named are one more group. Replaces the last partition. */
  partition(groups: readonly (readonly string[])[]): void
  reachable(nameA: string, nameB: string): boolean
  /** Ends every connection between the two: code 'lost' at both sides. */
  lose(nameA: string, nameB: string): void
  /** Ends every connection of a machine that went down. */
  loseAll(name: string): void
  /** From here on; see `NetworkFaults`. */
  setFaults(faults: NetworkFaults): void
  /** What arrived from one machine at another. */
  traffic(from: string, to: string): Traffic
  /** What arrived in all. */
  total(): Traffic
  /** Connections that are open at one side at least. */
  connections(): number
}

interface Connection {
  readonly names: readonly [string, string]
  readonly pipes: readonly [Pipe, Pipe]
  lose(code: string): void
}

/** Nobody is connected yet; machines are whatever names `pair` is called with. Defaults and units are those of `NetworkOptions`. */
export function createNetwork(options: NetworkOptions): Network {
  const { clock, random, latencyMs = 20, jitterMs = 0 } = options
  let faults = options.faults ?? {}
  let made = 0
  let groupByName: ReadonlyMap<string, number> | null = null
  const cuts = new Set<string>()
  const connections = new Set<Connection>()
  /** The same by who has them: whoever is cut off is not looked for among all. */
  const byPair = new Map<string, Set<Connection>>()
  const traffic = new Map<string, { frames: number; bytes: number }>()
  const total = { frames: 0, bytes: 0 }

  const reachable = (a: string, b: string): boolean => {
    if (cuts.has(pairKey(a, b))) return false
    return groupByName === null || (groupByName.get(a) ?? -1) === (groupByName.get(b) ?? -1)
  }

  /** What is counted between the two from now on. */
  const counterOf = (from: string, to: string): ((bytes: number) => void) => {
    const key = `${from}\n${to}`
    const counted = traffic.get(key) ?? { frames: 0, bytes: 0 }
    traffic.set(key, counted)
    return (bytes) => {
      counted.frames++
      counted.bytes += bytes
      total.frames++
      total.bytes += bytes
    }
  }

  const pair = (nameA: string, nameB: string): [Link, Link] => {
    const chance = random.fork(`link ${made++} ${nameA} ${nameB}`)
    const names = [nameA, nameB] as const
    const key = pairKey(nameA, nameB)
    const ours = byPair.get(key) ?? new Set()
    const binding = chance.bytes(32)
    const ends: LinkEnd[] = []
    const pipes: Pipe[] = []

    const makePipe = (from: 0 | 1): Pipe => {
      const to = from === 0 ? 1 : 0
      const count = counterOf(names[from], names[to])
      const delayMs = () => {
        const baseMs = typeof latencyMs === 'number' ? latencyMs : latencyMs(names[from], names[to])
        return jitterMs > 0 ? baseMs + chance.integer(2 ** 20) * (jitterMs / 2 ** 20) : baseMs
      }
      return createPipe({
        clock,
        bytesPerSecond: options.bytesPerSecond ?? null,
        windowBytes: options.windowBytes ?? 2 ** 20,
        isCut: () => !reachable(nameA, nameB),
        fate: () => decideFate(chance, faults, delayMs),
        delayMs,
        arrive(frame, weight) {
          count(frame.length)
          ends[to]!.arrive(frame, weight)
        },
        arriveClose(code) {
          ends[to]!.end(code)
          over()
        },
        drained: () => ends[from]!.drained(),
        lost: () => connection.lose('lost'),
      })
    }
    const makeEnd = (at: 0 | 1): LinkEnd => {
      const other = at === 0 ? 1 : 0
      return createLinkEnd({
        outlet: pipes[at]!,
        binding: binding.slice(),
        consumed: (weight) => pipes[other]!.consumed(weight),
        closing: () => pipes[other]!.abandon(),
      })
    }
    const over = (): void => {
      for (const pipe of pipes) pipe.abandon()
      connections.delete(connection)
      ours.delete(connection)
      if (ours.size === 0 && byPair.get(key) === ours) byPair.delete(key)
    }
    const connection: Connection = {
      names,
      pipes: [makePipe(0), makePipe(1)],
      lose(code) {
        over()
        for (const end of ends) end.end(code)
      },
    }
    pipes.push(...connection.pipes)
    ends.push(makeEnd(0), makeEnd(1))
    connections.add(connection)
    ours.add(connection)
    byPair.set(key, ours)
    if (!reachable(nameA, nameB)) connection.lose('unreachable')
    return [ends[0]!.link, ends[1]!.link]
  }

  const resume = (): void => {
    for (const { names, pipes } of [...connections]) {
      if (reachable(...names)) for (const pipe of pipes) pipe.resume()
    }
  }

  return {
    pair,
    reachable,
    cut: (a, b) => {
      cuts.add(pairKey(a, b))
    },
    heal(a, b) {
      if (a !== undefined && b !== undefined) {
        cuts.delete(pairKey(a, b))
      } else {
        cuts.clear()
        groupByName = null
      }
      resume()
    },
    partition(groups) {
      groupByName = new Map(groups.flatMap((group, index) => group.map((name) => [name, index])))
      resume()
    },
    lose(a, b) {
      for (const connection of [...(byPair.get(pairKey(a, b)) ?? [])]) connection.lose('lost')
    },
    loseAll(name) {
      for (const connection of [...connections]) if (connection.names.includes(name)) connection.lose('lost')
    },
    setFaults: (next) => {
      faults = next
    },
    traffic: (from, to) => ({ ...(traffic.get(`${from}\n${to}`) ?? { frames: 0, bytes: 0 }) }),
    total: () => ({ ...total }),
    connections: () => connections.size,
  }
}

function decideFate(random: Random, faults: NetworkFaults, delayMs: () => number): Fate {
  if (random.chance(faults.lose ?? 0)) return 'lost'
  if (random.chance(faults.drop ?? 0)) return { delaysMs: [], overtakes: false }
  const copies = random.chance(faults.duplicate ?? 0) ? 2 : 1
  return { delaysMs: Array.from({ length: copies }, delayMs), overtakes: random.chance(faults.reorder ?? 0) }
}

const pairKey = (a: string, b: string): string => (a < b ? `${a}\n${b}` : `${b}\n${a}`)
