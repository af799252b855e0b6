/** What opens a locked vault, and who may change that. */
import { EffigyError } from '@effigy/core'
import { expect, test } from 'vitest'
import { vaultPlace } from '../../test/vault-place.ts'

const passphrase = 'correct horse battery'

test('[Z1] [T16] a lock that asks for more work than ours is not tried', async () => {
  await using at = vaultPlace()
  await (await at.open()).create(passphrase)
  await at.edit((record) => {
    const { keys } = record as { keys: { locks: { header: Uint8Array }[] } }
    const [lock] = keys.locks
    const text = new TextDecoder('latin1').decode(lock?.header)
    const asking = text.replace(/(-> scrypt \S+) \d+/, '$1 30')
    const header = Uint8Array.from(asking, (character) => character.charCodeAt(0))
    return { ...(record as object), keys: { ...keys, locks: [{ ...lock, header }] } }
  })
  expect(await (await at.open()).unlock(passphrase)).toEqual({ ok: false, error: { code: 'work-factor' } })
})

test('[K13] a passphrase is changed by who knows it; the last lock stays; a plain vault takes none', async () => {
  await using at = vaultPlace()
  const vault = await at.open()
  await vault.create(passphrase)
  const wrong = { ok: false, error: { code: 'passphrase-wrong' } }
  expect(await vault.putLock('another passphrase', 'wrong horse battery')).toEqual(wrong)
  await expect(vault.putLock('short', passphrase)).rejects.toMatchObject({ code: 'passphrase-short' })
  expect(await vault.putLock('another passphrase', passphrase)).toEqual({ ok: true, value: null })
  expect(vault.locks).toEqual([{ type: 'passphrase' }])
  const again = await at.open()
  expect(await again.unlock(passphrase)).toEqual(wrong)
  expect(await again.unlock('another passphrase')).toEqual({ ok: true, value: null })
  await expect(again.removeLock({ type: 'passphrase' }, 'another passphrase')).rejects.toMatchObject({
    code: 'last-lock',
  })
  const secretOf = (index: number) => ({ credential: `key${index}`, secret: new Uint8Array(32).fill(index) })
  for (let index = 1; index < 16; index++) {
    expect((await again.putLock(secretOf(index), 'another passphrase')).ok).toBe(true)
  }
  await expect(again.putLock(secretOf(16), 'another passphrase')).rejects.toMatchObject({
    code: 'too-many-locks',
  })
  expect((await again.putLock(secretOf(1), secretOf(2))).ok).toBe(true)

  await using other = vaultPlace()
  const plain = await other.open()
  await plain.create()
  await expect(plain.putLock(passphrase, passphrase)).rejects.toMatchObject({ code: 'vault-plain' })
})

test('[K13] a vault that is locked while it is being opened stays locked', async () => {
  await using at = vaultPlace()
  await (await at.open()).create(passphrase)
  const vault = await at.open()
  const opening = vault.unlock(passphrase)
  vault.lock()
  await expect(opening).rejects.toMatchObject({ code: 'vault-locked' })
  expect(vault.state).toBe('locked')
})

test('[Z1] too little memory for a passphrase is no damage', async () => {
  await using at = vaultPlace()
  await (await at.open()).create(passphrase)
  const scrypt = () => Promise.reject(new EffigyError('memory', 'too little'))
  const vault = await at.open({ scrypt })
  await expect(vault.unlock(passphrase)).rejects.toMatchObject({ code: 'memory' })
  expect(vault.state).toBe('locked')
})
