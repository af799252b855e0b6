import type { Identity } from '@effigy/core'
import { expect, test } from 'vitest'
import { noteOwnHealing } from './healed.ts'
import { type Intent, noteOwnEpoch, readIntent, saveIntent } from './intent.ts'

const alice = 'alice' as Identity

function storeOf() {
  const settings = new Map<string, string>()
  return {
    setting: (key: string) => settings.get(key) ?? null,
    saveSetting: (key: string, value: string | null) => void settings.set(key, value ?? ''),
  }
}

const wanted = (keyId: string | null): Intent => ({
  ...{ keyId, epoch: 2, readers: [], leaveOut: true, keep: 'all' },
})

test('[X25] what is wanted stays so when this device writes the feed anew, and not when another state did', () => {
  const store = storeOf()
  noteOwnEpoch(store, alice, 2, 3)
  expect(readIntent(store, alice)).toBeNull()
  saveIntent(store, alice, wanted('k2'))
  noteOwnEpoch(store, alice, 1, 3)
  expect(readIntent(store, alice)).toEqual(wanted('k2'))
  noteOwnEpoch(store, alice, 2, 3)
  expect(readIntent(store, alice)).toEqual({ ...wanted('k2'), epoch: 3 })
})

test.for([
  { what: 'under another key stays so', keyId: 'k2', keyIds: ['k1', 'k1'], epoch: 3 },
  { what: 'private stays so', keyId: 'k2', keyIds: [null], epoch: 3 },
  { what: 'as one branch of two keys is, is not, of both', keyId: 'k1', keyIds: ['k1', 'k2'], epoch: 2 },
  { what: 'private, where a branch is by now, is not', keyId: 'k2', keyIds: [null, 'k1'], epoch: 2 },
  { what: 'public is said again', keyId: null, keyIds: ['k1'], epoch: 2 },
])('[X25] [F12] once a fork is healed what is wanted $what', ({ keyId, keyIds, epoch }) => {
  const store = storeOf()
  saveIntent(store, alice, wanted(keyId))
  noteOwnHealing(store, alice, [1, 3], keyIds)
  expect(readIntent(store, alice)).toEqual(wanted(keyId))
  noteOwnHealing(store, alice, [2, 3], keyIds)
  expect(readIntent(store, alice)).toEqual({ ...wanted(keyId), epoch })
})
