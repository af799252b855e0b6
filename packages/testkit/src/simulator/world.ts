/**
 * Machines on one clock and one network, all from one seed.
 *
 *     createWorld ─▶ add(person or hub) ─▶ Machine ◀─dial─▶ Machine         clock.advance, network.cut, …
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Peer, SignallingOptions } from '@effigy/peer'
import type { Clock, Link, Log, LogFields } from '@effigy/sync'
import { createFakeRtcWorld, type FakeRtcWorld } from '../../../links/test/fake-rtc.ts'
import { createFakeClock, type FakeClock } from '../clock.ts'
import { createNetwork, type Network } from '../network.ts'
import { createRandom, type Random } from '../seed.ts'
import { createMachine, type HubHooks, type Machine, type Parts, type Running } from './machine.ts'
import type { Loss } from './memory-disk.ts'
import { createTrace, type Trace, type TraceEvent } from './trace.ts'

export interface WorldOptions {
  readonly seed: string
  /** The backend of all machines; its random bytes are replaced. */
  readonly crypto: Crypto
  /** What makes a hub of a peer. */
  readonly hub: (peer: () => Peer, clock: Clock) => HubHooks
  /** Whether distances differ; all the same when false. */
  readonly varied: boolean
  /** Whether people may have ways from device to device. */
  readonly isDirect: boolean
  readonly onEvent?: (event: TraceEvent) => void
}

export interface World {
  readonly clock: FakeClock
  readonly network: Network
  readonly random: Random
  readonly trace: Trace
  readonly machines: ReadonlyMap<string, Machine>
  /** Ways from device to device; null where there are none. */
  readonly rtc: FakeRtcWorld | null
  /** What is added to the way of every frame, ms. */
  slowness: number
  /** Machines that answer late, all the time. */
  readonly slow: Set<string>
  /** Where a dial of `from` to `to` ends; at `to` unless somebody shows two faces. */
  route: (from: string, to: string) => string
  add(name: string, kind: 'peer' | 'hub', options?: AddOptions): Promise<Machine>
  /** Somebody who is no machine: whoever dials that name gets to `accept`. */
  answer(name: string, accept: (link: Link) => void): void
  /** Rejects with 'unreachable' when nobody answers. */
  dial(from: string, address: string): Promise<Link>
  readonly hooks: WorldHooks
}

export interface AddOptions {
  /** How far its wall clock is off, ms. */
  readonly skewMs?: number
  readonly keyName?: string
  readonly alter?: (parts: Parts) => Parts
  readonly broken?: 'durability' | 'instance-check' | null
  readonly mayLosePower?: boolean
  /** Of a hub; none when omitted. */
  readonly signalling?: SignallingOptions
}

/** Who listens to everything. */
export interface WorldHooks {
  started: (machine: Machine, running: Running) => void
  died: (machine: Machine, loss: Loss) => void
  logged: (machine: string, event: string, fields: LogFields, isWarning: boolean) => void
}

export function addressOf(name: string, identity?: Identity): string {
  return `ws://${name}.test${identity === undefined ? '' : `#${identity}`}`
}

/** How late a slow machine is, ms one way. */
const slowMs = 1_200

/** How long a dial into the void takes, ms. */
const dialMs = 3_000

export function createWorld(asked: WorldOptions): World {
  const { seed, crypto } = asked
  const random = createRandom(seed)
  const clock = createFakeClock()
  const distances = new Map<string, number>()
  const distance = random.fork('distances')
  const trace = createTrace(() => clock.monotonic(), asked.onEvent)
  const machines = new Map<string, Machine>()
  const answering = new Map<string, (link: Link) => void>()

  function latencyMs(from: string, to: string): number {
    const extraMs = world.slowness + (world.slow.has(from) || world.slow.has(to) ? slowMs : 0)
    if (!asked.varied) return 20 + extraMs
    const key = from < to ? `${from} ${to}` : `${to} ${from}`
    const known = distances.get(key) ?? 5 + distance.fork(key).integer(200)
    distances.set(key, known)
    return known + extraMs
  }

  const network = createNetwork({
    clock,
    random: random.fork('network'),
    latencyMs,
    jitterMs: asked.varied ? 30 : 0,
    bytesPerSecond: 4_000_000,
  })

  async function dial(from: string, address: string): Promise<Link> {
    const to = world.route(from, new URL(address).hostname.replace(/\.test$/, ''))
    await new Promise<void>((resolve) => clock.after(latencyMs(from, to) * 2, resolve))
    const accept = (link: Link): boolean => {
      const answer = answering.get(to)
      answer?.(link)
      return answer !== undefined || machines.get(to)?.accept(link) === true
    }
    if (network.reachable(from, to)) {
      const [mine, theirs] = network.pair(from, to)
      if (accept(theirs)) return mine
      theirs.close('unreachable')
    } else {
      await new Promise<void>((resolve) => clock.after(dialMs, resolve))
    }
    throw new EffigyError('unreachable', `${to} does not answer`)
  }

  const rtc = asked.isDirect ? createFakeRtcWorld(clock) : null
  const hooks: WorldHooks = { started() {}, died() {}, logged() {} }

  const world: World = {
    clock,
    network,
    random,
    trace,
    machines,
    rtc,
    slowness: 0,
    slow: new Set(),
    route: (_from, to) => to,
    dial,
    hooks,
    async add(name, kind, options = {}) {
      const { skewMs = 0, keyName, alter, broken = null, mayLosePower = false, signalling } = options
      const view = clock.view(skewMs)
      const log: Log = {
        info: (event, fields) => hooks.logged(name, event, fields, false),
        warn: (event, fields) => hooks.logged(name, event, fields, true),
      }
      const machine = await createMachine({
        name,
        kind,
        seed,
        crypto,
        clock: view,
        log,
        broken,
        mayLosePower,
        random: random.fork(`machine ${name}`),
        dial: (_, address) => dial(name, address),
        started: (who, running) => hooks.started(who, running),
        died: (who, loss) => hooks.died(who, loss),
        ...(kind === 'hub' ? { hub: asked.hub } : {}),
        ...(kind === 'hub' || rtc === null ? {} : { rtc: () => rtc.machine() }),
        ...(keyName === undefined ? {} : { keyName }),
        ...(alter === undefined ? {} : { alter }),
        ...(signalling === undefined ? {} : { signalling }),
      })
      machines.set(name, machine)
      return machine
    },
    answer: (name, accept) => void answering.set(name, accept),
  }
  return world
}
