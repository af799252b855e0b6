/**
 * A process of its own: sessions that watch the same feeds at a hub and count what they are told (hub-heads.bench.ts).
 *
 *     WatchersStart ─▶ 'ready'      number ─▶ once each has heard of every feed at that length: Heard      a lost parent: gone
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { dialWebSocket } from '@effigy/links/node'
import { type Message, readHeads, type Session, systemClock, writeIdentities } from '@effigy/sync'
import { openAs } from '../tools/figures/hub-world.ts'
import type { Heard, WatchersStart } from './hub-heads.bench.ts'
import { makeShortFeeds } from './short-feeds.ts'

const { url, identity, feeds: count, watchers, seed } = JSON.parse(process.argv[2] ?? '{}') as WatchersStart
const crypto = createNodeCrypto()
const feeds = (await makeShortFeeds(count, seed)).map((feed) => feed.identity)

/** Identities in one message. */
const listed = 1_000

/** All of them, of one watcher. */
interface Watcher {
  /** Lengths, as they were told last. */
  readonly lengths: Map<Identity, number>
  /** Feeds that reached `goal`. */
  level: number
}

let goal = 1
let frames = 0
let heads = 0
let isLevel = (): void => {}
const all: Watcher[] = []

function take(watcher: Watcher, message: Message, bytes: Uint8Array): void {
  if (message.type !== 'heads' && message.type !== 'lastknownheads') return
  frames++
  for (const { head } of readHeads(bytes, message.count) ?? []) {
    heads++
    const before = watcher.lengths.get(head.identity) ?? 0
    watcher.lengths.set(head.identity, head.length)
    if (before < goal && head.length >= goal) watcher.level++
  }
  if (watcher.level >= count && all.every(({ level }) => level >= count)) isLevel()
}

async function watch(): Promise<void> {
  const signal = AbortSignal.timeout(60_000)
  const signer = await crypto.signer(crypto.randomBytes(32))
  const session = await openAs(
    signer,
    await dialWebSocket(url, { clock: systemClock, signal }),
    identity,
    signal,
  )
  const watcher: Watcher = { lengths: new Map(), level: 0 }
  all.push(watcher)
  let id = 1
  const lists: Identity[][] = []
  for (let at = 0; at < feeds.length; at += listed) lists.push(feeds.slice(at, at + listed))
  for (const list of lists) {
    const bytes = writeIdentities(list)
    session.send({ type: 'watch', id: id++, count: list.length, replace: false }, bytes)
    // The heads alone: their entries would come one by one.
    session.send({ type: 'carry', on: false, count: list.length }, bytes)
    session.send({ type: 'getheads', id: id++, count: list.length }, bytes)
  }
  void receive(session, watcher)
}

async function receive(session: Session, watcher: Watcher): Promise<void> {
  for await (const { message, bytes } of session.receive()) take(watcher, message, bytes)
}

function untilLevel(): Promise<void> {
  if (all.every(({ level }) => level >= count)) return Promise.resolve()
  return new Promise((resolve) => {
    isLevel = resolve
  })
}

process.on('message', async (length: number) => {
  goal = length
  frames = heads = 0
  for (const watcher of all) {
    watcher.level = 0
    for (const told of watcher.lengths.values()) if (told >= goal) watcher.level++
  }
  const started = performance.now()
  await untilLevel()
  process.send?.({ frames, heads, ms: performance.now() - started } satisfies Heard)
})
process.on('disconnect', () => process.exit(0))
for (let index = 0; index < watchers; index++) await watch()
await untilLevel()
process.send?.('ready')
