/** What a backup that anybody could have sealed may do to the keys of a home (spec Z11). */
import { encodeBase64url, identityOfKey } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { openNodeStore } from '@effigy/store/node'
import { expect, test } from 'vitest'
import { keepKeys } from './take-contents.ts'

const friend = identityOfKey(new Uint8Array(32).fill(7))
const { sha256 } = createNodeCrypto()

test('[Z11] [T17] a stranger who seals a backup to the recovery key pushes no true key of a feed out, nor keeps one away', () => {
  using store = openNodeStore(':memory:', { sha256, now: () => 0 })
  const { feedKeys } = store
  if (feedKeys === undefined) throw new Error('no keys')
  const known = new Uint8Array(32).fill(1)
  feedKeys.keep({ feed: friend, epoch: 1, key: known })
  const feeds = Array.from({ length: 40 }, (_, at) => ({
    feed: friend,
    epoch: Number.MAX_SAFE_INTEGER - at,
    key: encodeBase64url(new Uint8Array(32).fill(100 + at)),
  }))
  for (let time = 0; time < 3; time++) {
    keepKeys(store, { keys: { v: 1, content: [], feeds }, isAuthentic: false })
  }
  const later = new Uint8Array(32).fill(2)
  feedKeys.keep({ feed: friend, epoch: 2, key: later })
  const held = feedKeys.of(friend).map(({ key }) => encodeBase64url(key))
  expect(held).toContain(encodeBase64url(known))
  expect(held).toContain(encodeBase64url(later))
})
