/**
 * What every vault does, whether or not the device's own keys can be read out of it.
 *
 * @module
 */
import { encodeBase64url, type Result, type Signer, utf8 } from '@effigy/core'
import { expect } from 'vitest'
import { ageIdentity, ageRecipient, openAge, sealAge } from '../src/age.ts'
import { createAgeHeader, openAgeHeader } from '../src/age-file.ts'
import type { AgreementKey, Crypto } from '../src/crypto.ts'
import { createNobleCrypto } from '../src/noble.ts'
import type { AccountSecrets, AccountVault, VaultState } from '../src/vault.ts'
import { type Suite, suiteHere } from './suite.ts'

/** The common part of the drivers. */
export interface ContractVault {
  readonly state: VaultState
  /** Instance number; null when nothing was stored yet. */
  readonly instance: number | null
  /** Of an open vault. */
  keys(): Promise<{ readonly signer: Signer; readonly boxKey: AgreementKey }>
  readonly account: AccountVault
  create(passphrase?: string): Promise<boolean>
  newInstance(): Promise<number>
  unlock(passphrase: string): Promise<Result<null, { readonly code: string }>>
  lock(): void
  wipe(): Promise<void>
}

/** A place for one vault, empty; each `open` is as that of another process. */
export interface VaultPlace extends AsyncDisposable {
  open(): Promise<ContractVault>
}

const passphrase = 'correct horse battery'
const code = (name: string) => expect.objectContaining({ code: name })

export const accountSecrets: AccountSecrets = {
  phrase: 'abandon abandon about',
  synod: { key: encodeBase64url(new Uint8Array(32).fill(5)), n: 3 },
}

