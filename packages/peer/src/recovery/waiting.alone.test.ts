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
  requestWords: async () => 'six words',
}))

const { sha256 } = createNodeCrypto()
const fill = (byte: number, length: number) => encodeBase64url(new Uint8Array(length).fill(byte))

function request(device: number, nonce: number): ShareRequest {
  return {
    account: fill(1, 32) as Root,
    name: 'Alice',
    identity: identityOfKey(new Uint8Array(32).fill(device)),
    box: fill(2, 32),
    to: fill(3, 32) as Root,
    nonce: fill(nonce, 16),
    at: 5,
  }
}

function open() {
  const settings = new Map<string, string>()
  const clock = createFakeClock(1_000)
  const store = {
    setting: (key: string) => settings.get(key) ?? null,
    saveSetting: (key: string, value: string | null) =>
      void (value === null ? settings.delete(key) : settings.set(key, value)),
  }
  const waiting = createWaiting({ store, sha256, clock, changed() {} })
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
  return { waiting, clock, heard, end, call }
}

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
