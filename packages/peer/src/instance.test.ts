/** A store that fell behind its vault is noticed, until it has caught up (T5). */
import type { Vault, VaultContents } from '@effigy/crypto'
import { expect, test } from 'vitest'
import { liftAlarm, longAbsenceMs, noteMet, noteSeen, renewInstance } from './instance.ts'

function createVault(): Vault {
  let contents: VaultContents = { v: 2, instance: 1, seed: '', box: '', phrase: null, synod: null }
  return {
    read: () => contents,
    create: async () => false,
    replace: async (next) => {
      contents = next
    },
    newInstance: async () => {
      contents = { ...contents, instance: contents.instance + 1 }
      return contents.instance
    },
  }
}

/** `failAt`: the write, from 1, that is the first not to happen. */
function createSettings(from = new Map<string, string>(), failAt = Number.POSITIVE_INFINITY) {
  const values = new Map(from)
  let writes = 0
  return {
    values,
    setting: (key: string) => values.get(key) ?? null,
    saveSetting: (key: string, value: string | null) => {
      if (++writes >= failAt) throw new Error('the power is gone')
      if (value === null) values.delete(key)
      else values.set(key, value)
    },
  }
}

test('[T5] a restored store stays an alarm over restarts, until it is lifted', async () => {
  const vault = createVault()
  const store = createSettings()
  expect(await renewInstance(vault, store)).toBe('continued')
  const copy = createSettings(store.values)
  expect([await renewInstance(vault, store), await renewInstance(vault, store)]).toEqual([
    'continued',
    'continued',
  ])
  expect(await renewInstance(vault, copy)).toBe('restored')
  expect(await renewInstance(vault, copy)).toBe('restored')
  liftAlarm(copy)
  expect(await renewInstance(vault, copy)).toBe('continued')
})

test('[S13] [T5] a first open that is killed before the vault has its number is no alarm', async () => {
  const vault = createVault()
  const store = createSettings()
  const killed = { ...vault, newInstance: () => Promise.reject(new Error('the power is gone')) }
  await expect(renewInstance(killed, store)).rejects.toThrow()
  expect(store.values.get('instance-next')).toBe('2')
  expect(await renewInstance(vault, store)).toBe('continued')
  expect(await renewInstance(vault, store)).toBe('continued')
})

test.each([1, 2])('[T5] a crash at write %d of an open is no alarm, and hides none', async (failAt) => {
  const vault = createVault()
  const store = createSettings()
  await renewInstance(vault, store)
  const old = store.values
  const crashed = createSettings(old, failAt)
  await expect(renewInstance(vault, crashed)).rejects.toThrow()
  expect(await renewInstance(vault, createSettings(crashed.values))).toBe('continued')
  const restored = createSettings(old, failAt)
  await expect(renewInstance(vault, restored)).rejects.toThrow()
  expect(await renewInstance(vault, createSettings(restored.values))).toBe('restored')
})

test('[S13] [T5] vault and store put back together are found out by the time since they were open', async () => {
  const vault = createVault()
  const store = createSettings()
  const day = longAbsenceMs / 7
  expect(await renewInstance(vault, store, 100 * day)).toBe('continued')
  // Nobody else has anything of it.
  expect(await renewInstance(vault, store, 200 * day)).toBe('continued')
  noteMet(store)
  expect(await renewInstance(vault, store, 206 * day)).toBe('continued')
  noteSeen(store, 210 * day)
  expect(await renewInstance(vault, store, 217 * day)).toBe('continued')
  expect(await renewInstance(vault, store, 224 * day + 1)).toBe('absent')
  // It stands over restarts, and an older copy of the store outranks it.
  expect(await renewInstance(vault, store, 224 * day + 2)).toBe('absent')
  liftAlarm(store)
  expect(await renewInstance(vault, store, 224 * day + 3)).toBe('continued')
})

test('[S13] [T24] a clock behind the last use is an absence, a clock put right by minutes is none', async () => {
  const vault = createVault()
  const store = createSettings()
  const minute = 60_000
  await renewInstance(vault, store, 1_000_000 * minute)
  noteMet(store)
  expect(await renewInstance(vault, store, 1_000_000 * minute - 59 * minute)).toBe('continued')
  expect(await renewInstance(vault, store, 999_000 * minute)).toBe('absent')
})
