/**
 * A simulated hour of thousands of peers and a few hubs: does every follower get every head?
 *
 *     seed ─▶ graph, schedule ─▶ joins, publishes, cuts on the fake clock ─▶ missing heads, bytes a peer
 *
 * Sessions, frames, sealing, signatures and the replicator are what ships; stores are light (light-store),
 * the network is `network.ts`, and whoever would be `@effigy/peer` is `member.ts`.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import { defaultSessionLimits, type SessionLimits, silentLog } from '@effigy/sync'
import { createFakeClock } from '../clock.ts'
import { createInterning, LightStore } from '../light-store/index.ts'
import { createNetwork } from '../network.ts'
import { createRandom } from '../seed.ts'
import { smallWorld } from './graph.ts'
import { createMember, type Member, type MemberWorld, policies } from './member.ts'
import { type CrowdEvent, drawSchedule, isThere, isTold, type Schedule } from './schedule.ts'

export interface CrowdOptions {
  readonly peers: number
  readonly seed: string
  /** Verdicts are best memoised; chance comes from the seed, not from it. */
  readonly crypto: Crypto
  /** A store for what a light one does not know. */
  readonly openFull: () => Store
  /** Default 3. */
  readonly hubs?: number
  /** Default 50. */
  readonly follows?: number
  /** Of the peers, that leave for a while in an hour. Default 0.1. */
  readonly churn?: number
  /** Default an hour; at least ten minutes. */
  readonly durationMs?: number
  /** Whether feeds are followed with their entries. Default heads alone. */
  readonly keeps?: 'heads' | 'entries'
  readonly limits?: Partial<SessionLimits>
  /** After each simulated minute. */
  readonly onMinute?: (progress: { readonly minute: number; readonly frames: number }) => void
}

export interface CrowdResult {
  /** Followed heads that a follower who is there at the end does not have. */
  readonly missing: number
  /** Followed heads that were looked for. */
  readonly expected: number
  readonly online: number
  readonly sessions: number
  readonly reconnects: number
  /** Sessions that ended otherwise than the schedule says, by code. */
  readonly failures: Readonly<Record<string, number>>
  /** Stores that had to become full ones. */
  readonly handedOver: number
  readonly frames: number
  /** On the wire, sent and received, sealed; a peer's mean and most. */
  readonly meanBytes: number
  readonly mostBytes: number
  /** Of all hubs, to peers and to each other. */
  readonly hubBytes: number
  readonly simulatedMs: number
  /** The same for the same options: of every peer's bytes and heads. */
  readonly digest: string
}

/** One way, between a peer and a hub, and between hubs, ms. */
const latencyMs = 40
/** Events of this time are one turn of the event loop, ms. */
const tickMs = 5
/** A head that comes is checked, stored, noticed and told on in so many. */
const turns = 3

const hubName = (hub: number): string => `hub ${hub}`
const peerName = (peer: number): string => `peer ${peer}`

