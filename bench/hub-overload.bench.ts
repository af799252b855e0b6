/**
 * Members who send ten times what they may: how long a message of others takes meanwhile and afterwards.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { openMember, show } from '../tools/figures/hub-member.ts'
import { hear, startHubProcess } from '../tools/figures/hub-process.ts'
import { type Figure, figure } from './figure.ts'

export interface FloodStart {
  readonly url: string
  readonly count: number
  /** The pace of messages that one session may send. */
  readonly times: number
}

const flooders = 10
const times = 10

/** Honest pairs, and ms between two messages of each. */
const pairs = 10
const everyMs = 50

const quietMs = 8_000
const floodMs = 10_000
/** Of one look at how long they take afterwards. */
const windowMs = 1_000
const recoveryMs = 5_000

/** Of p99, both ways of a message and its answer. */
const allowed = 2

export async function* bench(): AsyncGenerator<Figure> {
  await using hub = await startHubProcess({ changes: { maxPerAddress: 1_000 } })
  const taken: { readonly at: number; readonly ms: number }[] = []
  const stop = new AbortController()
  const talking: Promise<void>[] = []
  for (let index = 0; index < pairs; index++) talking.push((await openTalk(hub.url, taken, stop.signal)).over)
  const start: FloodStart = { url: hub.url, count: flooders, times }
  const flood = fork(new URL('hub-flooders.ts', import.meta.url), [JSON.stringify(start)])
  await hear(flood)
  try {
    // The first ones warm up.
    await pass(quietMs / 2)
    const quiet = await p99During(quietMs)
    flood.send('start')
    const flooded = await p99During(floodMs)
    flood.send('stop')
    const over = performance.now()
    let recoveredMs = Number.NaN
    while (performance.now() - over < 2 * recoveryMs && Number.isNaN(recoveredMs)) {
      const p99 = await p99During(windowMs)
      if (p99 <= allowed * quiet) recoveredMs = Math.max(0, performance.now() - over - windowMs)
    }
    yield figure('hub overload, p99 of an honest message, quiet', quiet, 'ms')
    yield figure(
      `hub overload, the same while ${flooders} send ${times} times what they may`,
      flooded,
      'ms',
      {
        ratio: flooded / quiet,
        of: `the quiet one; at most ${allowed}`,
      },
    )
    yield figure('hub overload, until it is as before', recoveredMs / 1000, 's', {
      ratio: recoveredMs / recoveryMs,
      of: `${recoveryMs / 1000} s`,
    })
  } finally {
    const gone = once(flood, 'exit')
    flood.disconnect()
    await gone
    stop.abort()
    await Promise.all(talking)
  }

  async function p99During(ms: number): Promise<number> {
    const from = performance.now()
    await pass(ms)
    const some = taken.filter(({ at }) => at >= from).map((one) => one.ms)
    some.sort((a, b) => a - b)
    return some[Math.floor(some.length * 0.99)] ?? Number.POSITIVE_INFINITY
  }
}

const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** One sends to the other until it is stopped; each is counted when it has been answered. */
async function openTalk(
  url: string,
  taken: { readonly at: number; readonly ms: number }[],
  signal: AbortSignal,
): Promise<{ readonly over: Promise<void> }> {
  const [sender, receiver] = [await openMember(url, () => {}), await openMember(url, () => {})]
  await show(receiver, sender)
  const payload = new Uint8Array(300)
  const talk = async (): Promise<void> => {
    while (!signal.aborted) {
      const at = performance.now()
      const outcome = await sender.signals.messageTo(receiver.identity, payload, new AbortController().signal)
      if (outcome.ok && outcome.value === 'delivered') taken.push({ at, ms: performance.now() - at })
      await pass(everyMs)
    }
    await Promise.all([sender, receiver].map(({ session }) => session.end('done')))
  }
  return { over: talk() }
}
