/**
 * Friends who never meet but through a hub, over a bad network: all end with the same timelines.
 *
 *     seed ─▶ people, hub, skews ─▶ (act, cut, lose, heal, restart of nothing, time)… ─▶ heal ─▶ equal?
 *
 * @module
 */
import { createFailures, type Figure, replay } from '../figure.ts'
import { createWorld, type Person, passWhile } from '../world.ts'
import { difference } from './converged.ts'
import { tryToAct } from './history.ts'

/** Rounds of one seed; in each everybody may do something. */
const rounds = 20

/** Everybody agrees within this once the network is well, ms: the longest pause before a dial is 2 minutes. */
const settleMs = 15 * 60_000

const second = 1_000

export const friends: Figure = {
  name: 'friends',
  what: 'two to four people and a hub, random histories (notes, pictures, comments, edits, deletes, erases, follows) over a network that is slow, cut and lossy, clocks off by up to an hour: all read the same',
  unit: 'seeds',
  short: 50,
  long: 10_000,
  notCovered:
    'hostile peers and several devices of one account; the clock, the network and chance are simulated',
  async run({ n, seed, tell = () => {} }) {
    const failures = createFailures()
    const counts = { 'did not converge': 0, 'things done': 0, 'cuts and losses': 0, 'entries at the end': 0 }
    for (let number = 0; number < n; number++) {
      // A single seed is replayed by its own name.
      const name = n === 1 ? seed : `${seed}.${number}`
      const told = await runSeed(name)
      counts['things done'] += told.done
      counts['cuts and losses'] += told.faults
      counts['entries at the end'] += told.entries
      if (told.failure !== null) {
        counts['did not converge']++
        failures.add(`${told.failure}; ${replay('friends', 1, name)}`)
      }
      tell(number + 1)
    }
    return { counts, failures: failures.list }
  },
}

export interface SeedOutcome {
  readonly failure: string | null
  readonly done: number
  readonly faults: number
  readonly entries: number
  readonly trace: readonly string[]
}

export async function runSeed(seed: string): Promise<SeedOutcome> {
  const trace: string[] = []
  let done = 0
  let faults = 0
  await using world = createWorld(seed, { latencyMs: 40, jitterMs: 60, bytesPerSecond: 2_000_000 })
  const { clock, network, random } = world
  const names = ['alice', 'bob', 'carol', 'dave'].slice(0, 2 + random.integer(3))
  try {
    const hub = await world.hub('hub')
    const people: Person[] = []
    for (const name of names) {
      people.push(await world.person(name, { skewMs: random.integer(7_200_000) - 3_600_000 }))
    }
    for (const person of people) {
      person.connect(hub)
      for (const other of people) {
        if (other !== person && random.chance(0.8))
          await person.peer.relate('follow', other.peer.identity, true)
      }
    }
    // Two of them know each other's address: what comes twice is taken once.
    if (people.length > 2 && people[0] !== undefined && people[1] !== undefined) people[0].connect(people[1])
    for (let round = 0; round < rounds; round++) {
      for (const person of random.shuffle(people)) {
        if (random.chance(0.3)) continue
        const others = people.filter((other) => other !== person)
        const what = await passWhile(clock, tryToAct(person, others, random))
        trace.push(`${round} ${person.name}: ${what}`)
        done++
      }
      const whom = random.pick(names)
      switch (random.integer(6)) {
        case 0:
          network.cut(whom, 'hub')
          faults++
          break
        case 1:
          network.loseAll(whom)
          faults++
          break
        case 2:
          network.setFaults({ lose: 0.002 })
          faults++
          break
        case 3:
          network.loseAll('hub')
          faults++
          break
        case 4:
          network.setFaults({})
          network.heal()
          break
        default:
      }
      await clock.advance(random.pick([0, 10, 200, second, 5 * second, 40 * second]))
    }
    network.setFaults({})
    network.heal()
    const isSettled = await clock.runUntil(
      everySecond(clock, () => difference(people) === null),
      settleMs,
    )
    const entries = people.reduce(
      (sum, { peer }) => sum + (peer.store.feed(peer.identity)?.heldCount ?? 0),
      0,
    )
    const failure = isSettled ? null : `${difference(people)} (${world.warnings.slice(0, 3).join(', ')})`
    return { failure, done, faults, entries, trace }
  } catch (cause) {
    const failure = cause instanceof Error ? (cause.stack ?? String(cause)) : String(cause)
    return { failure, done, faults, entries: 0, trace }
  }
}

/** Looks at most once a second of the fake clock: comparing everybody costs more than most of what happens. */
function everySecond(clock: { monotonic(): number }, condition: () => boolean): () => boolean {
  let nextMs = 0
  return () => {
    if (clock.monotonic() < nextMs) return false
    nextMs = clock.monotonic() + second
    return condition()
  }
}
