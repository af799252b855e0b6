/** What own devices ask each other for, and what a stolen one among them answers (spec Y20). */
import { type Identity, identityOfKey, type JsonObject, type RawCid } from '@effigy/core'
import type { Store } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import { expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import { createDoubt } from './doubt.ts'
import { createOwnTexts, learnTexts } from './texts.ts'

const self: Identity = identityOfKey(new Uint8Array(32).fill(7))
const stranger: Identity = identityOfKey(new Uint8Array(32).fill(8))

const open = () => openNodeStore(':memory:', { sha256: testCrypto.sha256, now: () => 1_800_000_000_000 })

test('[Y20] whatever is asked is answered, and of own devices alone', async () => {
  using store = open()
  store.watchFeed(self, { depth: { type: 'all' }, blobs: { type: 'none' } })
  const { opened } = createOwnTexts(store, () => [self]).methods
  const ask = (value: JsonObject) =>
    opened!({ value, bytes: new Uint8Array(0), remote: self, signal: new AbortController().signal } as never)
  for (const above of [0, -1, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 2 ** 52]) {
    expect(await ask({ identity: self, above })).toEqual({
      ok: true,
      value: { value: { texts: [], through: above } },
    })
  }
  for (const value of [
    {},
    { identity: self },
    { identity: stranger, above: 0 },
    { identity: 'x', above: 0 },
  ]) {
    expect(await ask(value)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  }
})

test('[Y20] an answer of another shape is none, and nothing is taken for what is not sealed here', async () => {
  using store = open()
  const told = async () => true
  for (const value of [
    {},
    { texts: {}, through: 1 },
    { texts: [], through: 0 },
    { texts: [[1, 2]], through: 9 },
    { texts: [null], through: 9 },
    { texts: [['bafkrei', 'x']], through: 9 },
    { texts: [], through: 0.5 },
  ]) {
    expect(await learnTexts(store, told, self, 1, value as unknown as JsonObject)).toBeNull()
  }
  const content = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
  expect(await learnTexts(store, told, self, 1, { texts: [[content, '{}']], through: 9 })).toEqual({
    count: 0,
    through: 9,
  })
})

test('[Y24] tellers of another shape, or too many of them, make an answer none', async () => {
  using store = open()
  const content = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
  const learn = (tellers: unknown) => {
    const value = { texts: [[content, '{}', tellers]], through: 9 } as unknown as JsonObject
    return learnTexts(store, async () => true, self, 1, value)
  }
  for (const tellers of [null, self, true, [7], ['x'], Array.from({ length: 33 }, () => self)]) {
    expect(await learn(tellers)).toBeNull()
  }
  expect(await learn([self, stranger])).toEqual({ count: 0, through: 9 })
})

test('[Y24] [T26] a text is doubtful once any of those whom it came through is no member, whoever passed it on', async () => {
  using store = open()
  store.watchFeed(self, { depth: { type: 'all' }, blobs: { type: 'none' } })
  const content = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku' as RawCid
  const thief: Identity = identityOfKey(new Uint8Array(32).fill(9))
  const types = new Map([self, stranger, thief].map((each) => [each, 'member']))
  const standings = { get: (each: Identity) => ({ type: types.get(each) }) }
  const synods = { accountOf: () => 'root', account: () => ({ standings }) } as unknown as Store['synods']
  const doubt = createDoubt({ synods, told: store.told! } as Pick<Store, 'synods' | 'told'>, self)
  expect(doubt.isDoubtful(self, content)).toBe(false)
  // It named others, who are honest; and an honest one passed a lie on before the theft was noticed.
  for (const tellers of [
    [thief, self, stranger],
    [stranger, thief],
  ]) {
    types.set(thief, 'member')
    store.told!.note(self, content, tellers)
    expect(doubt.isDoubtful(self, content)).toBe(false)
    types.set(thief, 'revoked')
    expect(doubt.isDoubtful(self, content)).toBe(true)
    expect(doubt.tellers()).toEqual([thief])
  }
  store.told!.note(self, content, [stranger])
  expect(doubt.isDoubtful(self, content)).toBe(false)
  expect(store.told!.tellersOf(self, content)).toEqual([stranger])
})
