/**
 * The first state of a new account (spec D6, Y9).
 *
 *     words ─▶ key 0 ─▶ vault ─▶ first entry of its feed
 *
 * @module
 */
import {
  accountNames,
  createAccount,
  deriveSynodKey,
  EffigyError,
  encodeBase64url,
  type Identity,
  type Root,
  type Signer,
  signMember,
} from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { loadWords } from '#later'
import type { CreateAccountOptions } from './account.ts'
import type { Keyring } from './keyring.ts'
import type { OwnAccount } from './own-account.ts'
import { stateFault } from './state-fault.ts'
import type { StateWriter } from './state-writer.ts'
import { secretOf } from './synod-secret.ts'

export interface CreatePorts {
  readonly identity: Identity
  readonly signer: Signer
  readonly boxKey: AgreementKey
  readonly crypto: Pick<Crypto, 'sha256'>
  readonly clock: Pick<Clock, 'now'>
  readonly own: Pick<OwnAccount, 'root'>
  readonly keyring: Keyring
  readonly states: StateWriter
  readonly store: Pick<Store, 'synods'>
  readonly assertMayWrite: () => void
}

export const defaultLabel = 'this device'

export async function createFirstState(
  { phrase, profile, label = defaultLabel }: CreateAccountOptions,
  ports: CreatePorts,
): Promise<Root> {
  const { store, identity, signer, boxKey, crypto, clock, own, keyring, states, assertMayWrite } = ports
  return states.inTurn(async () => {
    assertMayWrite()
    if (own.root() !== null) {
      throw new EffigyError('has-account', 'This device belongs to an account already, or did.')
    }
    const words = await keyring.phraseFor(phrase)
    const { phraseSeed } = await loadWords()
    const seed = await phraseSeed(words)
    const { root } = accountNames(seed, 0, crypto.sha256)
    const box = encodeBase64url(boxKey.publicKey)
    const main = await signMember(root, { identity, box, label, serial: 1 }, signer)
    const draft = { seed, main, at: clock.now(), ...(profile === undefined ? {} : { profile }) }
    const state = createAccount(draft, crypto.sha256)
    if (!state.ok) throw stateFault(state.error)
    // The key first: cut off here, the same words make the same key.
    await keyring.keep(secretOf(deriveSynodKey(seed, 0).secret, 0), words)
    store.synods?.pin(identity, root)
    await states.begin(state.value)
    return root
  })
}