/** Runs to its end; what goes wrong among peers is counted, not thrown. */
export async function runCrowd(options: CrowdOptions): Promise<CrowdResult> {
  const {
    peers,
    hubs: hubCount = 3,
    follows = 50,
    churn = 0.1,
    keeps = 'heads',
    durationMs = 3_600_000,
  } = options
  const random = createRandom(options.seed)
  const schedule = drawSchedule(random.fork('schedule'), { peers, churn, durationMs })
  const graph = smallWorld(random.fork('graph'), peers, follows)
  const clock = createFakeClock(undefined, { tickMs, turns })
  const network = createNetwork({ clock, random: random.fork('network'), latencyMs })
  const chance = random.fork('keys')
  const crypto: Crypto = { ...options.crypto, randomBytes: (length) => chance.bytes(length) }
  let isOver = false
  const interning = createInterning()
  const light = (): LightStore =>
    new LightStore({ sha256: crypto.sha256, now: clock.now, openFull: options.openFull, interning })
  const stores: LightStore[] = []
  const hubIdentities = new Set<Identity>()
  const world: MemberWorld = {
    crypto,
    clock,
    keeps,
    log: silentLog,
    limits: { ...defaultSessionLimits, ...options.limits },
    hubs: hubIdentities,
  }
  const failures: Record<string, number> = {}

  async function make(kind: 'peer' | 'hub'): Promise<Member> {
    const store = light()
    stores.push(store)
    const signer = await crypto.signer(chance.bytes(32))
    const member = createMember(kind, signer, store, world)
    store.watchFeed(member.identity, { depth: { type: 'all' }, blobs: { type: 'none' } })
    if (kind === 'hub') hubIdentities.add(member.identity)
    return member
  }

  const hubs: Member[] = []
  for (let hub = 0; hub < hubCount; hub++) hubs.push(await make('hub'))
  const members: Member[] = []
  for (let peer = 0; peer < peers; peer++) members.push(await make('peer'))
  const hubOf = Uint8Array.from({ length: peers }, () => random.integer(hubCount))
  for (const [peer, { store }] of members.entries()) {
    for (const other of graph[peer]!) store.watchFeed(members[other]!.identity, policies[keeps])
  }

  // Connections -----------------------------------------------------------------

  /** Whether it is meant to be there now. */
  const present = new Uint8Array(peers)
  let reconnects = 0

  function link(name: string, member: Member, hub: number): Promise<string> {
    const [ours, theirs] = network.pair(name, hubName(hub))
    void hubs[hub]!.accept(theirs)
    return member.dial(ours, hubs[hub]!.identity)
  }

  async function connect(peer: number): Promise<void> {
    present[peer] = 1
    for (let pauseMs = 1_000; ; pauseMs = Math.min(pauseMs * 2, 120_000)) {
      const code = await link(peerName(peer), members[peer]!, hubOf[peer]!)
      if (present[peer] === 0 || isOver) return
      failures[code] = (failures[code] ?? 0) + 1
      await new Promise<void>((resolve) => void clock.after(pauseMs, resolve))
    }
  }

  async function connectHubs(): Promise<void> {
    for (let from = 0; from < hubCount; from++) {
      for (let to = from + 1; to < hubCount; to++) void link(hubName(from), hubs[from]!, to)
    }
  }

  function happen({ type, peer }: CrowdEvent): void {
    const member = members[peer]!
    switch (type) {
      case 'join':
        if (joined[peer] === 1) reconnects++
        joined[peer] = 1
        void connect(peer)
        return
      case 'publish':
        void member.publish(`hello from ${peer}`)
        return
      case 'cut':
        present[peer] = 0
        network.lose(peerName(peer), hubName(hubOf[peer]!))
        return
      case 'leave':
        present[peer] = 0
        member.leave()
    }
  }
  const joined = new Uint8Array(peers)

  // The hour --------------------------------------------------------------------

  let next = 0
  function runDue(): void {
    const nowMs = clock.monotonic()
    for (let event = schedule.events[next]; event !== undefined && event.atMs <= nowMs; ) {
      happen(event)
      event = schedule.events[++next]
    }
    const due = schedule.events[next]
    if (due !== undefined) clock.after(due.atMs - nowMs, runDue)
  }
  await connectHubs()
  clock.after(0, runDue)
  for (let minute = 1; minute * 60_000 <= durationMs; minute++) {
    await clock.advance(60_000)
    options.onMinute?.({ minute, frames: network.total().frames })
  }

  const result = {
    ...missingHeads(members, graph, schedule, durationMs),
    sessions: hubs.reduce((sum, { sessions }) => sum + sessions(), 0),
    reconnects,
    failures,
    handedOver: stores.filter(({ isFull }) => isFull).length,
    frames: network.total().frames,
    ...traffic(),
    simulatedMs: clock.monotonic(),
  }
  isOver = true
  for (const member of [...members, ...hubs]) member.stop()
  await clock.advance(10_000)
  return result

  function traffic(): Pick<CrowdResult, 'meanBytes' | 'mostBytes' | 'hubBytes' | 'digest'> {
    let sum = 0
    let most = 0
    const counts = new Float64Array(peers)
    for (let peer = 0; peer < peers; peer++) {
      const [self, hub] = [peerName(peer), hubName(hubOf[peer]!)]
      const bytes = network.traffic(self, hub).bytes + network.traffic(hub, self).bytes
      counts[peer] = bytes
      sum += bytes
      most = Math.max(most, bytes)
    }
    return {
      meanBytes: sum / peers,
      mostBytes: most,
      hubBytes: network.total().bytes,
      digest: digestOf(crypto, counts, members),
    }
  }
}

/** What followers who are there lack of those whose heads can be known. */
function missingHeads(
  members: readonly Member[],
  graph: readonly Uint32Array[],
  { plans }: Schedule,
  durationMs: number,
): Pick<CrowdResult, 'missing' | 'expected' | 'online'> {
  let [missing, expected, online] = [0, 0, 0]
  const heads = members.map(({ store, identity }, peer) =>
    isTold(plans[peer]!, durationMs) ? (store.feed(identity)?.record?.head.head ?? null) : null,
  )
  for (const [peer, { store }] of members.entries()) {
    if (!isThere(plans[peer]!, durationMs)) continue
    online++
    for (const other of graph[peer]!) {
      const head = heads[other] ?? null
      if (head === null) continue
      expected++
      if (store.feed(members[other]!.identity)?.record?.head.head !== head) missing++
    }
  }
  return { missing, expected, online }
}

function digestOf(crypto: Crypto, counts: Float64Array, members: readonly Member[]): string {
  let heads = 0
  for (const { store } of members) for (const { record } of store.feeds()) if (record !== null) heads++
  const digest = crypto.sha256(new Uint8Array(new Float64Array([...counts, heads]).buffer))
  return Array.from(digest.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
