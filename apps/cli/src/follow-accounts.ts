/**
 * Who was followed by one identity is followed as the person, once the account is known that has it (spec Y13).
 *
 *     follow DEVICE ─its entries name a synod─▶ states of that key ─both say so▶ follow {identity, root}
 *
 * Else what a friend does later would never come: another device, a device revoked, the account moved.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import type { WatchPolicy } from '@effigy/store'
import { canWrite } from './account.ts'
import { wantedOf } from './commands/relations.ts'
import type { Context } from './context.ts'
import { createNames } from './item-view.ts'
import { say } from './messages/index.ts'

export interface NamedAccounts extends Disposable {
  /** Keys that are watched now and were not before. */
  readonly count: number
}

/** The newest states say all. */
const newestStates: WatchPolicy = { depth: { type: 'last', count: 16 }, blobs: { type: 'none' } }

/** What followed identities say of themselves may be false: so many are looked at in one run. */
const maxKeys = 64

/** The accounts that followed identities without one name in their newest entry; what led nowhere is let go when it is disposed. */
export function watchNamedAccounts(peer: Peer): NamedAccounts {
  const { store } = peer
  const keys = new Set<Identity>()
  for (const { identity, root } of store.follows(peer.identity, Number.MAX_SAFE_INTEGER)) {
    if (keys.size >= maxKeys) break
    if (root !== null || (store.synods?.accountOf(identity) ?? null) !== null) continue
    const key = newestSynod(peer, identity)
    if (key !== null && store.feed(key)?.watched !== true) keys.add(key)
  }
  for (const key of keys) peer.watch(key, newestStates)
  return {
    count: keys.size,
    [Symbol.dispose]() {
      for (const key of keys) {
        const policy = store.feed(key)?.policy
        if (JSON.stringify(policy) === JSON.stringify(newestStates)) peer.unwatch(key)
      }
    },
  }
}

function newestSynod({ store }: Peer, identity: Identity): Identity | null {
  const head = store.feed(identity)?.record?.head.head ?? null
  return (head === null ? null : store.entry(head)?.signed.entry.synod?.[0]) ?? null
}

/** Whether somebody is followed with all devices now of whom one identity was followed, or the key of an account. */
export async function followAccounts({ output }: Context, peer: Peer): Promise<boolean> {
  const { store, identity: self } = peer
  if (!canWrite(peer)) return false
  let isChanged = false
  const followed = store.follows(self, Number.MAX_SAFE_INTEGER)
  // One's own key was followed by mistake.
  const known = new Set([peer.account.show()?.root ?? null, ...followed.map(({ root }) => root)])
  for (const { identity, root } of followed) {
    const type = root === null ? store.synods?.standing(identity).type : undefined
    const isOfIt = type === 'in-power' || type === 'moved' || type === 'member'
    const account = store.synods?.accountOf(identity) ?? null
    if (!isOfIt || known.has(account)) continue
    known.add(account)
    await peer.relate('follow', identity, true, wantedOf(peer, identity))
    output.note(say.accountFound(createNames(peer).label(identity)))
    isChanged = true
  }
  return isChanged
}
