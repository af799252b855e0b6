/**
 * A process of its own: many authenticated sessions at one hub, and nothing else (hub-crowd.ts).
 *
 *     'open' ─▶ ms      { beatMs } ─▶ heartbeats of one session after the other, their latencies      a lost parent: gone
 *
 * @module
 */
import { dialWebSocket } from '@effigy/links/node'
import { type Session, systemClock } from '@effigy/sync'
import { openAsStranger } from '../tools/figures/hub-world.ts'
import type { Beats, CrowdStart } from './hub-crowd.ts'

const { url, identity, count } = JSON.parse(process.argv[2] ?? '{}') as CrowdStart

/** Under way at a time: more would only wait in the system's queue. */
const atOnce = 64

/** Between two heartbeats, ms. */
const everyMs = 5

const openMs = 60_000

const sessions: Session[] = []
const answers = new Map<number, () => void>()

async function open(): Promise<number> {
  const started = performance.now()
  let left = count
  async function some(): Promise<void> {
    while (left > 0) {
      left--
      const signal = AbortSignal.timeout(openMs)
      const link = await dialWebSocket(url, { clock: systemClock, signal })
      const session = await openAsStranger(link, identity, signal)
      sessions.push(session)
      void listen(session)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, some))
  return performance.now() - started
}

async function listen(session: Session): Promise<void> {
  for await (const { message } of session.receive()) {
    if (message.type === 'pong') answers.get(message.re)?.()
  }
}

async function beat(forMs: number): Promise<Beats> {
  const latencies: number[] = []
  const until = performance.now() + forMs
  let id = 0
  let lost = 0
  while (performance.now() < until) {
    const session = sessions[id % sessions.length]
    const sent = performance.now()
    const re = ++id
    const { promise, resolve } = Promise.withResolvers<void>()
    answers.set(re, resolve)
    try {
      session?.send({ type: 'ping', id: re })
      await promise
      latencies.push(performance.now() - sent)
    } catch {
      lost++
    }
    answers.delete(re)
    await new Promise((done) => setTimeout(done, everyMs))
  }
  latencies.sort((a, b) => a - b)
  const at = (part: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0
  return { beats: latencies.length, lost, medianMs: at(0.5), p99Ms: at(0.99), slowestMs: at(1) }
}

process.on('message', async (message: 'open' | { readonly beatMs: number }) => {
  process.send?.(message === 'open' ? await open() : await beat(message.beatMs))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
