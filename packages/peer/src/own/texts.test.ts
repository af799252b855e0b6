/** What own devices ask each other for, and what a stolen one among them answers (spec Y20). */
import { type Identity, identityOfKey, type JsonObject } from '@effigy/core'
import { openNodeStore } from '@effigy/store/node'
import { expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
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
