/**
 * Floods of the hub that ships, on sockets (T16, T17): meanwhile two honest members go on talking through it.
 *
 * Half-open sockets and readers that never read have figures of their own (`sockets`, `readers`).
 */
import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { identityKey, type JsonObject, type Signer } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { dialWebSocket } from '@effigy/links/node'
import { maxFrameBytes, maxHandshakeFrameBytes, maxLinkMessageBytes, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { openCaller } from '../hub-caller.ts'
import { openMember, show } from '../hub-member.ts'
import { type HubWorld, openAs, openHub } from '../hub-world.ts'
import { upgrade } from '../sockets/half-open.ts'

const crypto = createNodeCrypto()
const room = { maxPerAddress: 1_000, maxMembers: 5_000 }
const openMs = 20_000

/** Messages that one honest member sends to the other while the flood lasts. */
const messages = 50

/** What both ends together may grow by. */
const allowedBytes: number = 150e6

/** Floods until the honest ones have said all that they want; what they said has arrived. */
async function survives(world: HubWorld, flood: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const heard: number[] = []
  const sender = await openMember(world.url, () => {})
  const receiver = await openMember(world.url, (_from, payload) => heard.push(payload[0] ?? 0))
  await show(receiver, sender)
  const stop = new AbortController()
  const before = process.memoryUsage().rss
  let peak = before
  const flooding = flood(stop.signal)
  for (let index = 0; index < messages; index++) {
    const outcome = await sender.signals.messageTo(receiver.identity, Uint8Array.of(index), stop.signal)
    expect(outcome).toEqual({ ok: true, value: 'delivered' })
    peak = Math.max(peak, process.memoryUsage().rss)
    await nextTurn()
  }
  await expect.poll(() => heard).toEqual(Array.from({ length: messages }, (_, index) => index))
  stop.abort()
  await flooding
  expect(peak - before).toBeLessThan(allowedBytes)
  for (const { session } of [sender, receiver]) await session.end('done')
}

/** A TCP connection that the hub has upgraded. */
async function openRaw({ hub }: HubWorld): Promise<Socket> {
  const socket = connect(hub.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.setNoDelay()
  const upgraded = new Promise<void>((resolve, reject) => {
    socket.once('data', () => resolve())
    socket.once('close', reject)
  })
  socket.write(upgrade)
  await upgraded
  socket.resume()
  return socket
}

const closed = (socket: Socket): Promise<void> =>
  socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()))

/** Again and again, by so many at once, until it is over. */
async function again(signal: AbortSignal, atOnce: number, run: () => Promise<void>): Promise<number> {
  let times = 0
  async function lane(): Promise<void> {
    do {
      await run()
      times++
    } while (!signal.aborted)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return times
}

/** Head of a masked frame; the mask is zeros. */
function head(opcode: number, length: number): Uint8Array {
  const bytes = new Uint8Array(14)
  bytes.set([opcode, 0xff])
  new DataView(bytes.buffer).setBigUint64(2, BigInt(length))
  return bytes
}

test('[T16] messages in pieces of one byte: each socket is cut, honest members go on', async () => {
  await using world = await openHub(room)
  await survives(world, async (signal) => {
    const times = await again(signal, 20, async () => {
      const socket = await openRaw(world)
      socket.write(Uint8Array.of(0x02, 0x81, 0, 0, 0, 0, 1))
      const piece = Uint8Array.of(0x00, 0x81, 0, 0, 0, 0, 1)
      const pieces = Uint8Array.from(
        { length: piece.length * 2_000 },
        (_, at) => piece[at % piece.length] ?? 0,
      )
      socket.write(pieces)
      await closed(socket)
    })
    expect(times).toBeGreaterThanOrEqual(20)
  })
})

test.each([
  ['of a handshake', maxHandshakeFrameBytes],
  ['of a frame', maxLinkMessageBytes],
  ['of 4 GiB', 2 ** 32],
])(
  '[T16] one byte more than the limit %s, announced and sent: cut, honest members go on',
  async (_name, limit) => {
    await using world = await openHub(room)
    await survives(world, async (signal) => {
      await again(signal, 10, async () => {
        const socket = await openRaw(world)
        socket.write(head(0x82, limit + 1))
        socket.write(new Uint8Array(Math.min(limit + 1, 2 * maxFrameBytes)))
        await closed(socket)
      })
    })
  },
)

test('[T16] [A4] a flood of false signatures: each is refused, honest members go on', async () => {
  await using world = await openHub(room)
  const liar = async (): Promise<Signer> => {
    const { publicKey } = await crypto.signer(crypto.randomBytes(32))
    return { publicKey, signBytes: async () => crypto.randomBytes(64) }
  }
  const members = world.peer.status().sessions.length
  await survives(world, async (signal) => {
    const times = await again(signal, 20, async () => {
      const until = AbortSignal.timeout(openMs)
      const link = await dialWebSocket(world.url, { clock: systemClock, signal: until })
      const session = await openAs(await liar(), link, world.hub.identity, until)
      // Whoever dials is the last to say something, and hears of it by the end alone.
      expect((await session.closed).code).toBe('cut')
    })
    expect(times).toBeGreaterThanOrEqual(20)
    expect(world.peer.status().sessions.length).toBeLessThanOrEqual(members + 2)
  })
})

test('[T17] a flood of drops from many members: a friend’s drop is kept and offered, honest members go on', async () => {
  await using world = await openHub(room)
  const open = async () =>
    openCaller(
      { url: world.url, identity: world.hub.identity },
      await crypto.signer(crypto.randomBytes(32)),
      AbortSignal.timeout(openMs),
    )
  await using receiver = await open()
  await using friend = await open()
  const never = new AbortController().signal
  const put = (caller: typeof friend, bytes: Uint8Array) =>
    caller.calls.call('dropbox', 'put', { to: receiver.identity }, { bytes, signal: never })
  await receiver.calls.call('dropbox', 'friends', {}, { bytes: identityKey(friend.identity), signal: never })
  // Each sends more at once than a sender may.
  const flooders = await Promise.all(Array.from({ length: 20 }, open))
  let isRefused = 0
  await survives(world, async (signal) => {
    await Promise.all(
      flooders.map((flooder) =>
        again(signal, 12, async () => {
          const answer = await put(flooder, crypto.randomBytes(1_000))
          if (!answer.ok) isRefused++
        }),
      ),
    )
  })
  expect(isRefused).toBeGreaterThan(0)
  const kept = await put(friend, crypto.randomBytes(500))
  expect(kept.ok).toBe(true)
  const offered = Promise.withResolvers<JsonObject>()
  void receiver.calls
    .call('dropbox', 'listen', {}, { onAnswer: ({ value }) => offered.resolve(value), signal: never })
    .catch(() => {})
  // Friends first.
  const { drops } = await offered.promise
  expect((drops as readonly JsonObject[])[0]).toMatchObject({ friend: true, size: 500 })
  for (const flooder of flooders) await flooder[Symbol.asyncDispose]()
})
