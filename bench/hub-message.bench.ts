/**
 * Messages of 300 bytes that a hub hands from one session to another (`messageto`), beside a bare WebSocket that echoes as many.
 * Of an echo a client sends one message and hears one; of ours the sender hears an answer, and the receiver the message. So
 * there is a second comparison, with a bare WebSocket that hands on and answers: the same frames, nothing sealed, nothing
 * checked. In each there are as many pairs and as many messages under way, and one process with all clients.
 *
 * Figures are medians of the rounds, and of the ratios within each.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Identity } from '@effigy/core'
import type { Session, Signals } from '@effigy/sync'
import { WebSocket } from 'ws'
import { openMember, show } from '../tools/figures/hub-member.ts'
import { type Figure, figure, median } from './figure.ts'

const never = new AbortController().signal
const messageBytes = 300
const messages = 5_000
const pairs = 8
/** Under way in each pair. */
const window = 32
const rounds = 3

interface Cost {
  readonly seconds: number
  readonly hubCpu: number
}

export async function* bench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  const child = fork(new URL('hub-source.ts', import.meta.url), [folder])
  try {
    const [{ address, bare }] = (await once(child, 'message')) as [{ address: string; bare: string }]
    const members = await Promise.all(Array.from({ length: pairs }, () => openPair(address)))
    const sockets = await Promise.all(Array.from({ length: pairs }, () => openBare(bare)))
    const barePairs = await Promise.all(
      Array.from({ length: pairs }, async (_, index) => ({
        from: await openBare(`${bare}/from/${index}`),
        to: await openBare(`${bare}/to/${index}`),
      })),
    )
    const done: { readonly echo: Cost; readonly bare: Cost; readonly hub: Cost }[] = []
    for (let round = 0; round <= rounds; round++) {
      const echoed = await measure(child, () => Promise.all(sockets.map(echo)))
      const bareHanded = await measure(child, () => Promise.all(barePairs.map(handOnBare)))
      const handed = await measure(child, () => Promise.all(members.map(handOn)))
      // The first one warms all up.
      if (round > 0) done.push({ echo: echoed, bare: bareHanded, hub: handed })
    }
    const total = messages * pairs
    for (const [beside, of] of [
      ['echo', 'a bare ws that echoes as many'],
      ['bare', 'a bare ws that hands as many on, and answers'],
    ] as const) {
      yield figure('hub message', total / median(done.map(({ hub }) => hub.seconds)), 'messages/s', {
        ratio: median(done.map((round) => round[beside].seconds / round.hub.seconds)),
        of,
      })
      yield figure(
        'hub message, processor time of the hub',
        (1e6 * median(done.map(({ hub }) => hub.hubCpu))) / total,
        'us/message',
        { ratio: median(done.map((round) => round[beside].hubCpu / round.hub.hubCpu)), of },
      )
    }
    for (const { sessions } of members) for (const session of sessions) await session.end('done')
    for (const socket of [...sockets, ...barePairs.flatMap(({ from, to }) => [from, to])]) socket.terminate()
  } finally {
    child.disconnect()
    await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(child: ChildProcess, work: () => Promise<unknown>): Promise<Cost> {
  const before = await hubCpu(child)
  const started = performance.now()
  await work()
  return { seconds: (performance.now() - started) / 1000, hubCpu: (await hubCpu(child)) - before }
}

async function hubCpu(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message')
  child.send('cpu')
  return ((await answer) as [number])[0]
}

interface Pair {
  readonly sessions: readonly Session[]
  readonly sender: Signals
  readonly receiver: Identity
  heard: number
  onHeard: () => void
}

async function openPair(address: string): Promise<Pair> {
  let pair: Pair | null = null
  const sender = await openMember(address, () => {})
  const receiver = await openMember(address, () => {
    if (pair === null) return
    pair.heard++
    pair.onHeard()
  })
  await show(receiver, sender)
  const sessions = [sender.session, receiver.session]
  pair = { sessions, sender: sender.signals, receiver: receiver.identity, heard: 0, onHeard() {} }
  return pair
}

/** Until the other side has heard them all. */
async function handOn(pair: Pair): Promise<void> {
  const payload = new Uint8Array(messageBytes)
  const heard = Promise.withResolvers<void>()
  pair.heard = 0
  pair.onHeard = () => {
    if (pair.heard === messages) heard.resolve()
  }
  let sent = 0
  async function next(): Promise<void> {
    while (sent < messages) {
      sent++
      const outcome = await pair.sender.messageTo(pair.receiver, payload, never)
      if (!outcome.ok || outcome.value !== 'delivered') throw new Error('not delivered')
    }
  }
  await Promise.all(Array.from({ length: window }, next))
  await heard.promise
}

async function openBare(address: string): Promise<WebSocket> {
  const socket = new WebSocket(address, { perMessageDeflate: false })
  await once(socket, 'open')
  return socket
}

function echo(socket: WebSocket): Promise<void> {
  const payload = new Uint8Array(messageBytes)
  const { promise, resolve } = Promise.withResolvers<void>()
  let sent = 0
  let heard = 0
  const send = (): void => {
    if (sent === messages) return
    sent++
    socket.send(payload)
  }
  socket.removeAllListeners('message')
  socket.on('message', () => {
    heard++
    if (heard === messages) resolve()
    else send()
  })
  for (let index = 0; index < window; index++) send()
  return promise
}

/** Until both sides have heard all. */
async function handOnBare({ from, to }: { readonly from: WebSocket; readonly to: WebSocket }): Promise<void> {
  const payload = new Uint8Array(messageBytes)
  const answered = Promise.withResolvers<void>()
  const heard = Promise.withResolvers<void>()
  let sent = 0
  let answers = 0
  let received = 0
  const send = (): void => {
    if (sent === messages) return
    sent++
    from.send(payload)
  }
  for (const socket of [from, to]) socket.removeAllListeners('message')
  from.on('message', () => {
    answers++
    if (answers === messages) answered.resolve()
    else send()
  })
  to.on('message', () => {
    received++
    if (received === messages) heard.resolve()
  })
  for (let index = 0; index < window; index++) send()
  await Promise.all([answered.promise, heard.promise])
}
