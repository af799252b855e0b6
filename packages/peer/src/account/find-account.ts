/**
 * Finds an account by its words alone, on a device that knows nothing of it (restoring is a move).
 *
 *     words ─▶ synod keys 0 … 16 ─▶ watched for a while ─▶ whoever is connected tells states ─▶ verdict
 *
 * @module
 */
import { type Authority, deriveSynodKey, EffigyError, type Identity, identityOfKey } from '@effigy/core'
import { wholeFeed } from '../relations.ts'
import { askAround, type FindPorts, watchStates } from './ask-around.ts'

/** Moves that an account can make, and its first key. */
const maxKeys = 17

/** Throws `EffigyError` 'account-not-found'. Its devices are watched for the account's sake afterwards. */
export async function findAccount(seed: Uint8Array, ports: FindPorts): Promise<Authority> {
  const { store } = ports
  const keys = Array.from({ length: maxKeys }, (_, n) => identityOfKey(deriveSynodKey(seed, n).publicKey))
  using _states = watchStates(keys, store)
  await askAround(keys, ports)
  const root = keys.map((key) => store.synods?.accountOf(key) ?? null).findLast((known) => known !== null)
  const authority = root == null ? null : (store.synods?.account(root) ?? null)
  if (authority === null) throw notFound()
  return askForLast(authority, ports)
}

/**
 * What its devices wrote last has to be known before it is said where their feeds end; of those too of whom the asking
 * itself told. Once more alone: a thief could go on letting devices in. `also` is asked for first.
 */
export async function askForLast(
  authority: Authority,
  ports: FindPorts,
  also: readonly Identity[] = [],
): Promise<Authority> {
  const { store } = ports
  const { root } = authority
  const asked = new Set<Identity>()
  let now = authority
  for (const others of [also, []]) {
    const fresh = speakingIn(now).filter((identity) => !asked.has(identity))
    if (fresh.length + others.length === 0) break
    for (const identity of fresh) {
      asked.add(identity)
      if (store.feed(identity)?.watched !== true) store.watchFeed(identity, { ...wholeFeed, account: root })
    }
    await askAround([...others, ...fresh], ports)
    now = store.synods?.account(root) ?? now
  }
  return now
}

/** Whose words may count yet: in a dispute theirs too whom a branch says something against. */
function speakingIn({ standings, disputed }: Authority): readonly Identity[] {
  return [...standings].flatMap(([identity, { type }]) =>
    type === 'member' || type === 'in-power' || (disputed && (type === 'frozen' || type === 'revoked'))
      ? [identity]
      : [],
  )
}

function notFound(): EffigyError {
  const message =
    'Nobody who is connected knows an account of these words. Connect to a hub or a friend that it had.'
  return new EffigyError('account-not-found', message)
}
