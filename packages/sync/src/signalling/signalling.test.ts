/** Presence and messages through a hub (V60-V63, T20, T30). */
import { utf8 } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { createTestHub, type Member, someone } from '../../test/signal-kit.ts'

const nobody = { show: [], hear: [], open: false, room: false }
const never = new AbortController().signal
const presentOf = (member: Member) => [...member.signals.present]

describe('presence', () => {
  test('[V61] one shows itself and the other wants to hear: then it hears, now and later', async () => {
    const { join } = createTestHub()
    const [alice, bob] = [join(1), join(2)]
    await bob.signals.choose({ ...nobody, hear: [alice.identity] })
    expect(presentOf(bob)).toEqual([])
    await alice.signals.choose({ ...nobody, show: [bob.identity] })
    expect(presentOf(bob)).toEqual([alice.identity])
    expect(presentOf(alice)).toEqual([])
    alice[Symbol.dispose]()
    expect(presentOf(bob)).toEqual([])
    using again = join(1)
    await again.signals.choose({ ...nobody, show: [bob.identity] })
    expect(presentOf(bob)).toEqual([alice.identity])
    await again.signals.choose(nobody)
    expect(presentOf(bob)).toEqual([])
  })

  test('[V61] who wants to hear later hears of who is there already', async () => {
    const { join } = createTestHub()
    const [alice, bob] = [join(1), join(2)]
    await alice.signals.choose({ ...nobody, show: [bob.identity, someone(9)] })
    await bob.signals.choose({ ...nobody, hear: [alice.identity, someone(9)] })
    expect(presentOf(bob)).toEqual([alice.identity])
  })

  test('[T20] a stranger hears nothing over 10,000 events', async () => {
    const { join } = createTestHub()
    const [alice, bob, mallory] = [join(1), join(2), join(3)]
    await mallory.signals.choose({
      show: [alice.identity],
      hear: [alice.identity, bob.identity],
      open: false,
      room: false,
    })
    await bob.signals.choose({ ...nobody, hear: [alice.identity] })
    mallory.got.length = 0
    let told = 0
    for (let round = 0; round < 10_000; round++) {
      using come = join(1)
      await come.signals.choose({ ...nobody, show: [bob.identity] })
      told += presentOf(bob).length
    }
    expect(told).toBe(10_000)
    expect(mallory.got).toEqual([])
  })

  test('[V61] lists longer than the limit are refused and change nothing', async () => {
    const { join } = createTestHub({ signals: { listed: 1_500 } })
    const [alice, bob] = [join(1), join(2)]
    const many = Array.from({ length: 1_499 }, (_, n) => someone(n + 10))
    await bob.signals.choose({ ...nobody, hear: [alice.identity] })
    expect(await alice.signals.choose({ ...nobody, show: [bob.identity, ...many] })).toEqual({
      ok: true,
      value: true,
    })
    expect(presentOf(bob)).toEqual([alice.identity])
    const one = await alice.signals.choose({ ...nobody, show: [...many, bob.identity, someone(9_000)] })
    expect(one).toEqual({ ok: false, error: { code: 'too-many', retryMs: null } })
  })
})

test('[V61] [T16] all lists together have a bound, and what people leave behind is forgotten, the oldest first', async () => {
  const { join } = createTestHub({ signals: { listedInAll: 10, remembered: 3 } })
  const [alice, bob, carol] = [join(1), join(2), join(3)]
  const eight = Array.from({ length: 8 }, (_, n) => someone(n + 10))
  expect((await alice.signals.choose({ ...nobody, show: eight })).ok).toBe(true)
  expect((await bob.signals.choose({ ...nobody, show: [carol.identity], hear: [carol.identity] })).ok).toBe(
    true,
  )
  expect((await carol.signals.choose({ ...nobody, hear: [alice.identity] })).ok).toBe(false)
  alice[Symbol.dispose]()
  expect((await carol.signals.choose({ ...nobody, hear: [bob.identity] })).ok).toBe(true)
  expect(presentOf(carol)).toEqual([bob.identity])
  bob[Symbol.dispose]()
  expect(await carol.signals.messageTo(bob.identity, utf8('x'), never)).toEqual({ ok: true, value: 'absent' })
  using dave = join(4)
  await dave.signals.choose({ ...nobody, show: eight.slice(0, 3) })
  dave[Symbol.dispose]()
  expect(await carol.signals.messageTo(bob.identity, utf8('x'), never)).toEqual({
    ok: true,
    value: 'accepted',
  })
})

