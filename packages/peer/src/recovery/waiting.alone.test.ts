/** Whether answers tell a stranger what is held here (spec Z26, Z27, T28). */
import { encodeBase64url, identityOfKey, type Root } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createFakeClock } from '@effigy/testkit'
import { expect, test, vi } from 'vitest'
import type { ShareRequest } from './request.ts'
import { createWaiting } from './waiting.ts'

// Slow, and a matter of request.test.ts.
vi.mock(import('./request.ts'), async (load) => ({
  ...(await load()),
  requestWords: async ({ identity }: ShareRequest) => wordsOf(identity),
}))

const wordsOf = (device: string): string => `six words ${device.toLowerCase()}`

const { sha256 } = createNodeCrypto()
const bytesOf = (byte: number, length: number) => encodeBase64url(new Uint8Array(length).fill(byte))

function request(device: number, nonce: number): ShareRequest {
  return {
    account: bytesOf(1, 32) as Root,
    name: 'Alice',
    identity: identityOfKey(Uint8Array.of(device >> 8, ...new Uint8Array(31).fill(device))),
    box: bytesOf(2, 32),
    to: bytesOf(3, 32) as Root,
    nonce: bytesOf(nonce, 16),
    at: 5,
  }
}

function open(settings = new Map<string, string>(), clock = createFakeClock(1_000)) {
  const store = {
    setting: (key: string) => settings.get(key) ?? null,
    saveSetting: (key: string, value: string | null) =>
      void (value === null ? settings.delete(key) : settings.set(key, value)),
  }
  let changes = 0
  const waiting = createWaiting({ store, sha256, clock, changed: () => void changes++ })
  const heard: string[] = []
  const end = new AbortController()
  /** What is left in a box reaches this part only where a share is held. */
  function call(device: number, nonce: number, isHeld: boolean): void {
    const name = `${device}/${nonce}`
    waiting.ask(request(device, nonce), isHeld, end.signal).then(
      (answer) => heard.push(`${name} ${answer.ok ? 'given' : answer.error.code}`),
      () => {},
    )
  }
  return { waiting, clock, settings, heard, end, call, changes: () => changes }
}

const dayMs = 24 * 60 * 60_000
const toldEveryMs = 5 * 60_000

/** Until what was begun has run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

type Attack = (peer: ReturnType<typeof open>, isHeld: boolean) => Promise<void>

async function heardOf(attack: Attack, isHeld: boolean): Promise<readonly string[]> {
  const peer = open()
  await attack(peer, isHeld)
  const heard = [...peer.heard].sort()
  peer.end.abort()
  return heard
}

async function called(
  peer: ReturnType<typeof open>,
  calls: readonly (readonly [number, number])[],
  isHeld: boolean,
) {
  for (const [device, nonce] of calls) {
    peer.call(device, nonce, isHeld)
    await settle()
  }
}

const attacks: Readonly<Record<string, Attack>> = {
  'asks twice from one device': (peer, isHeld) =>
    called(
      peer,
      [
        [1, 1],
        [1, 2],
      ],
      isHeld,
    ),
  'asks from more devices than a person is told of': (peer, isHeld) =>
    called(
      peer,
      Array.from({ length: 20 }, (_, at) => [at + 1, 1] as const),
      isHeld,
    ),
  'asks from more devices than may wait': (peer, isHeld) =>
    called(
      peer,
      Array.from({ length: 70 }, (_, at) => [at + 1, 1] as const),
      isHeld,
    ),
  'leaves requests in a box, then calls': async (peer, isHeld) => {
    for (let device = 1; isHeld && device <= 12; device++) {
      for (let nonce = 1; nonce <= 5; nonce++) await peer.waiting.leave(request(device, nonce))
    }
    await called(
      peer,
      [
        [1, 9],
        [20, 1],
      ],
      isHeld,
    )
  },
  'fills all places with what is left, then calls': async (peer, isHeld) => {
    for (let device = 1; device <= 17; device++) {
      if (isHeld) await peer.waiting.leave(request(device, 1))
      await peer.clock.advance(toldEveryMs)
    }
    await called(
      peer,
      [
        [1, 1],
        [20, 1],
        [20, 2],
      ],
      isHeld,
    )
  },
  'calls, then leaves another request in a box': async (peer, isHeld) => {
    await called(peer, [[1, 1]], isHeld)
    if (isHeld) await peer.waiting.leave(request(1, 2))
    await settle()
  },
  'waits until it is over': async (peer, isHeld) => {
    await called(
      peer,
      Array.from({ length: 20 }, (_, at) => [at + 1, 1] as const),
      isHeld,
    )
    await peer.clock.advance(31 * 60_000)
    await settle()
  },
}

test.each(Object.entries(attacks))(
  '[Z27] [T28] a stranger who %s hears the same, whatever is held',
  async (_name, attack) => {
    expect(await heardOf(attack, true)).toEqual(await heardOf(attack, false))
  },
)

test('[Z27] who calls while the person has been told of enough is listed when their turn comes', async () => {
  const peer = open()
  await called(
    peer,
    Array.from({ length: 10 }, (_, at) => [at + 1, 1] as const),
    true,
  )
  expect(peer.waiting.list()).toHaveLength(8)
  await peer.clock.advance(5 * 60_000)
  await settle()
  expect(peer.waiting.list()).toHaveLength(9)
  peer.waiting.approve(peer.waiting.list()[8]!.id, 'sealed')
  await settle()
  expect(peer.heard).toEqual(['9/1 given'])
  peer.end.abort()
  await settle()
  expect(peer.waiting.list()).toEqual([])
})

/** Devices that nobody has: each leaves a request when the person may be told of one more. */
async function fill(peer: ReturnType<typeof open>, count = 16): Promise<void> {
  for (let device = 1; device <= count; device++) {
    expect(await peer.waiting.leave(request(device, 1))).toBe('listed')
    await peer.clock.advance(toldEveryMs)
  }
}

