/**
 * One run of the simulation: people, hubs and enemies on a bad network, then quiet, then every invariant.
 *
 *     seed ─▶ cast, plan ─▶ set up ─▶ faulty phase ─▶ heal ─▶ converged? ─▶ Outcome
 *
 * @module
 */
import { type Cid, EffigyError, type Head, type HeadRecord, type Identity, type Payload } from '@effigy/core'
import { createMemoisedCrypto } from '@effigy/crypto'
import type { Peer } from '@effigy/peer'
import type { LogFields } from '@effigy/sync'
import { createRandom } from '../seed.ts'
import { type ActPorts, act, expectedRefusals } from './acts.ts'
import { type Asked, createAudit, damageOf, unknownFork } from './audit.ts'
import { type Break, breakParts } from './breaks.ts'
import { namesOf, smallWorld } from './cast.ts'
import { createChatter } from './chatter.ts'
import { type Conductor, conduct } from './conduct.ts'
import { type Difference, isFollowed, type Participant, pairDifference } from './converged.ts'
import { addSecondFace, hostileHub, planEnemies, sendEnemies } from './enemies.ts'
import { planFaults } from './faults.ts'
import { createKnowledge, type Step } from './knowledge.ts'
import { createLedger } from './ledger.ts'
import type { Machine, Running } from './machine.ts'
import type { Outcome, Publication, SimulationOptions, Violation } from './outcome.ts'
import { seedGlobalRandomness } from './randomness.ts'
import { createWatchdog } from './watchdog.ts'
import { addressOf, createWorld } from './world.ts'

const second = 1_000
/** Follows are told and first connections are made, ms. */
const setUpMs = 20 * second
const defaultFaultyMs = 2 * 60 * second
/** Everybody agrees within this once the network is well, ms: the longest pause before a dial is 2 minutes. */
const settleMs = 15 * 60 * second
/** Between two things that one person does, at most, ms. */
const idleMs = 24 * second
/** A thing that takes longer than this will never be done, ms. */
const stuckMs = 120 * second
const maxViolations = 20
const hubCount = 3

/**
 * One at a time in a process: it takes over the global chance, and hears of what nobody caught. What breaks a rule is in the outcome, 20
 * such at most; rejects for what keeps it from running.
 */
export async function simulate(options: SimulationOptions): Promise<Outcome> {
  using _chance = seedGlobalRandomness(options.seed)
  const violations: Violation[] = []
  const failures: unknown[] = []
  const onFailure = (reason: unknown): void => void failures.push(reason)
  process.on('unhandledRejection', onFailure)
  process.on('uncaughtException', onFailure)
  try {
    return await run(options, violations, failures)
  } finally {
    process.off('unhandledRejection', onFailure)
    process.off('uncaughtException', onFailure)
  }
}

