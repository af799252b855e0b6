/** What own devices are asked for, and how often (spec Y20). */
import {
  chainPoint,
  type Entry,
  type Identity,
  identityOfKey,
  type JsonObject,
  nextComparable,
  ok,
  type SignedEntry,
  signEntry,
  signHead,
} from '@effigy/core'
import { sealAge } from '@effigy/crypto'
import { openNodeStore } from '@effigy/store/node'
import { silentLog } from '@effigy/sync'
import { createFakeClock, testSeed, testSigner } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import { createOpening } from '../private/opening.ts'
import type { Doubt } from './doubt.ts'
import { keepOpen } from './keep-open.ts'

/** A feed of sealed entries, all of them asked of one other device that tells what `answers` makes of each question. */
async function openWorld(doubtOf: (identity: Identity) => Partial<Doubt>) {
  const store = openNodeStore(':memory:', { sha256: testCrypto.sha256, now: () => 1 })
  const clock = createFakeClock()
  const signer = await testSigner('self')
  const identity = identityOfKey(signer.publicKey)
  const [own, other] = await Promise.all(
    ['own', 'other'].map((name) => testCrypto.agreementKey(testSeed(name))),
  )
  let top: SignedEntry | null = null
  async function seal(): Promise<void> {
    const body = { type: 'device_state', at: 1, changes: [['read/x', 1]] } as unknown as JsonObject
    const recipients = [other!.publicKey]
    const sealed = await sealAge({ from: identity, context: 'state', body, recipients, crypto: testCrypto })
    if (!sealed.ok) throw new Error('sealed')
    const length = (top?.entry.length ?? 0) + 1
    const comparable = nextComparable(1, top === null ? null : chainPoint(top))
    const place = { identity, length, comparable }
    const draft: Entry = { ...place, parent: top?.cid ?? null, synod: null, links: [], payload: sealed.value }
    top = await signEntry(draft, signer, testCrypto.sha256)
    const head = { ...place, epoch: 1, bytes: 1_000 * length, head: top.cid }
    store.appendOwn([{ entry: top, body: null }], await signHead(head, signer))
  }
  const asked: unknown[] = []
  const { signal } = new AbortController()
  const opening = createOpening({
    ...{ store, crypto: testCrypto, clock, log: silentLog, signal },
    keys: () => [own!],
    devices: () => [identity],
  })
  const open = keepOpen({
    ...{ store, identity, opening, clock, log: silentLog, signal },
    doubt: {
      isMember: () => true,
      isDoubtful: () => false,
      tellersOf: () => [],
      tellers: () => [],
      ...doubtOf(identity),
    },
    connected: () => [identity],
    async call(_other, _service, _method, { above }) {
      asked.push(above)
      return ok({ value: { texts: [], through: top!.entry.length }, bytes: new Uint8Array(0) })
    },
  })
  return {
    ...{ store, clock, identity, seal, asked, open },
    [Symbol.dispose]() {
      for (const part of [open, opening, store]) part[Symbol.dispose]()
    },
  }
}

test('[Y20] a text that nobody opens does not cost all that came after it with each entry', async () => {
  using world = await openWorld(() => ({}))
  const { identity, seal, asked, open } = world
  await seal()
  await seal()
  await open.now()
  expect(asked.splice(0)).toEqual([0, 2])
  await seal()
  await open.now()
  expect(asked.splice(0)).toEqual([2, 3])
  // Who connects anew may have learned more.
  open.met(identity)
  await open.now()
  expect(asked.splice(0)).toEqual([0, 3])
})

test('[Y24] what stays doubtful is asked for once an hour of each device, however often they meet', async () => {
  const left = identityOfKey(new Uint8Array(32).fill(9))
  using world = await openWorld(() => ({ isDoubtful: () => true, tellers: () => [left] }))
  const { store, clock, identity, seal, asked, open } = world
  await seal()
  const [stored] = store.chain(identity, { first: 1, last: 1 })
  const text = JSON.stringify({ type: 'device_state', at: 1, changes: [['read/x', 2]] })
  expect(store.rememberOpened(identity, stored!.content, text)).toBe(true)
  store.told!.note(identity, stored!.content, [left])
  await open.now()
  expect(asked.splice(0)).toEqual([0, 1])
  for (let met = 0; met < 3; met++) {
    open.met(identity)
    await open.now()
  }
  expect(asked).toEqual([])
  await clock.advance(3_600_001)
  open.met(identity)
  await open.now()
  expect(asked).toEqual([0, 1])
})
