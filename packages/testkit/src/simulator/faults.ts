/**
 * The faults by name, and when each of them strikes whom in a run.
 *
 *     seed ─▶ plan: bands of (fault, from, to, whom)
 *
 * Each fault draws from a stream of its own: switching one off leaves the others as they were.
 *
 * @module
 */
import type { Random } from '../seed.ts'

/** In the order of the help text; the sentence says what happens. */
export const faultTexts = {
  latency: 'distances between machines differ, up to 235 ms one way, with jitter',
  loss: 'connections break, at both sides at once',
  'frame-loss': 'a frame is lost, which ends its connection',
  duplication: 'frames come twice',
  reordering: 'frames overtake each other',
  delay: 'everything takes seconds longer',
  partition: 'the network falls into parts that do not reach each other, without a word',
  'direct-breaks':
    'where hubs bring people together: ways from device to device break without a word, and come back',
  offline: 'people leave and come back',
  crash: 'processes are killed in the middle of a database statement, or anywhere',
  'power-loss': 'machines lose power: what was not synced is lost, and nobody is told',
  'clock-jump': 'wall clocks jump by minutes or by ten years',
  'restored-backup': "a person's disk is set back to an older copy",
  'replayed-heads': 'a peer tells old heads',
  'forged-heads': 'a peer tells heads that nobody signed',
  garbage: 'a peer sends frames and messages that mean nothing',
  'forked-feed': 'a peer writes two branches of one feed and shows different people different ones',
  trickling: 'a peer opens connections and sends next to nothing over them, slowly',
  silence: 'a peer tells heads and never answers a question',
  'unknown-heads': 'a peer offers heads of identities that nobody watches, thousands of them',
  altered: 'a peer serves entries, texts and files with a byte changed',
  'dropping-hub': 'one of the hubs keeps back the feeds of some people',
  'two-faced-hub': 'one of the hubs shows different people different heads',
  'slow-hub': 'one of the hubs answers late',
  'hostile-hub':
    'one of the hubs does all that: keeps back, tells old heads, is late, and swaps what people say to each other',
} as const

export type Fault = keyof typeof faultTexts

export const allFaults: readonly Fault[] = Object.keys(faultTexts) as Fault[]

/** Those that a hostile peer of its own does. */
export const hostilePeers = [
  'replayed-heads',
  'forged-heads',
  'garbage',
  'forked-feed',
  'trickling',
  'silence',
  'unknown-heads',
  'altered',
] as const satisfies readonly Fault[]

export type HostilePeer = (typeof hostilePeers)[number]

/** At most one of the hubs does one of these. */
export const hostileHubs = [
  'dropping-hub',
  'two-faced-hub',
  'slow-hub',
  'hostile-hub',
] as const satisfies readonly Fault[]

export type HostileHub = (typeof hostileHubs)[number]

export interface Band {
  readonly fault: Fault
  /** Of the run, ms. */
  readonly fromMs: number
  readonly toMs: number
  /** Whom it strikes; everybody when empty. */
  readonly who: readonly string[]
}

export interface PlanOptions {
  readonly random: Random
  readonly faults: ReadonlySet<Fault>
  readonly people: readonly string[]
  readonly hubs: readonly string[]
  /** When faults may begin and must be over, ms. */
  readonly fromMs: number
  readonly toMs: number
}

const second = 1_000

/** Everything but what hostile peers and hubs do: those are at it all the time. */
export function planFaults(options: PlanOptions): readonly Band[] {
  const { faults, people, hubs, fromMs, toMs } = options
  const bands: Band[] = []

  /** `count` bands of `shortMs` to `longMs`, somewhere. */
  function spread(
    fault: Fault,
    count: number,
    shortMs: number,
    longMs: number,
    whom: (random: Random) => readonly string[],
  ): void {
    if (!faults.has(fault)) return
    const random = options.random.fork(fault)
    for (let made = 0; made < count; made++) {
      const lengthMs = Math.min(shortMs + random.integer(longMs - shortMs + 1), toMs - fromMs)
      const startMs = fromMs + random.integer(Math.max(1, toMs - fromMs - lengthMs))
      bands.push({ fault, fromMs: startMs, toMs: startMs + lengthMs, who: whom(random) })
    }
  }

  const everybody = (): readonly string[] => []
  const somebody = (random: Random): readonly string[] => [random.pick(people)]
  const someMachine = (random: Random): readonly string[] => [
    hubs.length > 0 && random.chance(0.15) ? random.pick(hubs) : random.pick(people),
  ]
  const some = Math.ceil(people.length / 5)

  spread('loss', 2, 20 * second, 60 * second, everybody)
  spread('frame-loss', 2, 20 * second, 60 * second, everybody)
  spread('duplication', 1, 10 * second, 30 * second, everybody)
  spread('reordering', 1, 10 * second, 30 * second, everybody)
  spread('delay', 1, 20 * second, 60 * second, everybody)
  spread('partition', 2, 20 * second, 90 * second, (random) =>
    random
      .shuffle([...people, ...hubs])
      .slice(0, 1 + random.integer(Math.ceil((people.length + hubs.length) / 2))),
  )
  spread('direct-breaks', 2, 20 * second, 60 * second, everybody)
  spread('offline', some, 5 * second, 90 * second, somebody)
  spread('crash', some, second, 60 * second, someMachine)
  spread('power-loss', some, second, 60 * second, someMachine)
  spread('clock-jump', some, 0, 0, someMachine)
  spread('restored-backup', Math.ceil(people.length / 12), 30 * second, 150 * second, somebody)
  return bands.sort((a, b) => a.fromMs - b.fromMs)
}
