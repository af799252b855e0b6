/** What a hub tells of those who hide, of its room, of those who are turned away (V61-V66, T20, T30). */
import { utf8 } from '@effigy/core'
import { settle } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { createTestHub, type Member, someone } from '../../test/signal-kit.ts'

const nobody = { show: [], hear: [], open: false, room: false }
const never = new AbortController().signal
const text = utf8('x')

const outcomeOf = async (from: Member, to: Member['identity']): Promise<string> => {
  const sent = await from.signals.messageTo(to, text, never)
  return sent.ok ? sent.value : sent.error.code
}

describe('hiding', () => {
  test('[V62] [T20] [T30] a friend cannot tell who hides from who left, nor who comes back unseen from who stays away', async () => {
    const { join } = createTestHub()
    const [alice, bob] = [join(1), join(2)]
    const carol = someone(3)
    await bob.signals.choose({ ...nobody, hear: [alice.identity] })
    await alice.signals.choose({ ...nobody, show: [bob.identity, carol] })
    expect([...bob.signals.present]).toEqual([alice.identity])
    await alice.signals.choose({ ...nobody, show: [carol] })
    expect([...bob.signals.present]).toEqual([])
    expect(await outcomeOf(bob, alice.identity)).toBe('absent')
    alice[Symbol.dispose]()
    expect(await outcomeOf(bob, alice.identity)).toBe('absent')
    bob.got.length = 0
    using unseen = join(1)
    expect(await outcomeOf(bob, alice.identity)).toBe('absent')
    await unseen.signals.choose(nobody)
    expect(await outcomeOf(bob, alice.identity)).toBe('absent')
    unseen[Symbol.dispose]()
    expect(await outcomeOf(bob, alice.identity)).toBe('absent')
    expect(bob.got.filter((type) => type === 'presence')).toEqual([])
    expect(unseen.heard).toEqual([])
  })
})

test('[V61] [T20] a long list that is still on its way shows nobody after a newer choice hid', async () => {
  const { join } = createTestHub()
  const [alice, bob] = [join(1), join(2)]
  const many = Array.from({ length: 1_500 }, (_, n) => someone(n + 10))
  await bob.signals.choose({ ...nobody, hear: [alice.identity] })
  const first = alice.signals.choose({ ...nobody, show: [...many, bob.identity] })
  const second = alice.signals.choose(nobody)
  expect(await first).toEqual({ ok: false, error: { code: 'replaced', retryMs: null } })
  expect((await second).ok).toBe(true)
  expect([...bob.signals.present]).toEqual([])
  expect(await outcomeOf(bob, alice.identity)).toBe('accepted')
})

test('[V61] [T20] who hides is not refused for want of room', async () => {
  const { join } = createTestHub({ signals: { listedInAll: 10 } })
  const alice = join(1)
  const eight = Array.from({ length: 8 }, (_, n) => someone(n + 10))
  expect((await alice.signals.choose({ ...nobody, show: eight })).ok).toBe(true)
  expect((await alice.signals.choose({ ...nobody, show: eight.slice(0, 1), hear: eight })).ok).toBe(true)
  expect((await alice.signals.choose({ ...nobody, show: eight, hear: eight })).ok).toBe(false)
})

describe('the room', () => {
  const room = { ...nobody, room: true }

  test('[V64] who is in it hears of all others in it, and nobody listens unseen', async () => {
    const { join, clock } = createTestHub({ hasRoom: true })
    const [alice, bob, carol] = [join(1), join(2), join(3)]
    await alice.signals.choose(room)
    await bob.signals.choose(room)
    await carol.signals.choose(nobody)
    await clock.advance(1_000)
    expect([...alice.signals.inRoom]).toEqual([bob.identity])
    expect([...bob.signals.inRoom]).toEqual([alice.identity])
    expect([...carol.signals.inRoom]).toEqual([])
    expect(carol.got).toEqual(['onlineas'])
    expect(await outcomeOf(alice, bob.identity)).toBe('delivered')
    expect(await outcomeOf(carol, bob.identity)).toBe('accepted')
    await bob.signals.choose(nobody)
    await clock.advance(1_000)
    expect([...alice.signals.inRoom]).toEqual([])
    expect([...bob.signals.inRoom]).toEqual([])
    expect(await outcomeOf(alice, bob.identity)).toBe('accepted')
  })

  test('[V64] who comes back at once was not away, and hears of all', async () => {
    const { join, clock } = createTestHub({ hasRoom: true })
    const [alice, bob] = [join(1), join(2)]
    for (const one of [alice, bob]) await one.signals.choose(room)
    await clock.advance(1_000)
    bob[Symbol.dispose]()
    using again = join(2)
    await again.signals.choose(room)
    alice.got.length = 0
    await clock.advance(1_000)
    expect([...alice.signals.inRoom]).toEqual([bob.identity])
    expect([...again.signals.inRoom]).toEqual([alice.identity])
    again[Symbol.dispose]()
    await clock.advance(1_000)
    expect([...alice.signals.inRoom]).toEqual([])
  })

  test('[V64] [T16] it has a bound, is told of every roomEveryMs, once a second, and is nowhere but where the hub has one', async () => {
    const { join, clock } = createTestHub({ hasRoom: true, signals: { inRoom: 20 } })
    const people = Array.from({ length: 20 }, (_, n) => join(n + 1))
    for (const one of people) await one.signals.choose(room)
    await clock.advance(1_000)
    const told = people.flatMap(({ got }) => got.filter((type) => type === 'presence'))
    expect(told).toHaveLength(20)
    const late = join(50)
    expect(await late.signals.choose(room)).toEqual({ ok: false, error: { code: 'too-many', retryMs: null } })
    const { join: enter } = createTestHub()
    expect(await enter(1).signals.choose(room)).toEqual({
      ok: false,
      error: { code: 'no-room', retryMs: null },
    })
  })

  test('[V64] of a room in which one is not a hub is believed nothing', async () => {
    const { join } = createTestHub({ hasRoom: true })
    const alice = join(1)
    alice.signals.take({ type: 'presence', on: true, room: true, count: 1 }, new Uint8Array(32).fill(1))
    expect([...alice.signals.inRoom]).toEqual([])
  })
})

