/** The recovery key stays on a restored device until its past is there, and not in the clear (spec Z32). */
import { encodeBase64url, identityOfKey } from '@effigy/core'
import { openNodeStore } from '@effigy/store/node'
import { createFakeClock, testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import { openRecoveryKeys } from './recovery-key.ts'

const hourMs = 60 * 60_000
const secret = testSeed('recovery')

async function device(name = 'fresh') {
  const clock = createFakeClock()
  const store = openNodeStore(':memory:', { sha256: testCrypto.sha256, now: clock.now })
  const signer = await testCrypto.signer(testSeed(name))
  const boxKey = await testCrypto.agreementKey(testSeed(`box of ${name}`))
  const state = { isWhole: false }
  const ports = {
    store,
    crypto: testCrypto,
    identity: identityOfKey(signer.publicKey),
    boxKey,
    clock,
    isWhole: () => state.isWhole,
  }
  return { clock, store, ports, state, [Symbol.dispose]: () => store[Symbol.dispose]() }
}

const names = (keys: { readonly all: readonly { readonly publicKey: Uint8Array }[] }) =>
  keys.all.map(({ publicKey }) => encodeBase64url(publicKey))

describe('[Z32] the recovery key', () => {
  test('is there after restarts, once, and in no clear text', async () => {
    using made = await device()
    const { ports, store } = made
    using before = await openRecoveryKeys(ports)
    expect(before.all).toEqual([])
    await before.keep(secret)
    await before.keep(secret)
    const own = encodeBase64url((await testCrypto.agreementKey(secret)).publicKey)
    expect(names(before)).toEqual([own])
    using after = await openRecoveryKeys(ports)
    expect(names(after)).toEqual([own])
    expect(store.setting('recovery-key')).not.toContain(encodeBase64url(secret))
  })

  test('says nothing to another device that has the store', async () => {
    using made = await device()
    using keys = await openRecoveryKeys(made.ports)
    await keys.keep(secret)
    const boxKey = await testCrypto.agreementKey(testSeed('box of a thief'))
    using stolen = await openRecoveryKeys({ ...made.ports, boxKey })
    expect(stolen.all).toEqual([])
  })

  test('goes a day later once all is here', async () => {
    using made = await device()
    const { clock, state, store, ports } = made
    using keys = await openRecoveryKeys(ports)
    await keys.keep(secret)
    state.isWhole = true
    await clock.advance(23 * hourMs)
    expect(keys.all).toHaveLength(1)
    await clock.advance(2 * hourMs)
    expect(keys.all).toEqual([])
    expect(store.setting('recovery-key')).toBeNull()
  })

  test('goes after thirty days whatever is missing, also when the device was off by then', async () => {
    using made = await device()
    const { clock, ports, store } = made
    {
      using keys = await openRecoveryKeys(ports)
      await keys.keep(secret)
      await clock.advance(29 * 24 * hourMs)
      expect(keys.all).toHaveLength(1)
    }
    clock.jump(2 * 24 * hourMs)
    using late = await openRecoveryKeys(ports)
    expect(late.all).toEqual([])
    expect(store.setting('recovery-key')).toBeNull()
  })

  test('[T24] stays when a clock that was years behind is put right, running or off, and goes after thirty such days', async () => {
    using made = await device()
    const { clock, ports, store } = made
    const years = 30 * 365 * 24 * hourMs
    clock.jump(-years)
    {
      using keys = await openRecoveryKeys(ports)
      await keys.keep(secret)
      clock.jump(years)
      await clock.advance(2 * hourMs)
      expect(keys.all).toHaveLength(1)
    }
    for (let starts = 1; starts <= 20; starts++) {
      clock.jump(-years)
      using behind = await openRecoveryKeys(ports)
      expect(behind.all).toHaveLength(1)
      clock.jump(years)
      await clock.advance(hourMs)
      expect(behind.all).toHaveLength(1)
    }
    clock.jump(years)
    for (let days = 1; days < 9; days++) {
      clock.jump(24 * hourMs)
      using after = await openRecoveryKeys(ports)
      expect(after.all).toHaveLength(1)
    }
    clock.jump(24 * hourMs)
    using last = await openRecoveryKeys(ports)
    expect(last.all).toEqual([])
    expect(store.setting('recovery-key')).toBeNull()
  })

  test('[T24] what is all here is not believed to be a day old for one leap of the clock', async () => {
    using made = await device()
    const { clock, ports, state } = made
    state.isWhole = true
    using keys = await openRecoveryKeys(ports)
    await keys.keep(secret)
    clock.jump(365 * 24 * hourMs)
    using after = await openRecoveryKeys(ports)
    expect(after.all).toHaveLength(1)
  })

  test('of a store of before is counted on', async () => {
    using made = await device()
    const { clock, ports, store } = made
    {
      using keys = await openRecoveryKeys(ports)
      await keys.keep(secret)
    }
    const { since, sealed } = JSON.parse(store.setting('recovery-key') ?? '')
    store.saveSetting('recovery-key', JSON.stringify({ since, sealed }))
    using keys = await openRecoveryKeys(ports)
    await clock.advance(29 * 24 * hourMs)
    expect(keys.all).toHaveLength(1)
    await clock.advance(24 * hourMs)
    expect(store.setting('recovery-key')).toBeNull()
  })

  test('[K16] is sealed to the device with the lock at its first opening, and kept no longer for that', async () => {
    using made = await device()
    const { clock, ports, store, state } = made
    using before = await openRecoveryKeys(ports)
    await before.keep(secret)
    await clock.advance(23 * hourMs)
    const boxKey = await testCrypto.agreementKey(testSeed('box of the next'))
    {
      using next = await openRecoveryKeys({ ...ports, boxKey, formerBoxKeys: [ports.boxKey] })
      expect(names(next)).toEqual(names(before))
    }
    // What opens it stands in the clear beside the lock: it opens this no more.
    using without = await openRecoveryKeys(ports)
    expect(without.all).toEqual([])
    const sealed = store.setting('recovery-key')
    using again = await openRecoveryKeys({ ...ports, boxKey, formerBoxKeys: [ports.boxKey] })
    expect(names(again)).toEqual(names(before))
    expect(store.setting('recovery-key')).toBe(sealed)
    state.isWhole = true
    await clock.advance(2 * hourMs)
    expect(store.setting('recovery-key')).toBeNull()
  })
})
