/**
 * Readers that never read, by the hundred: what waits for them is capped (RELIABILITY T16).
 *
 *     N sessions that ask for files, feeds, lists and answers, and take nothing ─▶ hub ◀─ one that reads
 *
 * @module
 */
import { cidBytes, identityKey, isRawCid, type RawCid } from '@effigy/core'
import { webSocketLimits, webSocketLink } from '@effigy/links/node'
import type { NodePeer } from '@effigy/peer/node'
import type { Session } from '@effigy/sync'
import { WebSocket } from 'ws'
import { createFailures, type Figure, replay } from '../figure.ts'
import { type HubWorld, openAsStranger, openHub } from '../hub-world.ts'

/** What both ends together may grow by, in MB: what waits is capped for all, a session and its two sockets cost a little each. */
const capMegabytes = (n: number): number => 350 + n / 5

/** Of the file that is asked for: one block. */
const fileBytes: number = 256 * 1024

/** In the feed that is asked for. */
const notes = 400

/** Ms in which the one that reads has a block of 256 KiB. */
const soonMs = 3_000

/** Each in turn. */
const appetites = ['files', 'feeds', 'pings', 'lists'] as const

interface Food {
  readonly block: RawCid
  readonly head: RawCid
}

export const readers: Figure = {
  name: 'readers',
  what: 'sessions at a hub that ask for files, feeds, lists and answers and never read: memory is capped, who reads is served [T16]',
  unit: 'readers',
  short: 500,
  long: 1_500,
  notCovered: 'what the system keeps in its socket buffers',
  async run({ n, seed, tell = () => {} }) {
    const failures = createFailures()
    await using world = await openHub({ maxMembers: n + 10, maxPerAddress: n + 10 })
    const food = await cook(world.peer)
    const before = process.memoryUsage().rss
    let peak = before
    const sampling = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 50)
    await using sessions = new AsyncDisposableStack()
    for (let index = 0; index < n; index += 25) {
      const some = Array.from({ length: Math.min(25, n - index) }, (_, at) => index + at)
      const opened = await Promise.all(some.map((at) => openReader(world, food, at)))
      for (const close of opened) sessions.defer(close)
      tell(index)
    }
    // What was asked for is answered now; nothing else is waited for.
    const servedMs = await read(world, food)
    clearInterval(sampling)
    const grownMegabytes = Math.round((Math.max(peak, process.memoryUsage().rss) - before) / 1e6)
    if (grownMegabytes > capMegabytes(n))
      failures.add(`${grownMegabytes} MB more; ${replay('readers', n, seed)}`)
    if (servedMs > soonMs) failures.add(`served after ${servedMs} ms; ${replay('readers', n, seed)}`)
    return {
      counts: {
        'MB more at the peak': grownMegabytes,
        'MB allowed': capMegabytes(n),
        'sessions standing at the end': world.peer.status().sessions.length,
        'ms for the one that reads': Math.round(servedMs),
      },
      failures: failures.list,
    }
  },
}

/** A feed of long notes and a file, at the hub itself. */
async function cook(peer: NodePeer): Promise<Food> {
  const signal = new AbortController().signal
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(fileBytes).fill(7)
  }
  const file = await peer.addFile(bytes(), { signal, strip: false })
  const block = isRawCid(file.root) ? file.root : null
  const at = Date.now()
  const mime = 'application/octet-stream'
  await peer.publish({
    type: 'media',
    kind: 'document',
    at,
    blob: file.root,
    mime,
    bytes: file.size,
  })
  const published = await Promise.all(
    Array.from({ length: notes }, (_, index) =>
      peer.publish({ type: 'public_note', at, text: `${index} ${'x'.repeat(4_000)}` }),
    ),
  )
  const head = published.at(-1)?.record.head.head
  if (head === undefined || block === null) throw new Error('nothing to ask for')
  return { block, head }
}

/** A session that asks for much; then its socket is not read any more. Gives what closes it. */
async function openReader(world: HubWorld, food: Food, index: number): Promise<() => void> {
  const socket = new WebSocket(world.url, webSocketLimits)
  const link = webSocketLink(socket)
  socket.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('close', reject)
  })
  const session = await openAsStranger(link, world.hub.identity, AbortSignal.timeout(30_000))
  socket.pause()
  ask(session, appetites[index % appetites.length] ?? 'files', food, world)
  return () => socket.terminate()
}

/** Up to some megabytes of answers each, if it is all answered. */
const asks = { files: 16, feeds: 4, pings: 500, lists: 8 } as const

function ask(session: Session, appetite: (typeof appetites)[number], food: Food, world: HubWorld): void {
  const hub = world.hub.identity
  const count = asks[appetite]
  for (let id = 1; id <= count; id++) {
    switch (appetite) {
      case 'files':
        session.send({ type: 'getblob', id, maxsize: 2 ** 20, offset: 0, length: null }, cidBytes(food.block))
        break
      case 'feeds':
        session.send(
          {
            type: 'getfeed',
            id,
            length: 0,
            limit: null,
            since: null,
            window: 16 * 1024 * 1024,
            bodies: true,
            verbatim: false,
          },
          [identityKey(hub), cidBytes(food.head)],
        )
        break
      case 'pings':
        session.send({ type: 'ping', id })
        break
      case 'lists': {
        const keys = new Uint8Array(1000 * 32)
        for (let at = 0; at < 1000; at++) keys.set(identityKey(hub), at * 32)
        session.send({ type: 'getheads', id, count: 1000 }, keys)
        break
      }
    }
  }
}

/** Ms until one that reads has a block. */
async function read(world: HubWorld, food: Food): Promise<number> {
  const started = performance.now()
  const socket = new WebSocket(world.url, webSocketLimits)
  const link = webSocketLink(socket)
  await new Promise<void>((resolve) => socket.once('open', resolve))
  await using session = await openAsStranger(link, world.hub.identity, AbortSignal.timeout(30_000))
  session.send({ type: 'getblob', id: 1, maxsize: 2 ** 20, offset: 0, length: null }, cidBytes(food.block))
  for await (const { message } of session.receive()) {
    if (message.type === 'blob' && message.end) return performance.now() - started
  }
  return Number.POSITIVE_INFINITY
}
