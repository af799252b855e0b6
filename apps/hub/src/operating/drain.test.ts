import type { Identity } from '@effigy/core'
import { silentLog } from '@effigy/sync'
import { createFakeClock, settle } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { createDrain, drainMs } from './drain.ts'

const somebody = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK' as Identity

function world({ takes = true } = {}) {
  const clock = createFakeClock()
  const told: string[] = []
  const state = { isStopping: false }
  const drain = createDrain({
    disconnect: async (code, identity) => {
      told.push(`${code} ${identity ?? 'all'}`)
      if (!takes) await new Promise(() => {})
    },
    sessions: () => 0,
    isStopping: () => state.isStopping,
    clock,
    log: silentLog,
  })
  return { clock, told, state, drain }
}

describe('[A10] draining', () => {
  test('everybody hears `stopping` once, however often it is asked for', async () => {
    const { drain, told } = world()
    await Promise.all([drain.begin(), drain.begin()])
    expect([drain.isDraining, told]).toEqual([true, ['stopping all']])
  })

  test('[T16] who takes no `bye` holds nothing up for longer than the bound', async () => {
    const { drain, clock } = world({ takes: false })
    let over = false
    void drain.begin().then(() => (over = true))
    await clock.advance(drainMs - 1)
    expect(over).toBe(false)
    await clock.advance(1)
    await settle()
    expect(over).toBe(true)
  })

  test('whose handshake was under way is let go too; before and after it nobody is', async () => {
    const { drain, clock, told } = world()
    drain.admitted(somebody)
    await drain.begin()
    drain.admitted(somebody)
    await clock.advance(0)
    drain.end()
    drain.admitted(somebody)
    await clock.advance(1)
    expect([drain.isDraining, told]).toEqual([false, ['stopping all', `stopping ${somebody}`]])
  })

  test('a stop is not called off', async () => {
    const { drain, state } = world()
    state.isStopping = true
    await drain.begin()
    drain.end()
    expect(drain.isDraining).toBe(true)
  })
})
