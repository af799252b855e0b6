/**
 * The village: a hub, its people, what they have said in two weeks, and their life while it runs.
 *
 *     pictures ─▶ homes ─▶ meet at the hub ─▶ two weeks are told ─▶ all meet again ─▶ life, visitors ─▶ dispose
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { prepareKey } from '../../apps/hub/src/admin/key.ts'
import type { ServedApp } from '../../apps/hub/src/app/served-app.ts'
import { readConfig } from '../../apps/hub/src/config/config.ts'
import { prepareHome } from '../../apps/hub/src/home.ts'
import { type Hub, startHub } from '../../apps/hub/src/hub.ts'
import { openEmbeddedStore } from '../../apps/hub/src/ports/embedded-store.ts'
import { actsOf } from './acts.ts'
import { foundGroups, gather, introduce } from './introductions.ts'
import { type Complain, live, type Pace, usualPace } from './life.ts'
import { host, type PersonKey, people } from './people.ts'
import { createPainter } from './pictures/painter.ts'
import { firstWeek } from './story/first-week.ts'
import { later } from './story/later.ts'
import { albums, rooms, talks } from './story/rooms.ts'
import { secondWeek } from './story/second-week.ts'
import { type TellingPorts, tell } from './telling.ts'
import { createVillageClock } from './village-clock.ts'
import { openVillager, type Villager, type Villagers, villagerOf } from './villager.ts'
import { receiveVisitors } from './visitors.ts'

export interface VillageOptions {
  /** Of all homes: a village that is there goes on. */
  readonly folder: string
  /** Texts, pictures and times come out the same for the same one. Keys never do. */
  readonly seed: string
  /** The first so many of those who live there. */
  readonly people: number
  /** 0: any free one. */
  readonly port: number
  readonly pace?: Pace
  /** What the hub serves to browsers; its own pages alone when omitted. */
  readonly app?: ServedApp
  /** What is done now, for whoever waits. */
  readonly progress?: (text: string) => void
  /** Something failed, and the village goes on. */
  readonly complain?: Complain
  readonly signal: AbortSignal
}

export interface Village extends AsyncDisposable {
  readonly hub: Hub
  readonly villagers: Villagers
  /** Leads a newcomer in: to the hub, and to whoever invites. */
  readonly inviteLink: string
  /** Makes whoever opens it first the operator of the hub; once, for a few minutes. */
  readonly adminLink: string
}

/** What a folder says of the village in it; written when its story is told. */
interface Chronicle {
  readonly seed: string
  readonly people: number
  readonly groups: readonly (readonly [string, string])[]
}

/** Two weeks and an evening ago: before the first word. */
const beginMs: number = 348 * 60 * 60 * 1000

/** Of the invite. */
const guests = 100

export async function startVillage(options: VillageOptions): Promise<Village> {
  const { folder, signal, pace = usualPace, progress = () => {}, complain = () => {} } = options
  await using undo = new AsyncDisposableStack()
  const stop = new AbortController()
  const until = AbortSignal.any([signal, stop.signal])
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const chronicle = readChronicle(folder)
  const seed = chronicle?.seed ?? options.seed
  const inhabitants = people.slice(0, chronicle?.people ?? options.people)
  const clock = createVillageClock()
  const began = systemClock.now()
  if (chronicle === null) clock.set(began - beginMs)

  const { hub, hubPeer } = undo.use(await openHub(folder, options))
  progress('painting')
  const painter = undo.use(createPainter())
  const ports = { folder, clock, seed, paint: painter.paint, signal: until }
  const villagers = new Map<PersonKey, Villager>()
  const opened = inhabitants.map(async (person) => undo.use(await openVillager(person, ports)))
  for (const villager of await Promise.all(opened)) villagers.set(villager.person.key, villager)

  const meeting = { villagers, hub, signal: until }
  const telling: TellingPorts = { ...ports, villagers, groups: new Map(chronicle?.groups) }
  let ready = telling
  if (chronicle === null) {
    progress('meeting')
    await introduce(meeting)
    ready = { ...telling, groups: await foundGroups(rooms, meeting) }
    progress('telling')
    const story = { posts: [...firstWeek, ...secondWeek], albums, rooms, talks }
    await tell(actsOf(story, { now: began, seed, there: new Set(villagers.keys()) }), ready)
    clock.set(null)
    const told: Chronicle = { seed, people: villagers.size, groups: [...ready.groups] }
    writeFileSync(chroniclePath(folder), `${JSON.stringify(told)}\n`)
  }
  progress('gathering')
  undo.use(await gather(meeting))
  await Promise.all(Array.from(villagers.values(), ({ peer }) => peer.settled(until)))
  const inviteLink = await invite(villagerOf(villagers, host), hub, until)

  const lives = [
    live(later, pace, ready, complain),
    receiveVisitors({ ...ready, hubStore: hubPeer.store, pace, complain }),
  ]
  const owned = undo.move()
  const close = async (): Promise<void> => {
    stop.abort(new Error('the village is over'))
    await owned.disposeAsync()
    await Promise.allSettled(lives)
  }
  let closing: Promise<void> | null = null
  const adminLink = (await hub.administration?.createLink()) ?? ''
  return { hub, villagers, inviteLink, adminLink, [Symbol.asyncDispose]: () => (closing ??= close()) }
}

async function invite({ peer }: Villager, hub: Hub, signal: AbortSignal): Promise<string> {
  const [url = ''] = hub.address.split('#', 1)
  const made = await peer.joining.invite(hub.identity, { url, count: guests, signal })
  if (!made.ok) throw new Error(`The hub makes no invite: ${made.error.code}`)
  return made.value.link
}

interface OpenHub extends AsyncDisposable {
  readonly hub: Hub
  /** Of the hub. */
  readonly hubPeer: NodePeer
}

async function openHub(folder: string, { port, app }: VillageOptions): Promise<OpenHub> {
  const home = join(folder, 'hub')
  const read = readConfig({ flags: new Map(), environment: {}, file: null, defaultHome: home })
  if (!read.ok) throw new Error('the usual settings of a hub are wrong')
  const config = { ...read.value.config, home, port, name: 'Ferrywell' }
  await prepareHome(home)
  await using undo = new AsyncDisposableStack()
  const records = undo.use(
    openEmbeddedStore({ path: join(home, 'hub.sqlite'), clock: systemClock, log: silentLog }),
  )
  let hubPeer: NodePeer | null = null
  const openPeer: Parameters<typeof startHub>[0]['openPeer'] = async (hooks) => {
    hubPeer = await openNodePeer({ home, clock: systemClock, log: silentLog, kind: 'hub', ...hooks })
    return hubPeer
  }
  const hub = undo.use(
    await startHub(
      {
        openPeer,
        records,
        adminKey: prepareKey(home, randomBytes),
        clock: systemClock,
        log: silentLog,
        version: 'demo',
        ...(app === undefined ? {} : { app }),
      },
      config,
    ),
  )
  if (hubPeer === null) throw new Error('the hub opened no peer')
  const owned = undo.move()
  return { hub, hubPeer, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const chroniclePath = (folder: string): string => join(folder, 'village.json')

/** Null: nothing was told there yet. */
function readChronicle(folder: string): Chronicle | null {
  const path = chroniclePath(folder)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Chronicle) : null
}
