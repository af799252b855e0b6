/** A lock for a vault that was made plain: another device takes its place, or does not, wherever it is cut off. */
import { encodeBase64url } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { type TestPlace, vaultPlace, webcrypto, withoutCurves } from '../../test/vault-place.ts'
import { openBytes } from './sealing.ts'
import type { SealedKeys, VaultRecord } from './vault-record.ts'
import { openVaultTable } from './vault-table.ts'

const passphrase = 'correct horse battery'
const secrets = { phrase: null, synod: { key: encodeBase64url(new Uint8Array(32).fill(5)), n: 3 } }

async function plain(at: TestPlace, options = {}) {
  const vault = await at.open(options)
  await vault.create()
  await vault.account.keep(secrets)
  return vault
}

async function beside(at: TestPlace, place: 'next' | 'former'): Promise<unknown> {
  using table = await openVaultTable(`${at.name}-vault`)
  return table.beside(place).read()
}

for (const [form, options] of [
  ['non-extractable', {}],
  ['sealed', { subtle: withoutCurves() }],
] as const) {
  test(`[K16] ${form} keys: the next device takes over with the account's secrets, under its lock`, async () => {
    await using at = vaultPlace()
    const vault = await plain(at, options)
    const instance = await vault.newInstance()
    const { publicKey: before } = vault.signer
    const box = vault.boxKey.publicKey
    const next = await vault.prepare(passphrase)
    expect(vault.signer.publicKey).toEqual(before)
    expect(vault.state).toBe('plain')
    expect((await vault.next())?.identity).toEqual(next.identity)

    await vault.takeNext()
    expect(vault.state).toBe('unlocked')
    expect(vault.signer.publicKey).toEqual(next.identity)
    expect(vault.account.read()).toEqual(secrets)
    expect(vault.read()).toEqual({ instance })
    expect(await vault.next()).toBeNull()

    const again = await at.open(options)
    expect(again.state).toBe('locked')
    expect(await again.unlock('wrong horse battery')).toEqual({
      ok: false,
      error: { code: 'passphrase-wrong' },
    })
    expect(await again.unlock(passphrase)).toEqual({ ok: true, value: null })
    expect(again.boxKey.publicKey).toEqual(next.box)
    expect(again.account.read()).toEqual(secrets)

    // What was sealed to the one before is opened still; to sign as it, nothing is left.
    const [former, ...others] = await again.formerBoxKeys()
    expect(others).toEqual([])
    expect(former?.publicKey).toEqual(box)
    const probe = await (await webcrypto).agreementKey(createRandom('probe').bytes(32))
    expect(await former?.agree(probe.publicKey)).toEqual(await probe.agree(box))
    expect(Object.keys((await beside(at, 'former')) as object)).toEqual(['v', 'identity', 'box', 'keys'])
    expect(JSON.stringify(Object.keys((await at.read()) as object))).not.toContain('former')
    await expect(again.prepare(passphrase)).rejects.toMatchObject({ code: 'vault-lockable' })
  })
}

test('[K16] cut off before it took over: the one before is as it was, and the next one waits or is dropped', async () => {
  await using at = vaultPlace()
  const vault = await plain(at)
  const { publicKey } = vault.signer
  await expect(vault.prepare('short')).rejects.toMatchObject({ code: 'passphrase-short' })
  expect(await vault.next()).toBeNull()
  const first = await vault.prepare(passphrase)
  // The tab dies here.
  vault[Symbol.dispose]()
  const again = await at.open()
  expect(again.state).toBe('plain')
  expect(again.signer.publicKey).toEqual(publicKey)
  expect((await again.next())?.identity).toEqual(first.identity)
  await again.newInstance()
  await again.takeNext()
  expect(again.state).toBe('locked')
  expect((await again.unlock(passphrase)).ok).toBe(true)
  expect(again.signer.publicKey).toEqual(first.identity)

  await using other = vaultPlace()
  const kept = await plain(other)
  await kept.prepare(passphrase)
  await kept.dropNext()
  expect(await kept.next()).toBeNull()
  await expect(kept.takeNext()).rejects.toMatchObject({ code: 'vault-damaged' })
  expect(kept.account.read()).toEqual(secrets)
})

test('[K16] [T14] what another script put in the place of the next one takes over from nobody', async () => {
  await using at = vaultPlace()
  const vault = await plain(at)
  await vault.prepare(passphrase)
  const record = (await at.read()) as { readonly instance: number }
  {
    using table = await openVaultTable(`${at.name}-vault`)
    await table.beside('next').write({ ...record, instance: 7 })
  }
  expect(await vault.next()).toBeNull()
  await expect(vault.takeNext()).rejects.toMatchObject({ code: 'vault-damaged' })
  expect(vault.state).toBe('plain')
  expect(await at.read()).toEqual(record)

  const frozen = await at.open()
  await vault.prepare(passphrase)
  await vault.newInstance()
  // Another tab has it since.
  await expect(frozen.takeNext()).rejects.toMatchObject({ code: 'vault' })
  expect((await at.open()).state).toBe('plain')
})

test('[K16] sealed keys: what opens letters to the one before opens nothing else that was under its key', async () => {
  await using at = vaultPlace()
  const vault = await plain(at, { subtle: withoutCurves() })
  // As it may stand in a copy, or in blocks that the browser has not cleared.
  const { identity, box, keys, account } = (await at.read()) as VaultRecord & { readonly keys: SealedKeys }
  await vault.prepare(passphrase)
  await vault.takeNext()
  const { keys: left } = (await beside(at, 'former')) as { readonly keys: SealedKeys }
  expect(Object.keys(left).sort()).toEqual(['accountKey', 'agree', 'type'])
  const sealed = { sign: keys.sign, agree: keys.agree, account }
  for (const [role, bytes] of Object.entries(sealed)) {
    const place = { identity, box, role: role as keyof typeof sealed }
    const { subtle } = globalThis.crypto
    expect(await openBytes(subtle, keys.accountKey, place, bytes)).not.toBeNull()
    expect(await openBytes(subtle, left.accountKey, place, bytes)).toBeNull()
  }
})

test('[K16] keys that this browser lost keep nobody out: the device that the account lists takes over without them', async () => {
  await using at = vaultPlace()
  const vault = await plain(at, { subtle: withoutCurves() })
  const next = await vault.prepare(passphrase)
  const record = (await at.read()) as VaultRecord & { readonly keys: SealedKeys }
  {
    using table = await openVaultTable(`${at.name}-vault`)
    const { sign } = record.keys
    const keys = { ...record.keys, sign: { ...sign, bytes: sign.bytes.with(0, (sign.bytes[0] ?? 0) ^ 1) } }
    await table.change(() => ({ ...record, keys: { ...keys, agree: keys.sign } }))
  }
  await expect(at.open()).rejects.toMatchObject({ code: 'vault-damaged' })
  await expect(at.open({ succeeds: () => false })).rejects.toMatchObject({ code: 'vault-damaged' })
  const asked: unknown[] = []
  const again = await at.open({ succeeds: (...ids: unknown[]) => asked.push(ids) > 0 })
  expect(asked).toEqual([[next.identity, record.identity]])
  expect(again.state).toBe('locked')
  expect((await again.unlock(passphrase)).ok).toBe(true)
  expect(again.signer.publicKey).toEqual(next.identity)
  expect(again.account.read()).toEqual(secrets)
  expect(await again.formerBoxKeys()).toEqual([])
  // It is asked once: what has a lock is followed by nobody.
  await at.open({ succeeds: (...ids: unknown[]) => asked.push(ids) > 0 })
  expect(asked).toHaveLength(1)
})
