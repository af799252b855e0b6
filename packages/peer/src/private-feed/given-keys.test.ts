/** Keys that a stolen device gives (spec X26, T28). */
import { identityOfKey } from '@effigy/core'
import { feedKeyId } from '@effigy/crypto'
import { maxFeedKeys } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import { expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import { keepGiven } from './given-keys.ts'

const bytes = (value: number) => new Uint8Array(32).fill(value)
const [alice, thief] = [identityOfKey(bytes(201)), identityOfKey(bytes(202))]

test('[X26] [T28] a flood of keys by another device of the account pushes none out that opens the feed', () => {
  using store = openNodeStore(':memory:', { sha256: testCrypto.sha256, now: () => 1 })
  const keys = store.feedKeys as NonNullable<typeof store.feedKeys>
  const has = (value: number) => keys.find(alice, feedKeyId(bytes(value), testCrypto)) !== null
  keys.keep({ feed: alice, epoch: 2, key: bytes(1) })
  for (let each = 0; each < 2 * maxFeedKeys; each++)
    keepGiven(keys, thief, { feed: alice, epoch: 2 ** 31, key: bytes(100 + each) }, testCrypto)
  expect(has(1)).toBe(true)
  // Nor does it keep the next one out: its author's, or the one that is sought.
  keys.keep({ feed: alice, epoch: 3, key: bytes(2) })
  keys.close({ feed: alice, epoch: 4, keyId: feedKeyId(bytes(3), testCrypto) })
  expect(keepGiven(keys, thief, { feed: alice, epoch: 4, key: bytes(3) }, testCrypto)).toBe(true)
  expect([1, 2, 3].map(has)).toEqual([true, true, true])
  expect(keys.closed(alice)).toBeNull()
})