describe('those who are turned away', () => {
  test('[V66] [T30] are told what they are told of somebody who was never here; whom they meant is told of them', async () => {
    const { join, clock } = createTestHub()
    const [mallory, bob] = [join(1), join(2)]
    await bob.signals.choose(nobody)
    const view = async (to: Member['identity']) => {
      mallory.got.length = 0
      const outcome = await outcomeOf(mallory, to)
      const opened = await mallory.circuits.open(to, never)
      return { outcome, opened, got: [...mallory.got] }
    }
    expect(await view(bob.identity)).toEqual(await view(someone(99)))
    await clock.advance(5_000)
    expect(bob.attempted).toEqual([{ messages: 1, tunnels: 1, from: [mallory.identity] }])
    expect(bob.heard).toEqual([])
    expect(bob.arrived).toEqual([])
  })

  test('[V66] [T16] a flood of them is one short message every attemptsEveryMs, five seconds', async () => {
    const { join, clock } = createTestHub({ signals: { attemptNames: 3 } })
    const bob = join(1)
    await bob.signals.choose(nobody)
    bob.got.length = 0
    for (let n = 0; n < 8; n++) {
      const one = join(n + 10)
      for (let again = 0; again < 50; again++) await outcomeOf(one, bob.identity)
    }
    await clock.advance(5_000)
    expect(bob.got).toEqual(['attempts'])
    expect(bob.attempted).toMatchObject([{ messages: 400, tunnels: 0 }])
    expect(bob.attempted[0]?.from).toHaveLength(3)
    await clock.advance(60_000)
    expect(bob.got).toEqual(['attempts'])
  })

  test('[V66] who said nothing yet is told nothing', async () => {
    const { join, clock } = createTestHub()
    const [mallory, bob] = [join(1), join(2)]
    await outcomeOf(mallory, bob.identity)
    await clock.advance(5_000)
    expect(bob.got).toEqual([])
  })
})

test('[V65] who is no member any more is reached by nobody, reaches nobody, and hears of nobody', async () => {
  const members = new Set<string>([someone(1), someone(2)])
  const { join } = createTestHub({ isFor: (identity) => members.has(identity) })
  const [alice, bob] = [join(1), join(2)]
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const)
    await one.signals.choose({ ...nobody, show: [other.identity], hear: [other.identity] })
  expect(await outcomeOf(alice, bob.identity)).toBe('delivered')
  members.delete(bob.identity)
  expect(await outcomeOf(alice, bob.identity)).toBe('absent')
  expect(await outcomeOf(bob, alice.identity)).toBe('absent')
  bob.got.length = 0
  alice[Symbol.dispose]()
  expect(bob.got).toEqual([])
})

test('[V62] a message that nobody waits for any more is answered for nobody, and a hub that answers nothing is asked no more', async () => {
  const { join } = createTestHub()
  const alice = join(1)
  const stop = new AbortController()
  stop.abort(new Error('enough'))
  await expect(alice.signals.messageTo(someone(2), text, stop.signal)).rejects.toThrow('enough')
  alice[Symbol.dispose]()
  const deaf = createTestHub().join(1)
  deaf.port[Symbol.dispose]()
  deaf.port.take = () => true
  const waiting = Array.from({ length: 256 }, () => deaf.signals.messageTo(someone(2), text, never))
  await settle()
  expect(await deaf.signals.messageTo(someone(2), text, never)).toEqual({
    ok: false,
    error: { code: 'busy', retryMs: null },
  })
  deaf[Symbol.dispose]()
  expect(new Set((await Promise.all(waiting)).map((sent) => (sent.ok ? '' : sent.error.code)))).toEqual(
    new Set(['cut']),
  )
})
