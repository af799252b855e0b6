/**
 * The random life of an account: five devices, two friends, a hub; all of it hangs on the seed.
 *
 *     seed ─▶ linking, revoking, leaving, handing over, moving, partitions, kills, clocks ─▶ rest ─▶ what all agree on
 */
import type { Authority, Identity, Root } from '@effigy/core'
import type { Store } from '@effigy/store'
import { createRandom, type Random } from '@effigy/testkit'
import { seedGlobalRandomness } from '@effigy/testkit/simulator'
import { type Cast, createCast, deviceNames, friendNames, tried } from './account-cast.ts'
import { confirmPhrase, link } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, texts, type World } from './world.ts'

export interface History {
  /** What was tried, and its code where it was refused. */
  readonly trace: readonly string[]
  /** Entries above a final, two rounds of exchange after everybody came together. */
  readonly beyond: readonly string[]
  /** What each of the honest makes of the account in the end, by name. */
  readonly verdicts: ReadonlyMap<string, string>
  /** What each member says of the own state that the devices share; of none, when some of it is in a frozen feed. */
  readonly states: ReadonlyMap<string, string>
  /** Notes of all devices as members and friends show them. */
  readonly notes: ReadonlyMap<string, string>
}

type Act = readonly [
  what: string,
  act: (signal: AbortSignal) => Promise<unknown>,
  /** It lets time pass itself. */
  drives?: true,
]

const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

const minuteMs = 60_000
const dayMs: number = 24 * 60 * minuteMs
/** Everything has come to rest by then; a reconnect takes its time. */
const restMs: number = 5 * minuteMs
const lookEveryMs = 500
/** An account moves 16 times at most, and once in the end. */
const maxMoves = 8

/** Chance and date are those of the process: of two lives at once neither would hang on its seed alone. */
let last: Promise<unknown> = Promise.resolve()

export interface LifeOptions {
  readonly steps?: number
  /** Ends a life that nobody waits for any more, or the next one would wait for it. */
  readonly signal: AbortSignal
}

/** Begins once the life before it is over. Throws the signal's reason. */
export function liveThrough(seed: string, options: LifeOptions): Promise<History> {
  const life = last.then(() => live(seed, options))
  last = life.catch(() => {})
  return life
}

async function live(seed: string, { steps = 40, signal }: LifeOptions): Promise<History> {
  signal.throwIfAborted()
  using _chance = seedGlobalRandomness(seed)
  using _date = stopDate()
  await using world = createWorld(seed)
  const cast = createCast(world, seed)
  const random = createRandom(`${seed}/history`)
  const trace: string[] = []
  const main = await cast.start('laptop')
  await cast.start('hub')
  await main.peer.account.create({ phrase, label: 'laptop' })
  await confirmPhrase(main.peer.account)
  const root = main.peer.account.show()?.root as Root
  for (const name of friendNames) await cast.befriend(name, main)

  for (let step = 0; step < steps; step++) {
    signal.throwIfAborted()
    const [what, act, drives] = pickAct(world, cast, random, step)
    if (drives) await act(never)
    trace.push(drives ? what : `${what}${await tried(world, act)}`)
    await world.pass(random.pick([0, 100, 1_000, 5_000]))
  }

  await cast.bringTogether()
  await cast.rounds(1)
  if (cast.withRole('main').length !== 1 || cast.everybody().some((peer) => verdictOf(peer, root).disputed)) {
    // A person who sees that no device may write, or that two states are known, types the words.
    const [saver = await cast.start('spare')] = cast.withRole('main', 'linked', 'main-without-key')
    const saved = await tried(world, (signal) => saver.peer.account.move({ phrase, signal }))
    trace.push(`${saver.name} saves the account${saved}`)
  }
  await cast.rounds(2)
  const beyond = cast.everybody().flatMap((peer) => beyondFinals(peer, newestOf(cast, root)))
  const isAlike = (peers: readonly TestPeer[], of: (peer: TestPeer) => string): boolean =>
    new Set(peers.map(of)).size <= 1
  const verdictText = (peer: TestPeer): string => textOfVerdict(verdictOf(peer, root))
  // Of who is frozen everybody keeps what was held, more or less (Y7).
  const isJudged = (identity: Identity): boolean =>
    newestOf(cast, root).standings.get(identity)?.type !== 'frozen'
  const notesOf = ({ store }: TestPeer): string => notesIn(store, cast.identities().filter(isJudged))
  const members = (): readonly TestPeer[] => cast.withRole('main', 'linked')
  const isFrozen = ({ type }: { readonly type: string }): boolean => type === 'frozen'
  const sharers = (): readonly TestPeer[] =>
    [...newestOf(cast, root).standings.values()].some(isFrozen) ? [] : members()
  const readers = (): readonly TestPeer[] => [...members(), ...cast.friends()]
  const isAtRest = (): boolean =>
    isAlike(cast.everybody(), verdictText) && isAlike(sharers(), stateOf) && isAlike(readers(), notesOf)
  // What does not come to rest is for the test to show. Looked at now and then: to ask all costs more than to live on.
  for (let passedMs = 0; passedMs < restMs && !isAtRest(); passedMs += lookEveryMs) {
    signal.throwIfAborted()
    await world.pass(lookEveryMs)
  }
  const byName = (peers: readonly TestPeer[], of: (peer: TestPeer) => string): ReadonlyMap<string, string> =>
    new Map(peers.map((peer) => [peer.name, of(peer)]))
  return {
    trace,
    beyond,
    verdicts: byName(cast.everybody(), verdictText),
    states: byName(sharers(), stateOf),
    notes: byName(readers(), notesOf),
  }
}