test('[V61] [T16] lists are taken at a pace', async () => {
  const { join, clock } = createTestHub({ signals: { choiceBurst: 2, choicesPerSecond: 1 } })
  const alice = join(1)
  const codes = []
  for (let n = 0; n < 3; n++) {
    const chosen = await alice.signals.choose(nobody)
    codes.push(chosen.ok ? 'ok' : chosen.error.code)
  }
  expect(codes).toEqual(['ok', 'ok', 'too-fast'])
  await clock.advance(2_000)
  expect((await alice.signals.choose(nobody)).ok).toBe(true)
})

describe('messages', () => {
  test('[V62] delivered inside the circle; what a hub hands on names its sender', async () => {
    const { join } = createTestHub()
    const [alice, bob] = [join(1), join(2)]
    await bob.signals.choose({ ...nobody, show: [alice.identity] })
    expect(await alice.signals.messageTo(bob.identity, utf8('hello'), never)).toEqual({
      ok: true,
      value: 'delivered',
    })
    expect(bob.heard).toEqual([{ from: alice.identity, payload: 'hello' }])
    bob.isBusy = true
    expect(await alice.signals.messageTo(bob.identity, utf8('hello'), never)).toEqual({
      ok: true,
      value: 'busy',
    })
    bob[Symbol.dispose]()
    expect(await alice.signals.messageTo(bob.identity, utf8('hello'), never)).toEqual({
      ok: true,
      value: 'absent',
    })
    expect(bob.heard).toHaveLength(1)
  })

  test('[V62] [T30] a stranger hears the same whether somebody is there, hidden, busy or was never here', async () => {
    const { join } = createTestHub()
    const [mallory, bob, carol] = [join(1), join(2), join(3)]
    await bob.signals.choose({ ...nobody, show: [carol.identity] })
    carol.isBusy = true
    const outcomes = []
    for (const to of [bob.identity, carol.identity, someone(99), mallory.identity]) {
      outcomes.push(await mallory.signals.messageTo(to, utf8('x'), never))
    }
    expect(outcomes).toEqual(Array(4).fill({ ok: true, value: 'accepted' }))
    expect([bob.heard, carol.heard]).toEqual([[], []])
  })

  test('[V62] while a code is shown a stranger who names the device reaches it, and is told nothing', async () => {
    const { join } = createTestHub()
    const [stranger, bob] = [join(1), join(2)]
    await bob.signals.choose({ ...nobody, open: true })
    expect(await stranger.signals.messageTo(bob.identity, utf8('x'), never)).toEqual({
      ok: true,
      value: 'accepted',
    })
    expect(bob.heard).toHaveLength(1)
  })

  test('[V62] [T16] a pace, and a token', async () => {
    const { join, clock } = createTestHub({ signals: { messageBurst: 3, messagesPerSecond: 1 } })
    const [alice, bob] = [join(1), join(2)]
    await bob.signals.choose({ ...nobody, show: [alice.identity] })
    const codes = []
    for (let n = 0; n < 4; n++) {
      const sent = await alice.signals.messageTo(bob.identity, utf8('x'), never)
      codes.push(sent.ok ? sent.value : sent.error.code)
    }
    expect(codes).toEqual(['delivered', 'delivered', 'delivered', 'too-fast'])
    await clock.advance(2_000)
    expect((await alice.signals.messageTo(bob.identity, utf8('x'), never)).ok).toBe(true)
    alice.say({ type: 'messageto', id: 5, token: 'BBBBBBBBBBBBBBBBBBBBBA' }, new Uint8Array(33))
    expect(alice.got.at(-1)).toBe('error')
    expect(bob.heard).toHaveLength(4)
  })
})
