/** What script of the same origin gets out of a vault, with all of IndexedDB in its hands: no private key (T14). */
import { encodeBase64url, parseUtf8 } from '@effigy/core'
import { expect, test } from 'vitest'
import { createBrowserCrypto } from '../browser.ts'
import type { AccountSecrets } from '../vault.ts'
import { aesGcm, type Place, type Sealed } from './sealing.ts'
import { openVaultDatabase, wipeVaultDatabase } from './vault-database.ts'
import type { VaultRecord } from './vault-record.ts'

const { subtle } = crypto
const webcrypto = createBrowserCrypto()
const passphrase = 'correct horse battery'

const secrets: AccountSecrets = {
  phrase: 'abandon abandon about',
  synod: { key: encodeBase64url(new Uint8Array(32).fill(5)), n: 3 },
}

/** All that stands in the database, read as any script of the origin can. */
function loot(name: string): Promise<VaultRecord> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(`${name}-vault`)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const database = opening.result
      const [store = ''] = database.objectStoreNames
      const all = database.transaction(store).objectStore(store).getAll()
      all.onsuccess = () => {
        database.close()
        expect(all.result).toHaveLength(1)
        resolve(all.result[0] as VaultRecord)
      }
    }
  })
}

function everything(value: unknown, found: { keys: CryptoKey[]; sealed: Sealed[] }): typeof found {
  if (value instanceof CryptoKey) found.keys.push(value)
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    if ('nonce' in value) found.sealed.push(value as Sealed)
    for (const each of Object.values(value)) everything(each, found)
  }
  return found
}

const refused = (attempt: () => Promise<unknown>): Promise<boolean> =>
  attempt().then(
    () => false,
    () => true,
  )

/** Tries whatever gives the bytes of a key. */
async function assertUnreadable(key: CryptoKey): Promise<void> {
  const thief = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['wrapKey', 'encrypt'])
  const iv = new Uint8Array(12)
  expect(key.extractable).toBe(false)
  for (const copy of [key, structuredClone(key)]) {
    for (const format of ['raw', 'pkcs8', 'jwk', 'spki'] as const) {
      expect(await refused(() => subtle.exportKey(format, copy))).toBe(true)
      expect(await refused(() => subtle.wrapKey(format, copy, thief, { name: 'AES-GCM', iv }))).toBe(true)
    }
  }
  expect(JSON.stringify(key)).toBe('{}')
  expect(Object.getOwnPropertyNames(key)).toEqual([])
}

test('[K10] [T14] script of the page cannot export a key of an open vault', async () => {
  const name = 'attack-plain'
  using vault = await openVaultDatabase({ name, crypto: await webcrypto })
  try {
    await vault.create()
    await vault.account.keep(secrets)
    expect([vault.state, vault.protection]).toEqual(['plain', 'non-extractable'])
    const record = await loot(name)
    const { keys, sealed } = everything(record, { keys: [], sealed: [] })
    expect(keys.map(({ type, algorithm, usages }) => [type, algorithm.name, [...usages].sort()])).toEqual([
      ['private', 'Ed25519', ['sign']],
      ['private', 'X25519', ['deriveBits']],
      ['secret', 'AES-GCM', ['decrypt', 'encrypt']],
    ])
    for (const key of keys) await assertUnreadable(key)

    // The key that decrypts opens the account's secrets, as SECURITY.md says, and there is nothing else to open.
    const accountKey = keys[2] as CryptoKey
    expect(sealed).toEqual([record.account])
    const place: Place = { role: 'account', identity: record.identity, box: record.box }
    const { nonce, bytes } = record.account
    const text = await subtle.decrypt(aesGcm(place, nonce), accountKey, bytes as Uint8Array<ArrayBuffer>)
    expect(JSON.parse(parseUtf8(new Uint8Array(text)) ?? '')).toEqual(secrets)
  } finally {
    await wipeVaultDatabase({ name })
  }
})

test('[K13] [T14] what stands in a locked vault opens nothing, while it is unlocked too', async () => {
  const name = 'attack-locked'
  using vault = await openVaultDatabase({ name, crypto: await webcrypto, factor: 4 })
  try {
    await vault.create(passphrase)
    await vault.account.keep(secrets)
    const { signer, boxKey } = vault
    for (const state of ['unlocked', 'locked']) {
      if (state === 'locked') vault.lock()
      expect(vault.state).toBe(state)
      const record = await loot(name)
      expect(everything(record, { keys: [], sealed: [] }).keys).toEqual([])
      expect(JSON.stringify(record)).not.toContain('abandon')
    }
    // Nor does what was handed out before.
    await expect(signer.signBytes(new Uint8Array(1))).rejects.toMatchObject({ code: 'vault-locked' })
    await expect(boxKey.agree(signer.publicKey)).rejects.toMatchObject({ code: 'vault-locked' })
    expect(await vault.unlock(passphrase)).toEqual({ ok: true, value: null })
    await expect(signer.signBytes(new Uint8Array(1))).rejects.toMatchObject({ code: 'vault-locked' })
    expect(await vault.signer.signBytes(new Uint8Array(1))).toHaveLength(64)
  } finally {
    await wipeVaultDatabase({ name })
  }
})

test('[K10] keys that could be read, or do more, are taken for damage', async () => {
  const name = 'attack-swapped'
  try {
    {
      using vault = await openVaultDatabase({ name, crypto: await webcrypto })
      await vault.create()
    }
    const record = await loot(name)
    const readable = (await subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
    const other = (await subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair
    const wide = (await subtle.generateKey('X25519', false, ['deriveBits', 'deriveKey'])) as CryptoKeyPair
    const wrapping = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
      'unwrapKey',
    ])
    for (const keys of [
      { sign: readable.privateKey },
      { sign: other.privateKey },
      { sign: other.publicKey },
      { agree: wide.privateKey },
      { accountKey: wrapping },
    ]) {
      await plant(name, { ...record, keys: { ...record.keys, ...keys } })
      await expect(openVaultDatabase({ name, crypto: await webcrypto })).rejects.toMatchObject({
        code: 'vault-damaged',
      })
    }
    await plant(name, record)
    using vault = await openVaultDatabase({ name, crypto: await webcrypto })
    expect(vault.state).toBe('plain')
  } finally {
    await wipeVaultDatabase({ name })
  }
})

/** Puts something else in its place, as any script of the origin can. */
function plant(name: string, record: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(`${name}-vault`)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const database = opening.result
      const [store = ''] = database.objectStoreNames
      const transaction = database.transaction(store, 'readwrite')
      transaction.objectStore(store).put(record, 'vault')
      transaction.oncomplete = () => {
        database.close()
        resolve()
      }
      transaction.onabort = () => reject(transaction.error)
    }
  })
}
