/**
 * Clocks that are wrong by years, and jump (RELIABILITY T24): no loss, no lock-out.
 *
 *     alice −10 … +10 years ─▶ hub, its own clock ◀─ bob     wall clocks jump while they write and sync
 *
 * @module
 */
import { createFailures, type Figure, replay } from '../figure.ts'
import { difference } from '../friends/converged.ts'
import { tryToAct } from '../friends/history.ts'
import { createWorld, passWhile } from '../world.ts'

const yearMs = 365 * 24 * 60 * 60 * 1000
const second = 1_000

/** Rounds of one seed. */
const rounds = 12

/** Agreed, connected and able to write within this once nothing jumps any more, ms. */
const settleMs = 10 * 60_000

export const clocks: Figure = {
  name: 'clocks',
  what: 'two people and a hub with wall clocks up to 10 years off that jump as far while they write and sync [T24]',
  unit: 'seeds',
  short: 15,
  long: 2_000,
  notCovered: 'a monotonic clock that stops or goes back: no platform has one',
  async run({ n, seed, tell = () => {} }) {
    const failures = createFailures()
    const counts = { 'lost or locked out': 0, jumps: 0, 'things done': 0 }
    for (let number = 0; number < n; number++) {
      const name = n === 1 ? seed : `${seed}.${number}`
      try {
        const { failure, jumps, done } = await runSeed(name)
        counts.jumps += jumps
        counts['things done'] += done
        if (failure === null) continue
        counts['lost or locked out']++
        failures.add(`${failure}; ${replay('clocks', 1, name)}`)
      } catch (cause) {
        counts['lost or locked out']++
        failures.add(`${cause instanceof Error ? cause.stack : cause}; ${replay('clocks', 1, name)}`)
      } finally {
        tell(number + 1)
      }
    }
    return { counts, failures: failures.list }
  },
}

async function runSeed(seed: string) {
  await using world = createWorld(seed, { latencyMs: 30, jitterMs: 20 })
  const { clock, network, random } = world
  const off = (): number => random.integer(20 * yearMs) - 10 * yearMs
  const hub = await world.hub('hub', { skewMs: random.chance(0.5) ? 0 : off() })
  const alice = await world.person('alice', { skewMs: random.pick([-10 * yearMs, off()]) })
  const bob = await world.person('bob', { skewMs: random.pick([10 * yearMs, off()]) })
  const people = [alice, bob]
  let jumps = 0
  let done = 0
  for (const [person, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    await passWhile(clock, person.peer.relate('follow', other.peer.identity, true))
    person.connect(hub)
  }
  for (let round = 0; round < rounds; round++) {
    for (const person of people) {
      const others = people.filter((other) => other !== person)
      await passWhile(clock, tryToAct(person, others, random))
      done++
    }
    if (random.chance(0.6)) {
      const whose = random.pick([alice, bob, hub])
      whose.clock.jump(off())
      jumps++
    }
    // A connection that comes back finds the clocks changed.
    if (random.chance(0.3)) network.loseAll('hub')
    await clock.advance(random.pick([100, second, 30 * second]))
  }
  for (const person of people) {
    const other = person === alice ? bob : alice
    if (!person.peer.query.relations(person.peer.identity, 'follow').includes(other.peer.identity)) {
      await passWhile(clock, person.peer.relate('follow', other.peer.identity, true))
    }
  }
  let nextMs = 0
  const isSettled = await clock.runUntil(() => {
    if (clock.monotonic() < nextMs) return false
    nextMs = clock.monotonic() + second
    return difference(people) === null
  }, settleMs)
  return { failure: isSettled ? null : `${difference(people)} (${world.warnings.join(', ')})`, jumps, done }
}