export function vaultContract(
  name: string,
  crypto: () => Promise<Crypto>,
  place: () => Promise<VaultPlace>,
  { describe, test }: Suite = suiteHere,
): void {
  describe(`${name}: vault`, () => {
    test('an empty vault gives nothing, and has no number to raise', async () => {
      await using at = await place()
      const vault = await at.open()
      expect([vault.state, vault.instance, vault.account.read()]).toEqual(['empty', null, null])
      await expect(vault.newInstance()).rejects.toThrow(code('vault'))
      await expect(vault.account.keep(accountSecrets)).rejects.toThrow(code('vault'))
      expect(await vault.unlock('whatever it is')).toEqual({ ok: true, value: null })
    })

    test('[D1] keys are made once, are sound, and the same in each opening', async () => {
      await using at = await place()
      const vault = await at.open()
      expect(await vault.create()).toBe(true)
      expect([vault.state, vault.instance]).toEqual(['plain', 1])
      const { signer, boxKey } = await vault.keys()
      const again = await (await at.open()).keys()
      expect(again.signer.publicKey).toEqual(signer.publicKey)
      expect(again.boxKey.publicKey).toEqual(boxKey.publicKey)
      const { isSoundKey, verify, agreementKey, randomBytes } = await crypto()
      const message = utf8('a message')
      const signature = await again.signer.signBytes(message)
      expect(isSoundKey(signer.publicKey)).toBe(true)
      expect(await verify([{ publicKey: signer.publicKey, message, signature }])).toEqual([true])
      const other = await agreementKey(randomBytes(32))
      expect(await boxKey.agree(other.publicKey)).toEqual(await other.agree(boxKey.publicKey))
      expect(await boxKey.agree(new Uint8Array(32))).toBeNull()
      expect(await boxKey.agree(new Uint8Array(31))).toBeNull()
    })

    test('[K6] what is sealed to the device opens with the key that its vault gives', async () => {
      await using at = await place()
      const vault = await at.open()
      await vault.create()
      const { boxKey } = await vault.keys()
      const port = await crypto()
      const secret = port.randomBytes(32)
      const [readable, other] = [
        await port.agreementKey(secret),
        await createNobleCrypto().agreementKey(secret),
      ]
      const note = { from: 'somebody', context: 'note', body: { text: 'for this device' } }
      const recipients = [boxKey.publicKey, readable.publicKey]
      const sealed = await sealAge({ ...note, recipients, crypto: port })
      for (const key of [boxKey, readable, other]) {
        expect(sealed.ok && (await openAge(sealed.value, [key], port))).toEqual({ ok: true, value: note })
      }
      const header = await createAgeHeader([ageRecipient(boxKey.publicKey, port)])
      const opened = await openAgeHeader(header.bytes, [ageIdentity(boxKey, port)])
      expect(opened.ok && opened.value.fileKey).toEqual(header.fileKey)
      expect((await openAgeHeader(header.bytes, [ageIdentity(readable, port)])).ok).toBe(false)
    })

    test('the first keys are never replaced, with a passphrase or without', async () => {
      await using at = await place()
      const vault = await at.open()
      expect(await vault.create()).toBe(true)
      const { signer } = await vault.keys()
      expect(await vault.create()).toBe(false)
      expect(await (await at.open()).create(passphrase)).toBe(false)
      expect((await (await at.open()).keys()).signer.publicKey).toEqual(signer.publicKey)
    })

    test('of several that create at once, one is told that it did, and all have its keys', async () => {
      await using at = await place()
      const vaults = await Promise.all(Array.from({ length: 4 }, () => at.open()))
      const won = await Promise.all(vaults.map((vault) => vault.create()))
      expect(won.filter((isFirst) => isFirst)).toHaveLength(1)
      const keys = await Promise.all(vaults.map((vault) => vault.keys()))
      expect(new Set(keys.map(({ signer }) => encodeBase64url(signer.publicKey))).size).toBe(1)
    })

    test('[S13] the instance number grows, over openings too', async () => {
      await using at = await place()
      const vault = await at.open()
      await vault.create()
      expect([await vault.newInstance(), await vault.newInstance()]).toEqual([2, 3])
      const again = await at.open()
      expect([again.instance, await again.newInstance(), again.instance]).toEqual([3, 4, 4])
    })

    test("the account's secrets are kept, replaced and wiped, beside the number", async () => {
      await using at = await place()
      const vault = await at.open()
      await vault.create()
      expect(vault.account.read()).toEqual({ phrase: null, synod: null })
      await vault.account.keep(accountSecrets)
      await vault.newInstance()
      expect(vault.account.read()).toEqual(accountSecrets)
      const again = await at.open()
      expect([again.account.read(), again.instance]).toEqual([accountSecrets, 2])
      await again.account.keep({ ...accountSecrets, phrase: null })
      expect((await at.open()).account.read()).toEqual({ ...accountSecrets, phrase: null })
    })

    test('secrets that the reader would refuse are never written', async () => {
      await using at = await place()
      const vault = await at.open()
      await vault.create()
      for (const wrong of [
        { phrase: 'x'.repeat(300) },
        { synod: { key: 'AA', n: 0 } },
        { synod: { key: accountSecrets.synod?.key ?? '', n: 0.5 } },
      ]) {
        await expect(vault.account.keep({ ...accountSecrets, ...wrong })).rejects.toThrow(TypeError)
      }
      expect(vault.account.read()).toEqual({ phrase: null, synod: null })
    })

    test('[T14] with a passphrase nothing is given before it is said, and nothing after it was locked', async () => {
      await using at = await place()
      const first = await at.open()
      expect(await first.create(passphrase)).toBe(true)
      expect(first.state).toBe('unlocked')
      await first.account.keep(accountSecrets)
      const { publicKey } = (await first.keys()).signer
      const vault = await at.open()
      expect(vault.state).toBe('locked')
      const assertShut = async () => {
        await expect(vault.keys()).rejects.toThrow(code('vault-locked'))
        expect(() => vault.account.read()).toThrow(code('vault-locked'))
        await expect(vault.account.keep(accountSecrets)).rejects.toThrow(code('vault-locked'))
        await expect(vault.newInstance()).rejects.toThrow(code('vault-locked'))
      }
      await assertShut()
      expect(await vault.unlock('wrong horse battery')).toEqual({
        ok: false,
        error: { code: 'passphrase-wrong' },
      })
      await assertShut()
      expect(await vault.unlock(passphrase)).toEqual({ ok: true, value: null })
      expect([vault.state, vault.account.read()]).toEqual(['unlocked', accountSecrets])
      expect((await vault.keys()).signer.publicKey).toEqual(publicKey)
      expect(await vault.newInstance()).toBe(2)
      vault.lock()
      expect(vault.state).toBe('locked')
      await assertShut()
    })

    test('[Z1] a passphrase that is too short makes nothing', async () => {
      await using at = await place()
      const vault = await at.open()
      await expect(vault.create('short')).rejects.toThrow(code('passphrase-short'))
      await expect(vault.create('x'.repeat(1025))).rejects.toThrow(code('passphrase-long'))
      expect((await at.open()).state).toBe('empty')
    })

    test('what was wiped is gone, and what comes then is another device', async () => {
      await using at = await place()
      const vault = await at.open()
      await vault.create(passphrase)
      const { publicKey } = (await vault.keys()).signer
      await vault.wipe()
      expect([vault.state, (await at.open()).state]).toEqual(['empty', 'empty'])
      expect(await vault.create()).toBe(true)
      expect((await vault.keys()).signer.publicKey).not.toEqual(publicKey)
      expect(vault.instance).toBe(1)
    })
  })
}
