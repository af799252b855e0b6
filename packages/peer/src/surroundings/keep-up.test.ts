import type { Link } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import type { ConnectionState } from '../peer.ts'
import { createSaving, type SavingMode } from '../saving.ts'
import { keepUp, restAfterMs } from './keep-up.ts'
import { pageMs } from './pages.ts'
import { plainSurroundings, type SurroundingFacts, type Surroundings } from './surroundings.ts'

function kept({ mode = 'none' as SavingMode, source = false } = {}) {
  const clock = createFakeClock()
  const saving = createSaving(mode)
  const done = { doubted: 0, doubtedDirect: 0, retried: 0, changed: 0, woke: 0 }
  const states: ConnectionState[] = [
    { type: 'waiting', code: 'cut', retryAt: 0 },
    { type: 'refused', code: 'identity' },
  ]
  const given = { facts: plainSurroundings, listener: () => {} }
  const surroundings: Surroundings = {
    get facts() {
      return given.facts
    },
    watch(listener) {
      given.listener = listener
      return { [Symbol.dispose]() {} }
    },
  }
  const keeping = keepUp({
    ...{ clock, log: { info() {}, warn() {} }, saving },
    surroundings: source ? surroundings : undefined,
    connections: () => states.map((state) => ({ state, retry: () => void done.retried++ })),
    sessions: () => [
      { link: { kind: 'websocket' } as Link, doubt: () => void done.doubted++ },
      { link: { kind: 'webrtc' } as Link, doubt: () => void done.doubtedDirect++ },
    ],
    back() {},
    woke: () => void done.woke++,
    changed: () => void done.changed++,
  })
  const set = (facts: Partial<SurroundingFacts>): void => {
    given.facts = { ...plainSurroundings, ...facts }
    given.listener()
  }
  const tell = (page: string, facts: Partial<SurroundingFacts> | null): void =>
    keeping.api.tell(page, facts === null ? null : { ...plainSurroundings, ...facts })
  return { clock, saving, done, set, tell, keeping, api: keeping.api }
}

const small = { root: 'x', identity: 'y', size: 10 } as never
const urgent = { root: 'x', identity: 'y', size: 10, urgent: true } as never

describe('nobody looks', () => {
  test('[R41] [R42] after a minute it rests: what nobody waits for is not fetched', async () => {
    const { clock, saving, done, tell } = kept()
    tell('tab', { visible: false })
    await clock.advance(restAfterMs - 1)
    expect([saving.isResting, done.changed]).toEqual([false, 0])
    await clock.advance(1)
    expect([saving.isResting, done.changed]).toEqual([true, 1])
    expect([saving.wants(small), saving.wants(urgent)]).toEqual([false, true])
    tell('tab', { visible: true })
    expect([saving.isResting, done.changed, saving.wants(small)]).toEqual([false, 2, true])
  })

  test('[R40] who only glanced at another tab has not left', async () => {
    const { clock, saving, tell } = kept()
    for (let glance = 0; glance < 4; glance++) {
      tell('tab', { visible: false })
      await clock.advance(restAfterMs - 1)
      tell('tab', { visible: true })
    }
    await clock.advance(restAfterMs)
    expect(saving.isResting).toBe(false)
  })

  test('[R40] [R47] one visible page of several is enough; one that crashed is none', async () => {
    const { clock, saving, tell, api } = kept()
    tell('one', { visible: true })
    tell('two', { visible: false })
    for (let minute = 0; minute < 2; minute++) {
      await clock.advance(60_000)
      tell('two', { visible: false })
    }
    expect([saving.isResting, api.show().facts.visible]).toEqual([false, true])
    await clock.advance(pageMs)
    tell('two', { visible: false })
    await clock.advance(restAfterMs)
    expect(saving.isResting).toBe(true)
    tell('two', null)
    tell('three', {})
    expect(saving.isResting).toBe(false)
  })

  test('[R40] a peer to whom nothing is told never rests, and has no timer', async () => {
    const { clock, saving } = kept()
    expect(clock.pending()).toBe(0)
    await clock.advance(10 * 60_000)
    expect(saving.isResting).toBe(false)
  })

  test('[T16] pages without end are 64 at most; names and facts that are none are refused or left aside', () => {
    const { tell, api } = kept()
    for (let page = 0; page < 1_000; page++) tell(`${page}`, { visible: page === 0 })
    expect(api.show().facts.visible).toBe(false)
    for (const bad of ['', 'x'.repeat(65)]) {
      expect(() => tell(bad, {})).toThrow(expect.objectContaining({ code: 'bad-page' }))
    }
    api.tell('odd', { visible: 'yes', metered: 1 } as never)
    expect(api.show().facts).toEqual(plainSurroundings)
  })
})

describe('[R44] the stronger of what was chosen and what is around counts', () => {
  test.for([
    ['none', { battery: true }, 'battery'],
    ['none', { battery: true, metered: true }, 'metered'],
    ['battery', { metered: true }, 'metered'],
    ['metered', { battery: true }, 'metered'],
    ['metered', {}, 'metered'],
  ] as const)('%s, %o', ([mode, facts, expected]) => {
    const { saving, set } = kept({ mode, source: true })
    set(facts)
    expect(saving.mode).toBe(expected)
    set({})
    expect(saving.mode).toBe(mode)
  })
})

describe('[R43] coming back', () => {
  test('waiting connections are tried at once, refused ones are not; sessions are asked whether they stand, but direct ones', async () => {
    const { clock, done, tell } = kept()
    tell('tab', { visible: false })
    expect(done).toMatchObject({ retried: 0, doubted: 0 })
    tell('tab', { visible: true })
    expect(done).toMatchObject({ retried: 1, doubted: 1, doubtedDirect: 0 })
    await clock.advance(4_000)
    expect(done).toMatchObject({ retried: 1 })
  })

  test('[T18] a line that flaps is no reason to dial each time, and the last change is not lost', async () => {
    const { clock, done, set } = kept({ source: true })
    for (let flap = 0; flap < 50; flap++) set({ online: flap % 2 === 1 })
    expect(done.retried).toBe(1)
    await clock.advance(5_000)
    expect(done.retried).toBe(2)
    await clock.advance(20_000)
    expect(done.retried).toBe(2)
  })

  test('[R45] a machine that slept is noticed by the clock alone', async () => {
    const { clock, done, set } = kept({ source: true })
    set({})
    await clock.advance(10 * 60_000)
    expect(done).toMatchObject({ doubted: 0, woke: 0 })
    clock.jump(3_600_000)
    await clock.advance(30_000)
    expect(done).toMatchObject({ retried: 1, doubted: 1, woke: 1 })
  })

  test('when it is over nothing is left running', async () => {
    const { clock, keeping, tell, done } = kept()
    tell('tab', { visible: false })
    tell('tab', { visible: true })
    tell('tab', { visible: false })
    keeping[Symbol.dispose]()
    expect(clock.pending()).toBe(0)
    tell('tab', { visible: true })
    expect([clock.pending(), done.retried]).toEqual([0, 1])
  })
})
