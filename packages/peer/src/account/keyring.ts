/**
 * The account's secrets on this device: its synod key on the main one, its words until they are confirmed.
 *
 *     vault ─▶ SynodKey {identity, n, signer}      words ─▶ seed
 *
 * @module
 */
import {
  EffigyError,
  type Identity,
  identityOfKey,
  type Phrase,
  parseBase64url,
  type RandomBytes,
  type Signer,
} from '@effigy/core'
import type { AccountSecrets, AccountVault, Crypto, SynodSecret } from '@effigy/crypto'
import { loadWords } from '#later'

export interface SynodKey {
  readonly identity: Identity
  /** Moves before it. */
  readonly n: number
  readonly signer: Signer
}

export interface Keyring {
  /** Null on a device that is not the main one. */
  readonly synod: SynodKey | null
  readonly phrase: string | null
  /** The seed of `synod`, for the device that it is handed to. */
  secret(): SynodSecret | null
  /** Durable when it resolves; `phrase` null wipes it. */
  keep(secret: SynodSecret | null, phrase: string | null): Promise<void>
  /** Durable when it resolves. */
  wipePhrase(): Promise<void>
  /** Throws `EffigyError` 'no-vault'. */
  assertVault(): void
  /** Words for a new account: those given, else those in the vault, else new ones. Throws `EffigyError` 'phrase-invalid'. */
  phraseFor(typed: string | undefined): Promise<Phrase>
}

/** `vault` null: where no account can be made, as a hub. Throws what the vault throws. */
export async function openKeyring(
  vault: AccountVault | null,
  crypto: Pick<Crypto, 'signer'>,
  random: RandomBytes,
): Promise<Keyring> {
  const read = (): AccountSecrets | null => vault?.read() ?? null
  let synod = await keyOf(read()?.synod ?? null, crypto)

  function contents(): AccountSecrets {
    const held = read()
    if (held === null) {
      throw new EffigyError(
        'no-vault',
        'This device keeps no secrets, so it cannot be the main one of an account.',
      )
    }
    return held
  }

  const assertVault = (): void => void contents()

  return {
    get synod() {
      return synod
    },
    get phrase() {
      return read()?.phrase ?? null
    },
    assertVault,
    secret: () => read()?.synod ?? null,
    async keep(secret, phrase) {
      const next = await keyOf(secret, crypto)
      assertVault()
      await vault?.keep({ synod: secret, phrase })
      synod = next
    },
    async wipePhrase() {
      const { synod: secret, phrase } = contents()
      if (phrase !== null) await vault?.keep({ synod: secret, phrase: null })
    },
    async phraseFor(typed) {
      const text = typed ?? contents().phrase
      const { createPhrase, phraseOf } = await loadWords()
      return text === null ? createPhrase(random) : phraseOf(text)
    },
  }
}

async function keyOf(secret: SynodSecret | null, crypto: Pick<Crypto, 'signer'>): Promise<SynodKey | null> {
  const seed = parseBase64url(secret?.key ?? '')
  if (secret === null || seed === null) return null
  const signer = await crypto.signer(seed)
  return { identity: identityOfKey(signer.publicKey), n: secret.n, signer }
}
