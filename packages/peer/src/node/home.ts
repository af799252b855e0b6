/**
 * The home folder: where a device keeps its key, its feeds and its files.
 *
 *     HOME/vault.json (0600)   HOME/store/{main,blocks}.sqlite
 *
 * @module
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  createPhrase,
  EffigyError,
  encodeBase64url,
  type Identity,
  identityOfKey,
  parsePhrase,
} from '@effigy/core'
import { createNodeCrypto, openVaultFile } from '@effigy/crypto/node'

export const vaultPath = (home: string): string => join(home, 'vault.json')
export const storePath = (home: string): string => join(home, 'store')

export interface CreateHomeOptions {
  /** The account's words when there are some already; new ones are made otherwise. */
  readonly phrase?: string
  /** Of new words; 12 when omitted. */
  readonly words?: 12 | 24
  /** Locks its vault from the start. */
  readonly passphrase?: string
}

/** Whether somebody's key lives there. */
export function isHome(home: string): boolean {
  return existsSync(vaultPath(home))
}

/**
 * Makes a home with a new device key, mode 0700, and gives the device's identity.
 * Throws `EffigyError`: 'home-exists', 'home-unwritable', 'phrase-invalid', 'passphrase-short', 'passphrase-long'.
 */
export async function createHome(home: string, options: CreateHomeOptions = {}): Promise<Identity> {
  if (isHome(home)) throw homeExists(home)
  const crypto = createNodeCrypto()
  const seed = crypto.randomBytes(32)
  const phrase = options.phrase ?? createPhrase(crypto.randomBytes, options.words ?? 12)
  const parsed = parsePhrase(phrase)
  if (!parsed.ok)
    throw new EffigyError(
      'phrase-invalid',
      `These are not the words of an account (${parsed.error.code}). Compare them with the paper.`,
    )
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new EffigyError(
      'home-unwritable',
      `${home} cannot be made. Choose a folder that you may write to.`,
      { cause },
    )
  }
  const contents = {
    v: 2,
    instance: 1,
    seed: encodeBase64url(seed),
    box: encodeBase64url(crypto.randomBytes(32)),
    phrase: parsed.value,
    synod: null,
  } as const
  const isNew = await openVaultFile(vaultPath(home)).create(contents, options.passphrase)
  // Somebody else made it since we looked: theirs is the key, and ours was never used.
  if (!isNew) throw homeExists(home)
  return identityOfKey((await crypto.signer(seed)).publicKey)
}

function homeExists(home: string): EffigyError {
  return new EffigyError('home-exists', `${home} holds a key already. Use it, or choose another folder.`)
}
