/** A store that fell behind its vault is noticed, until it has caught up (T5). */
import type { Vault, VaultContents } from '@effigy/crypto'
import { expect, test } from 'vitest'
import { liftAlarm, renewInstance } from './instance.ts'

function createVault(): Vault {
  let contents: VaultContents = { v: 1, instance: 1, seed: '', box: '', phrase: null }
  return {
    read: () => contents,
    create: () => false,
    replace: (next) => {
      contents = next
    },
    newInstance: () => {
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

test('[T5] a restored store stays an alarm over restarts, until it is lifted', () => {
  const vault = createVault()
  const store = createSettings()
  expect(renewInstance(vault, store)).toBe('continued')
  const copy = createSettings(store.values)
  expect([renewInstance(vault, store), renewInstance(vault, store)]).toEqual(['continued', 'continued'])
  expect(renewInstance(vault, copy)).toBe('restored')
  expect(renewInstance(vault, copy)).toBe('restored')
  liftAlarm(copy)
  expect(renewInstance(vault, copy)).toBe('continued')
})

test.each([1, 2])('[T5] a crash at write %d of an open is no alarm, and hides none', (failAt) => {
  const vault = createVault()
  const store = createSettings()
  renewInstance(vault, store)
  const old = store.values
  const crashed = createSettings(old, failAt)
  expect(() => renewInstance(vault, crashed)).toThrow()
  expect(renewInstance(vault, createSettings(crashed.values))).toBe('continued')
  const restored = createSettings(old, failAt)
  expect(() => renewInstance(vault, restored)).toThrow()
  expect(renewInstance(vault, createSettings(restored.values))).toBe('restored')
})
