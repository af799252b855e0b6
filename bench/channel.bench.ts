/**
 * A direct data channel: a link of ours beside a bare channel that sends as many messages of the same size, in the same
 * run, between two tabs of Chromium and within one Node. Of each the fastest of the rounds: both take several threads,
 * and on a busy machine a round says more about who else runs.
 *
 * @module
 */
import { negotiate, type RtcChannel, type RtcConnection, type RtcPort } from '@effigy/links'
import { openNodeRtc } from '@effigy/links/node'
import { type Link, silentLog, systemClock } from '@effigy/sync'
import { serveApp } from '../tools/browser-kit/app.ts'
import { noBrowser } from '../tools/browser-kit/browser.ts'
import { openTab } from './channel-tabs.ts'
import { cpuSeconds, type Figure, figure } from './figure.ts'

const never = new AbortController().signal
const megabyte = 1024 * 1024
const rounds = 6
/** Of Node: a connection that lost packets in the beginning stays slow for long. */
const pairs = 3
const work = { count: 80, size: 256 * 1024 }

interface Sides {
  bare(): Promise<number>
  ours(): Promise<number>
}

export async function* bench(): AsyncGenerator<Figure> {
  if (noBrowser === null) {
    await using app = await serveApp(new URL('channel-page/', import.meta.url).pathname)
    await using receiver = await openTab(app, 0)
    await using sender = await openTab(app, 1, receiver)
    await sender.run('connect')
    yield* compare('Chromium', [
      {
        bare: () => both(receiver.run<number>('receiveBare', work), sender.run('sendBare', work)),
        ours: () => both(receiver.run<number>('receiveOurs', work), sender.run('sendOurs', work)),
      },
    ])
  }
  const nodes = (await Promise.all(Array.from({ length: pairs }, openNode))).filter((node) => node !== null)
  const [first] = nodes
  if (first === undefined) return
  yield* compare('Node', nodes)
  const spent = { bare: await cpuOf(first.bare), ours: await cpuOf(first.ours) }
  yield figure('channel, ours, Node, CPU of both sides', spent.ours, 's', {
    ratio: spent.bare / spent.ours,
    of: 'that of a bare data channel of the same run',
  })
  for (const node of nodes) node[Symbol.dispose]()
}

async function both(received: Promise<number>, sent: Promise<unknown>): Promise<number> {
  const [ms] = await Promise.all([received, sent])
  return ms / 1000
}

async function cpuOf(run: () => Promise<unknown>): Promise<number> {
  const before = cpuSeconds()
  for (let round = 0; round < rounds; round++) await run()
  return cpuSeconds() - before
}

async function* compare(name: string, pairs: readonly Sides[]): AsyncGenerator<Figure> {
  const bare: number[] = []
  const ours: number[] = []
  for (const sides of pairs) {
    for (let round = 0; round <= rounds; round++) {
      const measured = { bare: await sides.bare(), ours: await sides.ours() }
      // The first one warms all up.
      if (round === 0) continue
      bare.push(measured.bare)
      ours.push(measured.ours)
    }
  }
  const bytes = ((work.count - 1) * work.size) / megabyte
  yield figure(`channel, bare, ${name}`, bytes / Math.min(...bare), 'MiB/s')
  yield figure(`channel, ours, ${name}`, bytes / Math.min(...ours), 'MiB/s', {
    ratio: Math.min(...bare) / Math.min(...ours),
    of: 'a bare data channel of the same run, 0.7 at least',
  })
}

/** Null: there is no binary for this machine. */
async function openNode(): Promise<(Sides & Disposable) | null> {
  const rtc = await openNodeRtc()
  if (rtc === null) return null
  const stop = new AbortController()
  const links = [Promise.withResolvers<Link>(), Promise.withResolvers<Link>()] as const
  const side = (index: 0 | 1) =>
    negotiate({
      rtc,
      clock: systemClock,
      randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      log: silentLog,
      polite: index === 1,
      policy: () => 'all',
      iceServers: async () => [],
      send: (signal) => void setImmediate(() => sides[1 - index]?.receive(signal)),
      onLink: (link) => links[index].resolve(link),
      signal: stop.signal,
    })
  const sides = [side(0), side(1)]
  sides[0]?.connect()
  const [from, to] = await Promise.all([links[0].promise, links[1].promise])
  const frames = to.receive()[Symbol.asyncIterator]()
  const bare = await openBare(rtc)
  return {
    bare: () => bareOnce(bare),
    async ours() {
      const receive = async (): Promise<number> => {
        await frames.next()
        const started = performance.now()
        for (let left = work.count - 1; left > 0; left--) await frames.next()
        return performance.now() - started
      }
      const send = async (): Promise<void> => {
        for (let sent = 0; sent < work.count; sent++) {
          if (from.bufferedBytes > megabyte) await from.drained(never)
          from.send(new Uint8Array(work.size))
        }
      }
      return both(receive(), send())
    },
    [Symbol.dispose]() {
      stop.abort()
      for (const { connection } of bare) connection.close()
    },
  }
}

interface BareEnd {
  readonly connection: RtcConnection
  readonly channel: Promise<RtcChannel>
  readonly hears: { onMessage: () => void; onLow: () => void }
}

/** What the driver gives, which is all but what libdatachannel has. */
async function openBare(rtc: RtcPort): Promise<readonly [BareEnd, BareEnd]> {
  const ends: BareEnd[] = []
  const end = (index: 0 | 1): BareEnd => {
    const opened = Promise.withResolvers<RtcChannel>()
    const hears = { onMessage() {}, onLow() {} }
    const connection = rtc.open(
      { iceServers: [], policy: 'all' },
      {
        onCandidate: (candidate) =>
          void setTimeout(() => ends[1 - index]?.connection.addCandidate(candidate), 50),
        onState() {},
        onOpen(channel) {
          channel.listen({ onMessage: () => hears.onMessage(), onLow: () => hears.onLow(), onClose() {} })
          opened.resolve(channel)
        },
        onEnd() {},
      },
    )
    return { connection, channel: opened.promise, hears }
  }
  const [a, b] = [end(0), end(1)]
  ends.push(a, b)
  await a.connection.accept(await b.connection.answer(await a.connection.offer()))
  await Promise.all([a.channel, b.channel])
  return [a, b]
}

async function bareOnce([from, to]: readonly [BareEnd, BareEnd]): Promise<number> {
  const channel = await from.channel
  const receive = new Promise<number>((resolve) => {
    let [left, started] = [work.count, 0]
    to.hears.onMessage = () => {
      if (left === work.count) started = performance.now()
      if (--left === 0) resolve(performance.now() - started)
    }
  })
  const send = async (): Promise<void> => {
    for (let sent = 0; sent < work.count; sent++) {
      if (channel.bufferedBytes > megabyte) {
        await new Promise<void>((resolve) => {
          from.hears.onLow = resolve
        })
      }
      channel.send(new Uint8Array(work.size))
    }
  }
  return both(receive, send())
}
