/**
 * What a device that knows nothing finds with the words, before anything is moved (spec Y18, Z30).
 *
 *     words ─▶ account, its devices, where each feed ends as far as anybody knows ─a person chooses▶ account.move
 *
 * @module
 */
import { finalOfHead, isPhraseOf, mainDevice, type Sha256 } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { FindPorts } from '../account/ask-around.ts'
import { findAccount } from '../account/find-account.ts'
import { phraseOf, phraseSeed, wrongPhrase } from '../account/words.ts'
import type { FoundAccount, FoundDevice } from './recovery.ts'

export async function findByPhrase(typed: string, sha256: Sha256, ports: FindPorts): Promise<FoundAccount> {
  const seed = await phraseSeed(phraseOf(typed))
  const authority = await findAccount(seed, ports)
  ports.signal.throwIfAborted()
  if (!isPhraseOf(authority, seed, sha256)) throw wrongPhrase()
  const state = authority.current?.state ?? null
  const main = state === null ? null : (mainDevice(state)?.[0] ?? null)
  return {
    root: authority.root,
    identity: authority.identity,
    name: state?.name ?? '',
    disputed: authority.disputed,
    devices: (state?.identities ?? []).map(([identity, , label]) => ({
      identity,
      label,
      isMain: identity === main,
      ...endOf(ports.store, identity),
    })),
  }
}

function endOf(
  store: Pick<Store, 'feed'>,
  identity: FoundDevice['identity'],
): Pick<FoundDevice, 'final' | 'lastAt'> {
  const head = store.feed(identity)?.record?.head ?? null
  return head === null ? { final: null, lastAt: null } : { final: finalOfHead(head), lastAt: head.comparable }
}
