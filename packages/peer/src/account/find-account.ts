/**
 * Finds an account by its words alone, on a device that knows nothing of it (restoring is a move).
 *
 *     words ─▶ synod keys 0 … 16 ─▶ watched for a while ─▶ whoever is connected tells states ─▶ verdict
 *
 * @module
 */
import { type Authority, deriveSynodKey, EffigyError, type Identity, identityOfKey } from '@effigy/core'
import type { Store, WatchPolicy } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { policyOf, wholeFeed } from '../relations.ts'

export interface FindPorts {
  readonly store: Pick<Store, 'synods' | 'feed' | 'watchFeed'>
  readonly clock: Pick<Clock, 'after'>
  /** Asks those who are connected about what is watched now. */
  readonly refresh: (identities: readonly Identity[]) => void
  /** Resolves when everybody who is connected has given all that they have. */
  readonly settled: (signal: AbortSignal) => Promise<unknown>
  readonly signal: AbortSignal
}

/** Moves that an account can make, and its first key. */
const maxKeys = 17

/** Whoever has not answered by then is not waited for, ms. */
const patienceMs = 15_000

/** The newest state says all; the ones below tell whether it is disputed. */
export const newestStates: WatchPolicy = { depth: { type: 'last', count: 16 }, blobs: { type: 'none' } }

/** Throws `EffigyError` 'account-not-found'. Its devices are watched for the account's sake afterwards. */
export async function findAccount(seed: Uint8Array, ports: FindPorts): Promise<Authority> {
  const { store } = ports
  const keys = Array.from({ length: maxKeys }, (_, n) => identityOfKey(deriveSynodKey(seed, n).publicKey))
  using _states = watchStates(keys, store)
  await askAround(keys, ports)
  const root = keys.map((key) => store.synods?.accountOf(key) ?? null).findLast((known) => known !== null)
  const authority = root == null ? null : (store.synods?.account(root) ?? null)
  if (authority === null) throw notFound()
  // What its devices wrote last has to be known before it is said where their feeds end.
  const feeds = [...authority.standings].flatMap(([identity, { type }]) =>
    type === 'member' || type === 'in-power' || (type === 'frozen' && authority.disputed) ? [identity] : [],
  )
  for (const identity of feeds) {
    if (store.feed(identity)?.watched !== true) {
      store.watchFeed(identity, { ...wholeFeed, account: authority.root })
    }
  }
  await askAround(feeds, ports)
  return store.synods?.account(authority.root) ?? authority
}

/** States of these keys are asked for until it is disposed; those of an account are watched for its sake then (following.ts). */
export function watchStates(keys: readonly Identity[], store: FindPorts['store']): Disposable {
  const fresh = keys.filter((key) => store.feed(key)?.watched !== true)
  for (const key of fresh) store.watchFeed(key, newestStates)
  return {
    [Symbol.dispose]() {
      for (const key of fresh) {
        if (JSON.stringify(policyOf(store, key)) === JSON.stringify(newestStates)) store.watchFeed(key, null)
      }
    },
  }
}

/** What those who are connected know of these feeds is here, or they take too long. */
export async function askAround(
  identities: readonly Identity[],
  { clock, refresh, settled, signal }: Omit<FindPorts, 'store'>,
): Promise<void> {
  const patience = new AbortController()
  using _timer = clock.after(patienceMs, () => patience.abort())
  refresh(identities)
  try {
    await settled(AbortSignal.any([signal, patience.signal]))
  } catch (reason) {
    signal.throwIfAborted()
    if (!patience.signal.aborted) throw reason
  }
}

function notFound(): EffigyError {
  const message =
    'Nobody who is connected knows an account of these words. Connect to a hub or a friend that it had.'
  return new EffigyError('account-not-found', message)
}