async function run(
  options: SimulationOptions,
  violations: Violation[],
  failures: unknown[],
): Promise<Outcome> {
  const { seed, faults, peers, faultyMs = defaultFaultyMs, broken = null } = options
  const enemies = planEnemies(faults, createRandom(seed).fork('enemies'))
  const world = createWorld({
    seed,
    crypto: createMemoisedCrypto(options.crypto),
    hub: options.hub,
    varied: faults.has('latency'),
    // Somebody has to bring people together.
    isDirect: faults.has('direct-breaks') && enemies.hub === 'hostile-hub',
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  })
  const { clock, network, random, trace, machines } = world
  const nowMs = (): number => clock.monotonic()
  const endMs = setUpMs + faultyMs
  const hubs = Array.from({ length: hubCount }, (_, index) => `hub${index + 1}`)
  const people = namesOf(peers)
  const follows = smallWorld(people, random.fork('follows'))
  const bands = planFaults({
    random: random.fork('plan'),
    faults,
    people,
    hubs,
    fromMs: setUpMs,
    toMs: endMs,
  })
  const badHub = enemies.hub === null ? null : (hubs.at(-1) ?? null)
  const identities = new Map<string, Identity>()
  const records: HeadRecord[] = []
  const publications: Publication[] = []
  const ledger = createLedger(nowMs)
  let acts = 0
  /** Ends of sessions from device to device that began. */
  let directSessions = 0

  function violate(invariant: string, who: string, what: string): void {
    if (violations.length >= maxViolations) return
    violations.push({ invariant, who, what, atMs: nowMs() })
    trace.add('violation', who, `${invariant}: ${what}`)
  }

  const nameOf = (identity: Identity): string =>
    [...identities].find(([, one]) => one === identity)?.[0] ?? identity.slice(-8)
  const isHonest = (name: string): boolean => !name.startsWith('~') && name !== badHub
  const participant = ({ name, identity, running }: Machine): readonly Participant[] =>
    running === null ? [] : [{ name, identity, store: running.store }]
  const honest = (): readonly Participant[] =>
    [...machines.values()].filter(({ name }) => isHonest(name)).flatMap(participant)
  const audit = createAudit({ ledger, honest, violate })
  const told = (head: Head | null): string => (head === null ? 'nothing' : `${head.epoch}/${head.length}`)

  const knowledge = createKnowledge({
    nowMs,
    onStep(step, head, before) {
      const author = nameOf(step.feed)
      trace.add('head', step.peer, `${author} ${told(head)} ${head.head.slice(-8)} ${step.hasEntries}`)
      if (!people.includes(author)) return
      if (author === step.peer && step.hasEntries) own(step, head, before)
      else if (isHonest(step.peer)) audit.heard(step.peer, author, head)
    },
    onFall: (peer, feed, before, after) =>
      violate('nobody is rolled back', peer, `${nameOf(feed)} from ${told(before)} to ${told(after)}`),
  })

  /** A person's feed is whole up to a head at its own machine: usually because it was written just now. */
  function own({ atMs, peer, feed, epoch, length }: Step, head: Head, before: Head | null): void {
    const machine = machines.get(peer) as Machine
    const [author] = participant(machine)
    const record = author?.store.feed(feed)?.record
    if (record != null) records.push(record)
    if (!audit.signed(head)) return
    publications.push({ atMs, author: peer, epoch, length })
    if (author !== undefined) audit.wrote(author, before, () => askedBy(machine))
  }

  function askedBy({ running }: Machine): Asked {
    const met = new Set(running?.peer.status().sessions.map((session) => session.identity))
    const connected = honest().filter(({ identity }) => met.has(identity))
    // Hubs are dialled, those that lie too; whoever else lies may have dialled us, and is not to be believed (S13).
    const isHubMet = hubs.some((hub) => met.has(identities.get(hub) as Identity))
    return { honest: connected, isNobody: connected.length === 0 && !isHubMet }
  }

  const canary = `canary-${random
    .fork('canary')
    .integer(2 ** 40)
    .toString(36)}`
  const watchdog = createWatchdog({
    machines: () => machines.values(),
    secrets: () => [canary, ...[...machines.values()].flatMap((machine) => machine.secrets)],
    isHonest,
    maxFeeds: peers + 2 * hubs.length + 10,
    violate,
  })

  const chatter =
    enemies.hub === 'hostile-hub'
      ? createChatter({ badHub: () => identities.get(badHub ?? '') ?? null, violate })
      : null

  let conductor: Conductor | null = null
  world.hooks.started = (machine, running) => begin(machine, running)
  world.hooks.died = (machine, loss) => {
    if (loss === 'power') knowledge.lostPower(machine.name)
    conductor?.died(machine, loss)
  }
  world.hooks.logged = (name: string, event: string, fields: LogFields, isWarning: boolean) => {
    watchdog.logged(name, event, fields, isWarning)
    if (event === 'session.opened' && fields.link === 'webrtc') directSessions++
    if (isWarning) trace.add('warning', name, `${event} ${JSON.stringify(fields)}`)
  }

  const contacts = new Map<string, readonly string[]>()
  const contact = random.fork('contacts')
  for (const name of people) {
    const met = chatter === null ? hubs : hubs.toReversed()
    contacts.set(name, [...met, ...(follows.get(name) ?? []).filter(() => contact.chance(0.3))])
  }

  function begin(machine: Machine, running: Running): void {
    const { name } = machine
    trace.add('start', name, String(machine.starts))
    running.disk.onSync((file) => {
      if (file === 'main') knowledge.synced(name)
    })
    if (isHonest(name)) knowledge.watch(name, running.store)
    if (people.includes(name)) {
      for (const author of participant(machine)) audit.restarted(author)
      chatter?.started(machine, running)
      chatter?.live(machine)
    }
    connectAll(name, running)
  }

  function connectAll(name: string, running: Running): void {
    for (const other of contacts.get(name) ?? []) {
      running.peer.connect(addressOf(other), { expect: identities.get(other) ?? null })
    }
  }

  /** Who misses what was on the disk writes it again at once. */
  async function start(machine: Machine, isEager: boolean): Promise<void> {
    await machine.start()
    if (!isEager) return
    await doSomething(machine, async (peer) => {
      const payload = { type: 'public_note', at: machine.clock.now(), text: `${canary} again` } as Payload
      const { content } = await peer.publish(payload)
      ledger.acknowledge(machine.name, content, 'public_note', [])
      return 'wrote at once'
    })
  }

  for (const name of [...hubs, ...people]) {
    const isHub = hubs.includes(name)
    const isBroken = people.includes(name) && broken !== null
    const machine = await world.add(name, isHub ? 'hub' : 'peer', {
      // Words are of one minute, by both clocks.
      skewMs: Math.round((random.integer(600_000) - 300_000) / (chatter === null ? 1 : 20)),
      mayLosePower: bands.some(({ fault, who }) => fault === 'power-loss' && who.includes(name)),
      ...(chatter !== null && isHub ? { signalling: { carries: () => true } } : {}),
      ...(name === badHub && enemies.hub !== null
        ? hostileHub(enemies.hub, () => victims, random.fork('hostile hub'))
        : {}),
      ...(isBroken ? { alter: (parts) => breakParts(broken, parts), broken: brokenMachine(broken) } : {}),
    })
    identities.set(name, machine.identity)
  }
  if (badHub !== null && enemies.hub === 'slow-hub') world.slow.add(badHub)
  // Met first, and late from then on: words go through it.
  if (badHub !== null && chatter !== null) clock.after(setUpMs, () => world.slow.add(badHub))
  if (badHub !== null && enemies.hub === 'two-faced-hub') await addSecondFace(world, badHub)
  const victims = new Set(
    people.filter((_, at) => at % 3 === 0).map((name) => identities.get(name) as Identity),
  )
  for (const machine of machines.values()) await machine.start()
  const hostile = await sendEnemies(enemies, {
    world,
    crypto: options.crypto,
    seed,
    targets: new Map([...identities].filter(([name]) => name !== badHub)),
    feeds: people.map((name) => identities.get(name) as Identity),
    records: () => records,
    hubs,
    people,
    async start(machine) {
      await machine.start()
    },
  })
  for (const [name, identity] of hostile) identities.set(name, identity)

  // People ----------------------------------------------------------------------

  const ports: ActPorts = {
    ledger,
    identities: new Map([...identities].filter(([name]) => !hubs.includes(name))),
    canary,
  }
  let isQuiet = false

  async function doSomething(machine: Machine, what: (peer: Peer) => Promise<string>): Promise<void> {
    const { running } = machine
    if (running === null) return
    const since = nowMs()
    const guard = running.process.clock.after(stuckMs, () =>
      violate('no act hangs', machine.name, `since ${since} ms`),
    )
    const dead = running.process.killed.then(() => 'died meanwhile')
    const refused = (reason: unknown): string => {
      if (reason instanceof EffigyError && expectedRefusals.has(reason.code)) return reason.code
      if (running.process.isAlive) violate('no act fails unexpectedly', machine.name, describe(reason))
      return 'failed'
    }
    const doing = what(running.peer).catch((reason: unknown) =>
      isCode(reason, 'own-feed-disputed') && audit.isExcused(machine.name)
        ? bothWereMe(machine, running.peer).catch(refused)
        : refused(reason),
    )
    const done = await Promise.race([doing, dead])
    guard[Symbol.dispose]()
    acts++
    trace.add('act', machine.name, done)
  }

  /** What a person answers who wrote before and after the disk was set back (F12), and whose other entries nobody has (F14). */
  async function bothWereMe(machine: Machine, peer: Peer): Promise<string> {
    const isGone = participant(machine).some((author) => audit.isLost(author))
    try {
      await peer.heal()
      return 'healed'
    } catch (cause) {
      // One of the branches is not here yet.
      if (!isCode(cause, 'fork-incomplete')) throw cause
      return isGone ? goOn(peer) : 'disputed'
    }
  }

  async function goOn(peer: Peer): Promise<string> {
    try {
      await peer.heal({ givingUp: true })
      return 'went on'
    } catch (cause) {
      // Somebody was not asked for long enough, or something waits to be checked.
      if (isCode(cause, 'own-feed-incomplete') || isCode(cause, 'fork-incomplete')) return 'disputed'
      throw cause
    }
  }

  function live(machine: Machine): void {
    if (isQuiet) return
    void doSomething(machine, (peer) => act(machine, peer, ports))
    clock.after(1 + machine.random.integer(2 * idleMs), () => live(machine))
  }

  for (const name of people) {
    const machine = machines.get(name) as Machine
    for (const other of follows.get(name) ?? []) {
      void doSomething(machine, async (peer) => {
        await peer.relate('follow', identities.get(other) as Identity, true)
        return `follow ${other}`
      })
    }
    for (const [enemy, identity] of hostile) {
      if (!machine.random.chance(0.4)) continue
      void doSomething(machine, async (peer) => {
        await peer.relate('follow', identity, true)
        return `follow ${enemy}`
      })
    }
    if (chatter !== null) void doSomething(machine, (peer) => chatter.introduce(machine, peer))
    clock.after(machine.random.integer(setUpMs), () => live(machine))
  }

  // Time passes -------------------------------------------------------------------

  conductor = conduct({
    world,
    bands,
    knowledge,
    start: (machine, isEager) => void start(machine, isEager),
    setBack({ name, identity }, copiedMs) {
      audit.setBack(name, identity, copiedMs)
      chatter?.setBack(name)
    },
  })
  const pass = async (untilMs: number): Promise<void> => {
    while (nowMs() < untilMs && violations.length < maxViolations) {
      await clock.advance(Math.min(5 * second, untilMs - nowMs()))
      watchdog.look()
      for (const reason of failures.splice(0)) violate('no unhandled rejection', 'process', describe(reason))
    }
  }
  await pass(endMs)
  isQuiet = true
  trace.add('quiet', 'all', '')
  conductor.heal()
  const quietMs = nowMs()

  const participants = (): readonly Participant[] =>
    people.flatMap((name) => participant(machines.get(name) as Machine))

  function isSomewhere(root: Cid): boolean {
    return honest().some(({ store }) => store.blobState(root).type === 'complete')
  }

  function differences(most: number): readonly Difference[] {
    const found: Difference[] = []
    const all = participants()
    const excused = new Set(all.filter((one) => audit.isLost(one) || audit.isExcused(one.name)))
    const forked = hostile.get('~forked-feed')
    const unknown = forked === undefined ? null : unknownFork(forked, all)
    if (unknown !== null) {
      found.push({
        invariant: 'forks are known to all',
        reader: 'all',
        writer: '~forked-feed',
        what: unknown,
      })
    }
    for (const reader of all) {
      for (const writer of all) {
        if (found.length >= most) return found
        if (excused.has(writer)) continue
        const difference = isFollowed(reader, writer) ? pairDifference(reader, writer, isSomewhere) : null
        if (difference !== null) found.push(difference)
      }
    }
    return found
  }

  async function converge(): Promise<number | null> {
    const startMs = nowMs()
    while (nowMs() < startMs + settleMs && violations.length < maxViolations) {
      await pass(nowMs() + 5 * second)
      if (participants().length === people.length && differences(1).length === 0) return nowMs()
    }
    for (const { invariant, reader, writer, what } of differences(maxViolations)) {
      violate(invariant, reader, `${writer}: ${what}`)
    }
    return null
  }

  /** Who waits for others to confirm that nothing is missing, although all are there. */
  const lockedOut = (): readonly string[] =>
    people.filter((name) => {
      const machine = machines.get(name) as Machine
      const isLost = participant(machine).some((author) => audit.isLost(author))
      return !isLost && machine.running?.peer.status().mayWrite !== true
    })

  const convergedMs = await converge()
  if (convergedMs !== null) {
    // Everybody is heard, and before that nobody is locked out.
    const startMs = nowMs()
    while (lockedOut().length > 0 && nowMs() < startMs + settleMs) await pass(nowMs() + 5 * second)
    for (const name of lockedOut()) violate('nobody is locked out', name, 'may not write')
    for (const name of people) {
      const machine = machines.get(name) as Machine
      const [author] = participant(machine)
      if (author !== undefined && audit.isLost(author)) continue
      void doSomething(machine, async (peer) => {
        const payload = { type: 'public_note', at: machine.clock.now(), text: `${canary} last` } as Payload
        const { content } = await peer.publish(payload)
        ledger.acknowledge(name, content, 'public_note', [])
        return 'last note'
      })
    }
    await converge()
    for (const author of participants()) {
      if (!audit.isExcused(author.name) || audit.isLost(author)) continue
      const above = author.store.feed(author.identity)?.disputedAbove ?? null
      if (above !== null)
        violate('a fork that nobody could help is healed', author.name, `disputed above ${above}`)
    }
    audit.conclude(participants())
    for (const { name, store } of participants()) {
      if (!random.chance(0.2)) continue
      const damaged = await damageOf(store)
      if (damaged.length > 0) violate('no altered bytes are kept', name, damaged.join(' '))
    }
  }

  chatter?.conclude(people.map((name) => machines.get(name) as Machine))
  trace.add('over', 'all', '')
  const overMs = nowMs()
  for (const machine of machines.values()) machine.crash('kill')
  const total = network.total()
  trace.add('end', 'all', `${total.frames} frames, ${total.bytes} bytes`)
  return {
    seed,
    peers,
    violations,
    hash: trace.hash(),
    events: trace.count,
    people,
    hubs,
    enemies: [...enemies.peers, ...(enemies.hub === null ? [] : [`${badHub}: ${enemies.hub}`])],
    identities,
    bands,
    publications,
    steps: knowledge.steps,
    quietMs,
    convergedMs,
    endMs: overMs,
    counts: {
      acts,
      acknowledged: ledger.count,
      starts: [...machines.values()].reduce((sum, { starts }) => sum + starts, 0),
      frames: total.frames,
      bytes: total.bytes,
      ...watchdog.peaks,
      ...chatter?.counts,
      ...(world.rtc === null ? {} : { directSessions }),
    },
    recent: trace.recent,
  }
}

/** For a log: code and stack of an error, the text of all else. */
export function describe(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason)
  const code = 'code' in reason ? `${String(reason.code)}: ` : ''
  return `${code}${reason.stack ?? reason.message}`
}

const isCode = (reason: unknown, code: string): boolean =>
  reason instanceof EffigyError && reason.code === code

/** Breaks that are not of a store or a crypto. */
function brokenMachine(broken: Break | null): 'durability' | 'instance-check' | null {
  return broken === 'durability' || broken === 'instance-check' ? broken : null
}
