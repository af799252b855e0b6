import type { Identity } from '@effigy/core'
import { openNodeStore } from '@effigy/store/node'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { extend, headOf, runOf, sha256, testIdentity } from '../../store/test/feed-maker.ts'
import { watchRecovery } from './recovery.ts'

const alice = testIdentity('alice')
const bob = testIdentity('bob')
const carol = testIdentity('carol')
const all = { depth: { type: 'all' }, blobs: { type: 'all' } } as const

const relation = (type: string, identity: Identity, value: boolean) => ({
  payload: JSON.stringify({ type, at: 1, target: { identity, root: null }, value }),
})

test('[F14] [T5] a follow that comes back is watched though the newest entry never comes; ends count once all is known', async () => {
  const clock = createFakeClock()
  using store = openNodeStore(':memory:', { sha256, now: clock.now })
  const chain = extend(
    alice,
    [],
    [relation('follow', bob, true), relation('follow', bob, false), relation('follow', carol, true), 'lost'],
  )
  const settle = () => store.settle(store.unverified(10).map(({ id }) => ({ id, valid: true })))
  store.setSelf(alice)
  for (const one of [alice, bob]) store.watchFeed(one, all)
  // The copy of the disk.
  store.acceptHead(headOf(chain.slice(0, 1)))
  store.appendRun(runOf(chain.slice(0, 1)))
  settle()
  const done: string[] = []
  const note = (what: string) => async (): Promise<void> => void done.push(what)
  using recovery = watchRecovery({
    store,
    identity: alice,
    clock,
    open: note('open'),
    rescue: note('rescue'),
    follow: () => done.push('follow'),
    onChange: () => done.push('changed'),
  })
  using _watching = store.watch(recovery.changed)

  store.acceptHead(headOf(chain.slice(0, 3)))
  store.appendRun(runOf(chain.slice(1, 3)))
  store.acceptHead(headOf(chain))
  settle()
  await clock.advance(300)
  expect(store.feed(alice)?.runs).toEqual([{ first: 1, last: 3 }])
  expect(done).toEqual(['follow', 'changed'])
  expect(store.feed(bob)?.watched).toBe(true)

  store.appendRun(runOf(chain.slice(3)))
  settle()
  await clock.advance(300)
  expect(done).toEqual(['follow', 'changed', 'open', 'rescue', 'follow', 'changed'])
  expect(store.feed(bob)?.watched).toBe(false)
})
