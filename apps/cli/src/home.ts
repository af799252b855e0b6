/**
 * Where a home is, and what can be read of it without opening its store.
 *
 *     -C DIR > EFFIGY_HOME > ~/.effigy ─▶ HOME/vault.json ─▶ identity, words
 *
 * @module
 */
import { join, resolve } from 'node:path'
import { type Identity, identityOfKey, parseBase64url } from '@effigy/core'
import { createNodeCrypto, openVaultFile } from '@effigy/crypto/node'
import { isHome, unlockVault } from '@effigy/peer/node'
import type { Store } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import { failure } from './failure.ts'
import type { AskPassphrase } from './passphrase.ts'

/** An empty variable counts as none. */
export function locateHome(
  option: string | undefined,
  variable: string | undefined,
  userHome: string,
  workingFolder: string,
): string {
  return resolve(workingFolder, option || variable || join(userHome, '.effigy'))
}

/** Throws `home-absent`, which says how to make one. */
export function demandHome(home: string): void {
  if (!isHome(home)) throw failure('home-absent', home)
}

/**
 * The store alone, without a peer around it: for looking at a home that may be damaged. Whoever
 * opens it disposes it.
 */
export function openHomeStore(home: string, now: () => number): Store {
  demandHome(home)
  return openNodeStore(join(home, 'store'), { sha256: createNodeCrypto().sha256, now })
}

export interface HomeCard {
  readonly identity: Identity
  /** The words of the account: a secret. Null when they are not kept any more. */
  readonly phrase: string | null
}

/** Who lives there. Needs no lock, so it works beside a running `effigy sync --watch`. */
export async function readHomeCard(home: string, passphrase: AskPassphrase): Promise<HomeCard> {
  demandHome(home)
  const vault = openVaultFile(join(home, 'vault.json'))
  await unlockVault(vault, passphrase)
  const secrets = vault.read()
  vault.lock()
  const seed = parseBase64url(secrets?.seed ?? '')
  if (secrets === null || seed === null) throw failure('home-absent', home)
  const crypto = createNodeCrypto()
  const signer = await crypto.signer(seed)
  return {
    identity: identityOfKey(signer.publicKey),
    phrase: secrets.phrase,
  }
}
