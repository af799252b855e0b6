/**
 * What a sync brought that asks for a person: parts that were entrusted, requests for them (spec Z23, Z26).
 *
 * @module
 */
import type { Peer, RecoveryView } from '@effigy/peer'
import type { Context } from '../../context.ts'
import { recoverySay as say } from '../../messages/index.ts'
import { nameOf } from './people.ts'

/** `before`: as it was when the command began. */
export function tellRecoveryNews({ output }: Context, peer: Peer, before: RecoveryView): void {
  const known = new Set(before.held.map(({ set }) => set))
  const { held, requests } = peer.recovery.show()
  for (const { set, account } of held) {
    if (!known.has(set)) output.note(say.entrusted(nameOf(peer, account.identity)))
  }
  if (requests.length > 0) output.note(say.requestsWait(requests.length))
}
