/** The vault in a file does what every vault does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, parseBase64url } from '@effigy/core'
import { type ContractVault, vaultContract } from '../../test/vault-contract.ts'
import { createNodeCrypto, openVaultFile } from '../node.ts'
import { accountVault } from '../vault.ts'

const crypto = createNodeCrypto()

vaultContract(
  'a file',
  async () => crypto,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-vault-'))
    return {
      open: async () => open(join(folder, 'vault.json')),
      [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
    }
  },
)

function open(path: string): ContractVault {
  const vault = openVaultFile(path, { factor: 4 })
  const secret = () => encodeBase64url(crypto.randomBytes(32))
  return {
    get state() {
      return vault.state
    },
    get instance() {
      return vault.read()?.instance ?? null
    },
    async keys() {
      const { seed = '', box = '' } = vault.read() ?? {}
      return {
        signer: await crypto.signer(parseBase64url(seed) as Uint8Array),
        boxKey: await crypto.agreementKey(parseBase64url(box) as Uint8Array),
      }
    },
    account: accountVault(vault),
    create: (passphrase) =>
      vault.create(
        { v: 2, instance: 1, seed: secret(), box: secret(), phrase: null, synod: null },
        passphrase,
      ),
    newInstance: vault.newInstance,
    unlock: vault.unlock,
    lock: vault.lock,
    wipe: vault.wipe,
  }
}
