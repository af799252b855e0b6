/** Two browsers, a peer in Node and a hub, all real: straight, over coturn, through the hub (issue 7; spec R22-R28). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodeRtc } from '@effigy/links/node'
import { createHome, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { startCoturn, testSecret, withCoturn } from '../../apps/hub/test/coturn.ts'
import { type HubWorld, openHub } from '../figures/hub-world.ts'
import { serveApp } from './app.ts'
import { noBrowser, openBrowser } from './browser.ts'
import { joinInNode, joinInTab, type Person } from './people.ts'

const rtc = await openNodeRtc()

/** Not on the loopback: browsers and Node's end use no relay there. */
const host = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

const missing = [
  noBrowser === null ? '' : ` (left out: ${noBrowser})`,
  withCoturn,
  rtc === null ? ' (left out: node-datachannel has no binary for this machine)' : '',
  host === undefined ? ' (left out: this machine has no IPv4 address)' : '',
].join('')

const fileBytes = 20_000_000

/** What a session needs besides files: heads, entries, signals, keep-alives. */
const smallBytes = 500_000

interface Pair {
  readonly one: Person
  readonly other: Person
}

const pairsOf = (people: readonly Person[]): readonly Pair[] =>
  people.flatMap((one) => people.filter((other) => other !== one).map((other) => ({ one, other })))

/** Each with each, by that way; both ends say so. */
async function allBy(type: string, people: readonly Person[], timeout: number): Promise<void> {
  const ways = async () => {
    const found = await Promise.all(pairsOf(people).map(({ one, other }) => one.via(other.identity)))
    return [...new Set(found.map((way) => way?.type ?? 'none'))]
  }
  await expect.poll(ways, { timeout, interval: 250 }).toEqual([type])
}

/** What came to one over data channels from all others. */
async function receivedBy(one: Person, people: readonly Person[]): Promise<number> {
  const others = people.filter((other) => other !== one)
  const stats = await Promise.all(others.map((other) => one.stats(other.identity)))
  return stats.reduce((sum, found) => sum + (found?.bytesReceived ?? 0), 0)
}

/** What went through the hub: what it said to everybody, files and other things, and what it carried between them. */
async function throughHub({ hub, peer }: HubWorld): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${hub.port}/metrics`)).text()
  const relayed = /^effigy_relayed_bytes_total (\d+)/m.exec(metrics)?.[1]
  if (relayed === undefined) throw new Error('the hub does not tell what it carried')
  return peer.traffic().reduce((sum, { sentBytes }) => sum + sentBytes, Number(relayed))
}

test.skipIf(missing !== '')(
  `[R22] [R24] [R25] [R28] a 20 MB file and posts: straight, over a relay for packets, through the hub${missing}`,
  { timeout: 180_000 },
  async () => {
    await using undo = new AsyncDisposableStack()
    const folder = mkdtempSync(join(tmpdir(), 'effigy-ways-'))
    undo.defer(() => rmSync(folder, { recursive: true, force: true }))
    const app = undo.use(await serveApp())
    const coturn = undo.use(await startCoturn({ host: host ?? '' }))
    const turnSecretFile = join(folder, 'secret')
    writeFileSync(turnSecretFile, `${testSecret}\n`, { mode: 0o600 })
    // It keeps no file: what comes, comes from who has it.
    const hub = undo.use(
      await openHub({ turnUrls: coturn.settings.turnUrls, turnSecretFile, maxBlobBytes: 0 }),
    )
    const home = join(folder, 'carol')
    await createHome(home, { words: 24 })
    const peer = undo.use(
      await openNodePeer({
        home,
        clock: systemClock,
        log: silentLog,
        verifyThreads: 0,
        ...(rtc === null ? {} : { rtc }),
      }),
    )
    const [ofAlice, ofBob] = [undo.use(await openBrowser(app)), undo.use(await openBrowser(app))]
    const people = [await joinInTab(ofAlice, hub), await joinInTab(ofBob, hub), await joinInNode(peer, hub)]
    const [alice, bob, carol] = people as [Person, Person, Person]
    const said: string[] = []
    const saysEach = async (when: string) => {
      for (const [index, one] of people.entries()) {
        const text = `${when}, from ${index}.`
        said.push(text)
        await one.say(text)
      }
    }
    const allSee = async (text: string) => {
      const seen = await Promise.all(people.map((one) => one.sees(text)))
      expect(seen).toEqual(people.map(() => true))
    }
    /** Gives what each got over data channels, and what went through the hub. */
    const move = async (from: Person, bytes: number) => {
      const others = people.filter((one) => one !== from)
      const before = await Promise.all([...others.map((one) => receivedBy(one, people)), throughHub(hub)])
      const root = await from.share(bytes)
      expect(await Promise.all(others.map((one) => one.fetch(root)))).toEqual([bytes, bytes])
      const after = await Promise.all([...others.map((one) => receivedBy(one, people)), throughHub(hub)])
      const [first = 0, second = 0, hubs = 0] = after.map((value, at) => value - (before[at] ?? 0))
      return { least: Math.min(first, second), hubs }
    }

    for (const { one, other } of pairsOf(people)) await one.follow(other.identity)
    await saysEach('Before')

    await allBy('direct', people, 60_000)
    await saysEach('Straight')
    const straight = await move(bob, fileBytes)
    expect(straight.least).toBeGreaterThan(fileBytes)
    expect(straight.hubs).toBeLessThan(smallBytes)

    // What stands ends, posts come meanwhile.
    for (const one of people) await one.hideAddress(true)
    await saysEach('On the way to the relay')
    await allBy('turn', people, 60_000)
    expect((await alice.via(bob.identity))?.why).toBe('hidden')
    expect(await alice.stats(carol.identity)).toMatchObject({ local: 'relay' })
    const relayed = await move(alice, fileBytes)
    expect(relayed.least).toBeGreaterThan(fileBytes)
    expect(relayed.hubs).toBeLessThan(smallBytes)

    for (const { one, other } of pairsOf(people)) await one.seek(other.identity)
    await coturn[Symbol.asyncDispose]()
    await saysEach('On the way to the hub')
    await allBy('relay', people, 90_000)
    for (const { one, other } of pairsOf(people)) {
      const way = await one.via(other.identity)
      expect(way?.hub).toBe(hub.peer.identity)
      expect(['no-turn', 'no-way-through', 'no-answer', 'connecting', 'lost']).toContain(way?.why)
    }
    const carried = await move(carol, 2_000_000)
    expect(carried.least).toBe(0)
    expect(carried.hubs).toBeGreaterThan(2_000_000)

    await saysEach('In the end')
    for (const text of said) await allSee(text)
    for (const one of people) {
      const texts = await one.texts()
      for (const text of said) expect(texts.filter((item) => item.includes(text))).toHaveLength(1)
    }
  },
)
