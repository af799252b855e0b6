/**
 * A process of its own: many authenticated sessions at one hub, and nothing else (hub-crowd.ts).
 *
 *     'open' ─▶ ms      'close' ─▶ ms      { beatMs } ─▶ latencies of heartbeats, one session after the other      a lost parent: gone
 *
 * @module
 */
import type { Signer } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { dialWebSocket } from '@effigy/links/node'
import { type Session, systemClock } from '@effigy/sync'
import { openAs } from '../tools/figures/hub-world.ts'
import type { Beats, CrowdStart } from './hub-crowd.ts'

const { url, identity, count } = JSON.parse(process.argv[2] ?? '{}') as CrowdStart

/** Under way at a time: more would only wait in the system's queue. */
const atOnce = 64

/** Between two heartbeats, ms. */
const everyMs = 5

const openMs = 60_000

const crypto = createNodeCrypto()
/** The same people each time. */
const signers: Signer[] = []
for (let index = 0; index < count; index++) signers.push(await crypto.signer(crypto.randomBytes(32)))

let sessions: Session[] = []
const answers = new Map<number, () => void>()

async function open(): Promise<number> {
  const started = performance.now()
  const left = [...signers]
  async function some(): Promise<void> {
    for (let signer = left.pop(); signer !== undefined; signer = left.pop()) {
      const session = await openOne(signer).catch(() => null)
      // Come again, as a person's client would.
      if (session === null) left.push(signer)
      else {
        sessions.push(session)
        // Over: nothing more is heard of it.
        listen(session).catch(() => {})
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, some))
  return performance.now() - started
}

async function openOne(signer: Signer): Promise<Session> {
  const signal = AbortSignal.timeout(openMs)
  const link = await dialWebSocket(url, { clock: systemClock, signal })
  return openAs(signer, link, identity, signal)
}

async function close(): Promise<number> {
  const started = performance.now()
  await Promise.all(sessions.map((session) => session.end('done')))
  sessions = []
  return performance.now() - started
}

async function listen(session: Session): Promise<void> {
  for await (const { message } of session.receive()) {
    if (message.type === 'pong') answers.get(message.re)?.()
    // As somebody would who follows nobody yet: a question that is never answered stays open at the hub.
    if (message.type === 'getheads')
      session.send({ type: 'lastknownheads', re: message.id, end: true, count: 0 })
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

process.on('message', async (message: 'open' | 'close' | { readonly beatMs: number }) => {
  if (message === 'open') process.send?.(await open())
  else if (message === 'close') process.send?.(await close())
  else process.send?.(await beat(message.beatMs))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