/** Words become keys in slices of real time, between which simulated time would pass. */
function stopDate(): Disposable {
  const { now } = Date
  Date.now = () => 0
  return {
    [Symbol.dispose]() {
      Date.now = now
    },
  }
}

/** What may happen next, the frequent more than once. */
function pickAct(world: World, cast: Cast, random: Random, step: number): Act {
  const acts: (Act | null)[] = []
  const one = (peers: readonly TestPeer[]): TestPeer | null => (peers.length > 0 ? random.pick(peers) : null)
  const add = (weight: number, act: Act | null): void => {
    for (let index = 0; index < weight; index++) acts.push(act)
  }
  const running = deviceNames.flatMap((name) => cast.running(name) ?? [])
  const fresh = deviceNames.filter((name) => cast.running(name) === null && !cast.killed().includes(name))
  const main = one(cast.withRole('main'))
  const linked = one(cast.withRole('linked'))
  const near = main === null ? [] : cast.withRole(null).filter((peer) => cast.reaches(main, peer))
  const joining = one(near)
  const writer = one(running)
  const isMember = ({ peer }: TestPeer): boolean =>
    peer.account.show()?.members.some(({ isSelf }) => isSelf) === true
  const mover = one(running.filter((peer) => cast.withRole(null).includes(peer) || isMember(peer)))
  const others = running.filter((peer) => peer !== main)
  const lost = one(others)
  const heir = one(cast.withRole('linked')) ?? lost

  if (writer !== null) {
    add(5, [`${writer.name} writes`, () => writer.peer.publish(note(`${writer.name} ${step}`))])
    const key = `read/${random.integer(4)}`
    add(3, [`${writer.name} reads`, () => writer.peer.state.set([[key, step]])])
  }
  if (fresh.length > 0) {
    const name = random.pick(fresh)
    add(4, [`${name} is bought`, () => cast.start(name)])
  }
  if (main !== null && joining !== null) {
    add(8, [`${main.name} links ${joining.name}`, () => linkOrNot(world, main, joining), true])
  }
  if (main !== null && lost !== null) {
    const lostAt = world.clock.now() - random.integer(minuteMs)
    add(2, [
      `${main.name} revokes ${lost.name}`,
      () => main.peer.account.revoke(lost.identity, random.chance(0.2) ? { final: null } : { lostAt }),
    ])
  }
  if (main !== null && heir !== null) {
    add(3, [
      `${main.name} hands over to ${heir.name}`,
      (signal) => main.peer.account.handOver(heir.identity, { signal }),
    ])
  }
  if (linked !== null) add(1, [`${linked.name} leaves`, (signal) => linked.peer.account.leave({ signal })])
  if (mover !== null && (mover.peer.account.show()?.moves.length ?? 0) < maxMoves) {
    add(2, [`the words on ${mover.name}`, (signal) => mover.peer.account.move({ phrase, signal })])
  }
  const names = random.shuffle([...deviceNames, ...friendNames, 'hub'])
  const half = random.integer(names.length)
  add(2, [
    `${names.slice(0, half).join(', ')} are apart`,
    async () => cast.partition([names.slice(0, half), names.slice(half)]),
  ])
  if (cast.isApart()) add(4, ['all reach all', async () => cast.heal()])
  const victim = random.pick([...running.map(({ name }) => name), ...friendNames, 'hub'])
  add(2, [`${victim} is killed`, () => cast.kill(victim), true])
  const killed = cast.killed()
  if (killed.length > 0) {
    const name = random.pick(killed)
    add(4, [`${name} is back`, () => cast.start(name)])
  }
  const jumpMs = random.pick([-400 * dayMs, -60 * minuteMs, 60 * minuteMs, dayMs, 90 * dayMs])
  add(1, [`the clock jumps by ${jumpMs / minuteMs} min`, async () => world.clock.jump(jumpMs)])
  return random.pick(acts.filter((act) => act !== null))
}

/** Not when the main device is none any more, and has not heard of it. */
async function linkOrNot(world: World, main: TestPeer, joining: TestPeer): Promise<void> {
  await link(world, main, joining).catch(() => {})
}

function verdictOf({ store }: TestPeer, root: Root): Authority {
  return store.synods?.account(root) as Authority
}

/** That of who has heard most. */
function newestOf(cast: Cast, root: Root): Authority {
  const verdicts = cast.everybody().map((peer) => verdictOf(peer, root))
  const rank = ({ moves, current }: Authority): number => moves.length * 1e6 + (current?.length ?? 0)
  return verdicts.reduce((best, each) => (rank(each) > rank(best) ? each : best))
}

/** Entries that are held as a revoked device's feed, and should not be. */
function beyondFinals({ name, store }: TestPeer, { standings }: Authority): readonly string[] {
  return [...standings].flatMap(([identity, standing]) => {
    if (standing.type !== 'revoked') return []
    const head = store.feed(identity)?.record?.head ?? null
    const [epoch, length, cid] = standing.final ?? [0, 0, '']
    const isBeyond =
      head !== null &&
      (head.epoch > epoch || head.length > length || (head.length === length && head.head !== cid))
    return isBeyond ? [`${name} holds ${head.length} of ${length}`] : []
  })
}

function textOfVerdict({ identity, current, disputed, moves, standings }: Authority): string {
  const all = [...standings].map(([device, standing]) => [
    device,
    standing.type,
    'final' in standing ? standing.final : null,
  ])
  return JSON.stringify([identity, current?.cid, disputed, moves.length, all.sort()])
}

const stateOf = ({ peer }: TestPeer): string =>
  JSON.stringify(peer.state.values('').map(({ key, value }) => [key, value]))

const notesIn = (store: Store, identities: readonly Identity[]): string =>
  JSON.stringify(identities.map((identity) => texts(store, identity).filter((text) => / \d+$/.test(text))))
