/**
 * Puts the hostile peers and the hostile hub of a run onto the stage.
 *
 *     fault names ─▶ intruders (by hand) + impostors (shipping code with a part that lies)
 *
 * @module
 */
import type { Identity, Payload } from '@effigy/core'
import type { Random } from '../seed.ts'
import { type Fault, type HostileHub, type HostilePeer, hostileHubs, hostilePeers } from './faults.ts'
import { twistedExchange } from './hostile-exchange.ts'
import { altering, deafToItself, keepingBack, stuckInThePast } from './impostors.ts'
import { type IntruderPorts, sendIntruder } from './intruder.ts'
import type { Machine } from './machine.ts'
import { type AddOptions, addressOf, type World } from './world.ts'

export interface EnemyPlan {
  readonly peers: readonly HostilePeer[]
  /** What the last hub does. */
  readonly hub: HostileHub | null
}

/** Hostile peers of one run. */
const maxEnemies = 3

/** Few a run, so that what one does is not hidden by another. */
export function planEnemies(faults: ReadonlySet<Fault>, random: Random): EnemyPlan {
  const peers = random.shuffle(hostilePeers.filter((kind) => faults.has(kind)))
  const hubs = hostileHubs.filter((kind) => kind !== 'hostile-hub' && faults.has(kind))
  const one = hubs.length === 0 ? null : random.pick(hubs)
  // From a stream of its own: runs without it stay what they were.
  const isWorst = faults.has('hostile-hub') && (one === null || random.fork('hostile-hub').chance(0.25))
  return { peers: peers.slice(0, maxEnemies), hub: isWorst ? 'hostile-hub' : one }
}

/** How the hostile hub differs from an honest one. */
export function hostileHub(
  kind: HostileHub,
  victims: () => ReadonlySet<Identity>,
  random: Random,
): AddOptions {
  if (kind === 'dropping-hub') return { alter: keepingBack(victims) }
  if (kind !== 'hostile-hub') return {}
  const [deaf, old] = [keepingBack(victims), stuckInThePast()]
  return {
    alter: (parts) => deaf(old(parts)),
    signalling: { carries: () => true, createHub: twistedExchange(random) },
  }
}

/** The second face of a hub: half of the people meet a machine with its key that tells old heads. */
export async function addSecondFace(world: World, hub: string): Promise<Machine> {
  const face = `~${hub}`
  const side = world.random.fork('faces')
  const faces = new Map<string, string>()
  const machine = await world.add(face, 'hub', { keyName: hub, alter: stuckInThePast() })
  world.route = (from, to) => {
    if (to !== hub) return to
    const met = faces.get(from) ?? (side.chance(0.5) ? hub : face)
    faces.set(from, met)
    return met
  }
  return machine
}

export interface EnemyPorts extends IntruderPorts {
  readonly hubs: readonly string[]
  readonly people: readonly string[]
  readonly start: (machine: Machine) => Promise<void>
}

/** Notes on each branch of the forked feed. */
const branchNotes = 6
const noteEveryMs = 20_000

/** Gives the identities that people may follow by mistake. */
export async function sendEnemies(
  plan: EnemyPlan,
  ports: EnemyPorts,
): Promise<ReadonlyMap<string, Identity>> {
  const enemies = new Map<string, Identity>()
  for (const kind of plan.peers) {
    switch (kind) {
      case 'altered':
        enemies.set('~altered', await sendForger(ports))
        break
      case 'forked-feed':
        enemies.set('~forked-feed', await sendTwins(ports))
        break
      default:
        await sendIntruder(kind, ports)
    }
  }
  return enemies
}

/** A peer that fetches what everybody writes, and serves it altered. */
async function sendForger({ world, targets, feeds, start }: EnemyPorts): Promise<Identity> {
  const random = world.random.fork('altered')
  const machine = await world.add('~altered', 'peer', { alter: altering(random) })
  await start(machine)
  const { peer } = machine.running ?? {}
  for (const feed of feeds) peer?.watch(feed)
  for (const [name, identity] of targets) {
    if (random.chance(0.4)) peer?.connect(addressOf(name), { expect: identity })
  }
  return machine.identity
}

/** One key on two machines: they write on from the same beginning, each for other people. */
async function sendTwins({ world, targets, hubs, people, start }: EnemyPorts): Promise<Identity> {
  const keyName = '~forked-feed'
  const { clock, random: whole } = world
  const random = whole.fork(keyName)
  const twins: Machine[] = []
  for (const name of [keyName, `${keyName}-2`]) {
    const alter = deafToItself(() => (twins[0] as Machine).identity)
    twins.push(await world.add(name, 'peer', { keyName, alter }))
  }
  const [one, two] = twins as [Machine, Machine]

  async function write(machine: Machine, text: string): Promise<void> {
    const payload = { type: 'public_note', at: machine.clock.now(), text } as Payload
    await machine.running?.peer.publish(payload).catch(() => {})
  }

  await start(one)
  for (let note = 0; note < 3; note++) await write(one, `both ${note}`)
  two.restore(one.photograph())
  await start(two)
  two.running?.peer.writeAnyway()
  for (const [index, machine] of twins.entries()) {
    const met = [hubs[index % hubs.length], ...people.filter((_, at) => at % 4 === index)]
    for (const name of met) {
      const expect = targets.get(name ?? '') ?? null
      if (expect !== null) machine.running?.peer.connect(addressOf(name ?? ''), { expect })
    }
    for (let note = 0; note < branchNotes; note++) {
      const atMs = 10_000 + note * noteEveryMs + random.integer(noteEveryMs)
      clock.after(atMs, () => void write(machine, `branch ${index} ${note}`))
    }
  }
  return one.identity
}
