/**
 * Lets the planned faults happen, and ends them.
 *
 *     band ─from▶ network, machine ─to▶ healed
 *
 * @module
 */
import type { NetworkFaults } from '../network.ts'
import type { Band, Fault } from './faults.ts'
import type { Knowledge } from './knowledge.ts'
import type { Machine } from './machine.ts'
import type { Loss } from './memory-disk.ts'
import type { World } from './world.ts'

export interface ConductPorts {
  readonly world: World
  readonly bands: readonly Band[]
  readonly knowledge: Knowledge
  /** Turns a machine on again; `isEager`: and its person writes at once. */
  readonly start: (machine: Machine, isEager: boolean) => void
  /** It was set back to a copy that was made then, ms of the run. */
  readonly setBack: (machine: Machine, copiedMs: number) => void
}

export interface Conductor {
  /** The machine died of itself, in the middle of something. */
  died(machine: Machine, loss: Loss): void
  /** Ends everything that is still going on. */
  heal(): void
}

const yearMs = 365 * 24 * 60 * 60 * 1000
const minuteMs = 60_000

/** Probabilities a frame while a band lasts. */
const rates: Partial<Record<Fault, NetworkFaults>> = {
  'frame-loss': { lose: 0.01 },
  duplication: { duplicate: 0.02 },
  reordering: { reorder: 0.05 },
}

/** Between two broken connections of a band, ms. */
const lossEveryMs = 3_000

export function conduct({ world, bands, knowledge, start, setBack }: ConductPorts): Conductor {
  const { clock, network, trace } = world
  const random = world.random.fork('conduct')
  const going = new Set<Band>()
  /** Machines that are off, and their network with them: nobody is told until they are on again. */
  const silent = new Set<string>()
  let isOver = false

  const machine = (name: string | undefined): Machine | null => world.machines.get(name ?? '') ?? null

  function restart(name: string | undefined, isEager = false): void {
    const one = machine(name)
    if (one === null || one.running !== null) return
    if (silent.delete(one.name)) network.loseAll(one.name)
    start(one, isEager)
  }

  function setNetwork(): void {
    const active = [...going].map(({ fault }) => rates[fault] ?? {})
    network.setFaults(Object.assign({}, ...active))
    world.slowness = [...going].some(({ fault }) => fault === 'delay') ? 1_500 : 0
    world.rtc?.route([...going].some(({ fault }) => fault === 'direct-breaks') ? 'none' : 'direct')
    network.heal()
    for (const { fault, who } of going) if (fault === 'partition') network.partition([who])
  }

  function breakSome(band: Band): void {
    if (!going.has(band)) return
    const names = [...world.machines.keys()]
    if (random.chance(0.3)) network.loseAll(random.pick(names))
    else for (let pairs = 0; pairs < 8; pairs++) network.lose(random.pick(names), random.pick(names))
    clock.after(lossEveryMs, () => breakSome(band))
  }

  function begin(band: Band): void {
    if (isOver) return
    const one = machine(band.who[0])
    trace.add('fault', band.who.join('+') || 'all', band.fault)
    going.add(band)
    switch (band.fault) {
      case 'loss':
        breakSome(band)
        break
      case 'offline':
        void one?.stop()
        break
      case 'crash':
      case 'power-loss': {
        const loss = band.fault === 'crash' ? 'kill' : 'power'
        if (random.chance(0.3)) one?.crash(loss)
        else one?.crashWithin(1 + random.integer(120), loss)
        break
      }
      case 'clock-jump': {
        const farMs = random.chance(0.5) ? 10 * yearMs : 10 * minuteMs
        one?.clock.jump((random.chance(0.5) ? 1 : -1) * random.integer(farMs))
        break
      }
      case 'restored-backup':
        copy(band, one)
        break
      default:
        setNetwork()
    }
    clock.after(band.toMs - band.fromMs, () => end(band))
  }

  const copies = new Map<Band, () => void>()

  function copy(band: Band, one: Machine | null): void {
    if (one === null) return
    const photograph = one.photograph()
    const heads = knowledge.heads(one.name)
    const copiedMs = clock.monotonic()
    // The store is opened once more before it is set back: its vault cannot tell a copy of this very opening.
    one.crash('kill')
    restart(one.name)
    copies.set(band, () => {
      one.crash('kill')
      if (one.running !== null) return
      one.restore(photograph)
      setBack(one, copiedMs)
      knowledge.setBack(one.name, heads)
      trace.add('restored', one.name, `copy of ${Math.round(copiedMs / 1000)} s`)
    })
  }

  function end(band: Band): void {
    if (!going.delete(band)) return
    switch (band.fault) {
      case 'restored-backup':
        copies.get(band)?.()
        restart(band.who[0], true)
        break
      case 'offline':
      case 'crash':
      case 'power-loss':
        restart(band.who[0])
        break
      case 'clock-jump':
      case 'loss':
        break
      default:
        setNetwork()
    }
  }

  for (const band of bands) clock.after(band.fromMs - clock.monotonic(), () => begin(band))

  return {
    died({ name }, loss) {
      trace.add('died', name, loss)
      if (loss === 'power') silent.add(name)
      else network.loseAll(name)
      // A plan that waits for a statement may strike after its band.
      const isPlanned = [...going].some(({ who }) => who[0] === name)
      if (!isPlanned) clock.after(1_000, () => restart(name))
    },
    heal() {
      isOver = true
      for (const band of [...going]) end(band)
      going.clear()
      setNetwork()
      for (const name of world.machines.keys()) restart(name)
    },
  }
}