/** Those from the first to the last of each range. */
const devices = (...ranges: readonly (readonly [number, number])[]) =>
  ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, at) => request(first + at, 1).identity),
  )

const devicesOf = ({ waiting }: ReturnType<typeof open>) =>
  waiting.list().map(({ request: { identity } }) => identity)

test('[Z27] [T28] what was left by any number of devices keeps nobody who calls from being seen', async () => {
  const peer = open()
  await fill(peer)
  await called(peer, [[20, 1]], true)
  expect(devicesOf(peer)).toEqual(devices([1, 7], [9, 16], [20, 20]))
  await peer.clock.advance(toldEveryMs)
  expect(await peer.waiting.leave(request(21, 1))).toBe('listed')
  expect(devicesOf(peer)).toEqual(devices([1, 7], [10, 16], [20, 21]))
  // What gave its place has it again when one is free.
  peer.end.abort()
  await settle()
  expect(devicesOf(peer)).toEqual(devices([1, 8], [10, 16], [21, 21]))
  peer.waiting.deny(peer.waiting.list()[0]!.id)
  expect(devicesOf(peer)).toEqual(devices([2, 16], [21, 21]))
})

test('[Z27] [T16] of what is left 256 are kept, and wait for a place; what was seen first stays', async () => {
  const peer = open()
  await fill(peer, 258)
  const kept = JSON.parse(peer.settings.get('recovery-requests') ?? '[]') as readonly unknown[]
  expect(kept).toHaveLength(256)
  expect(JSON.stringify(kept[0])).toContain(request(1, 1).identity)
  expect(devicesOf(open(peer.settings, peer.clock))).toEqual(devicesOf(peer))
  const seen = devices([1, 8], [251, 258])
  expect(devicesOf(peer)).toEqual(seen)
  // Whose device comes to call is seen at once, and for as long.
  let before = peer.changes()
  await called(peer, [[9, 1]], true)
  expect([devicesOf(peer), peer.changes()]).toEqual([devices([1, 7], [9, 9], [251, 258]), before + 1])
  before = peer.changes()
  peer.end.abort()
  await settle()
  expect([devicesOf(peer), peer.changes()]).toEqual([seen, before + 1])
})

test('[Z27] [T28] devices that left requests and call as well keep nobody else who calls from being seen', async () => {
  const peer = open()
  await fill(peer)
  await called(
    peer,
    Array.from({ length: 16 }, (_, at) => [at + 1, 1] as const),
    true,
  )
  expect(await peer.waiting.leave(request(17, 1))).toBe('listed')
  expect(devicesOf(peer)).toEqual(devices([1, 16]))
  await peer.clock.advance(toldEveryMs)
  await called(peer, [[20, 1]], true)
  expect(devicesOf(peer)).toEqual(devices([1, 16], [20, 20]))
  peer.end.abort()
})

test('[Z26] what was left is over after 14 days while the device runs, and may be left anew', async () => {
  const peer = open()
  await fill(peer)
  await peer.clock.advance(14 * dayMs - 16 * toldEveryMs)
  expect(devicesOf(peer)).toHaveLength(15)
  const gone = peer.waiting.list()[0]!.id
  await peer.clock.advance(14 * dayMs)
  expect(peer.waiting.list()).toEqual([])
  expect(() => peer.waiting.get(gone)).toThrow(expect.objectContaining({ code: 'no-request' }))
  expect(await peer.waiting.leave(request(1, 1))).toBe('listed')
  expect(devicesOf(peer)).toEqual([request(1, 1).identity])
  expect(JSON.parse(peer.settings.get('recovery-requests') ?? '[]')).toHaveLength(1)
})

test('[Z27] who types the words that they were told finds the request, though others have all turns', async () => {
  const peer = open()
  await called(
    peer,
    Array.from({ length: 20 }, (_, at) => [at + 1, 1] as const),
    true,
  )
  const meant = request(20, 1)
  const words = wordsOf(meant.identity)
  expect(peer.waiting.list().some(({ request: { identity } }) => identity === meant.identity)).toBe(false)
  expect(peer.waiting.lookUp('six words of nobody')).toBeNull()
  const found = peer.waiting.lookUp(`  ${words.toUpperCase().replace(' ', ', \n')} `)
  expect(found?.request).toEqual(meant)
  peer.waiting.approve(found?.id ?? '', 'sealed')
  await settle()
  expect(peer.heard).toContain('20/1 given')
  peer.end.abort()
})
