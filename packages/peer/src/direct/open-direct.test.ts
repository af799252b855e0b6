/** How many ways one person gets, whoever asks for them (R20, R21, T16). */
import { type Identity, identityOfKey } from '@effigy/core'
import type { RtcPort } from '@effigy/links'
import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { createFakeRtcWorld } from '../../../links/test/fake-rtc.ts'
import type { ReceivedSignal } from '../presence/signals.ts'
import type { Signaller } from '../reach.ts'
import { type Candidate, chooseSought, maxOfPerson } from './choice.ts'
import { openDirect } from './open-direct.ts'

const device = (byte: number): Identity => identityOfKey(new Uint8Array(32).fill(byte))
const self = device(255)

describe('whom it chooses', () => {
  const candidate = (byte: number, person: string, more: Partial<Candidate> = {}): Candidate => ({
    ...{ identity: device(byte), person, circle: 'friend', isBusy: false, triedAtMs: null },
    ...more,
  })

  test('[R20] [R21] four devices of one friend, others beside them; those that wait come when their turn does', () => {
    const many = Array.from({ length: 10 }, (_, n) => candidate(n + 1, 'many', { triedAtMs: n }))
    const other = candidate(50, 'other', { triedAtMs: 99 })
    const sought = chooseSought([...many, other], 'none')
    expect(sought).toEqual(new Set([1, 2, 3, 4, 50].map(device)))
    const later = many.map((one, n) => ({ ...one, triedAtMs: n < 4 ? 100 + n : n }))
    expect(chooseSought([...later, other], 'none')).toEqual(new Set([5, 6, 7, 8, 50].map(device)))
  })

  test('[R20] own devices and those that a person asked for are not counted', () => {
    const own = Array.from({ length: 10 }, (_, n) => candidate(n + 1, 'me', { circle: 'own' }))
    const asked = [11, 12, 13, 14, 15].map((byte) => candidate(byte, 'many', { circle: 'asked' }))
    const friend = [21, 22, 23, 24, 25].map((byte) => candidate(byte, 'many'))
    const sought = chooseSought([...own, ...asked, ...friend], 'none')
    expect(sought.size).toBe(10 + 5 + maxOfPerson)
  })
})

const offer = (byte: number): ReceivedSignal => ({
  from: device(byte),
  id: String(byte),
  at: 0,
  hub: device(200),
  missed: 0,
  payload: {
    type: 'rtcoffer',
    connection: byte.toString(16).padStart(32, '0'),
    round: 0,
    restart: true,
    ufrag: `uuu${byte}`,
    pwd: 'p'.repeat(22),
    fingerprint: 'ab'.repeat(32),
    maxMessageBytes: 262_144,
  },
})

/** Devices 1 to 20 are one friend's, 21 to 30 own ones, 31 to 99 a friend each; those in `present` are there. */
function open(offers: readonly ReceivedSignal[], present: readonly Identity[] = []) {
  const clock = createFakeClock()
  const rtc: RtcPort = createFakeRtcWorld(clock).machine()
  const stop = new AbortController()
  const byteOf = (one: Identity): number =>
    Array.from({ length: 99 }, (_, n) => n + 1).find((byte) => device(byte) === one) ?? 0
  const direct = openDirect({
    ...{ rtc, self, clock, log: silentLog, signal: stop.signal },
    store: { setting: () => null, saveSetting() {} },
    random: (length) => new Uint8Array(length),
    say: async () => ({ id: '', outcome: 'accepted', hubs: [] }),
    async *words() {
      yield* offers
    },
    signallers: () => [{ present: new Set(present) } as unknown as Signaller],
    trust: (one) => (byteOf(one) > 20 && byteOf(one) <= 30 ? 'own' : 'friend'),
    personOf: (one) => (byteOf(one) <= 20 ? 'many' : byteOf(one) <= 30 ? 'me' : one),
    isBlocked: () => false,
    shows: () => true,
    session: () => null,
    meet: async () => 'done',
    iceServers: async () => [],
    saving: () => 'none',
    isResting: () => false,
    hasKey: () => true,
    sought() {},
    changed() {},
  })
  const busy = (): readonly number[] =>
    direct.api
      .now()
      .devices.filter(({ state }) => state === 'connecting')
      .map(({ identity }) => byteOf(identity))
      .sort((a, b) => a - b)
  return { clock, direct, busy, stop }
}

describe('whom it answers', () => {
  test('[R20] [T16] one person who offers from many devices gets four ways; others, own ones and who was asked for get theirs', async () => {
    const { clock, direct, busy, stop } = open(
      [1, 2, 3, 4, 5, 6, 7, 21, 22, 23, 24, 25, 26, 40, 41].map(offer),
    )
    direct.api.seek(device(7))
    await clock.advance(10)
    expect(busy()).toEqual([1, 2, 3, 4, 7, 21, 22, 23, 24, 25, 26, 40, 41])
    stop.abort()
    await direct.close()
  })

  test('[R20] [T16] those who failed hold no place', async () => {
    const { clock, direct, busy, stop } = open([1, 2, 3, 4].map(offer), [1, 2, 3, 4, 5, 6].map(device))
    await clock.advance(10)
    expect(busy()).toEqual([1, 2, 3, 4])
    for (let waitedMs = 0; !busy().includes(5) && waitedMs < 120_000; waitedMs += 1_000)
      await clock.advance(1_000)
    expect(busy()).toContain(5)
    expect(busy().length).toBeLessThanOrEqual(maxOfPerson)
    stop.abort()
    await direct.close()
  })
})
