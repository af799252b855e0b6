/**
 * A process of its own: the hub that ships, over a store whose feeds all grow when told so (hub-heads.bench.ts).
 *
 *     HeadsStart ─▶ HeadsReady      'grow' ─▶ ms      'usage' ─▶ HeadsUsage      a lost parent: gone
 *
 * @module
 */
import { openHub } from '../tools/figures/hub-world.ts'
import { cpuSeconds } from './figure.ts'
import type { HeadsReady, HeadsStart, HeadsUsage } from './hub-heads.bench.ts'
import { growAll, keepGrown, makeShortFeeds } from './short-feeds.ts'

const { feeds: count, watchers, seed } = JSON.parse(process.argv[2] ?? '{}') as HeadsStart
const room = watchers + 100
const everything = { depth: { type: 'all' }, blobs: { type: 'none' } } as const

/** Feeds that grow in one turn, as from one batch of sync. */
const atOnce = 100

const world = await openHub({ maxConnections: room, maxPerAddress: room, maxMembers: room })
const { store } = world.peer
const feeds = await makeShortFeeds(count, seed)
for (const { identity } of feeds) store.watchFeed(identity, everything)
await grow()

async function grow(): Promise<void> {
  for (let at = 0; at < feeds.length; at += atOnce) {
    keepGrown(store, await growAll(feeds.slice(at, at + atOnce)))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

process.on('message', async (order: 'grow' | 'usage') => {
  if (order === 'grow') {
    const started = performance.now()
    await grow()
    process.send?.(performance.now() - started)
    return
  }
  const { rss } = process.memoryUsage()
  process.send?.({ cpuSeconds: cpuSeconds(), rss } satisfies HeadsUsage)
})
process.on('disconnect', () => process.exit(0))
process.send?.({ url: world.url, identity: world.hub.identity } satisfies HeadsReady)
