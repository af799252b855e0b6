/**
 * All devices that one's own notes are of: those that are, and those that were and may still be heard. The only source of
 * "is this mine": a device that got new keys with a lock, or was taken out, wrote as the same person.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { useLive, usePeer } from '@effigy/react'
import { useMemo } from 'react'

type Account = NonNullable<Awaited<ReturnType<RemotePeer['account']['show']>>>

/** This device first. */
export function ownOf(
  self: Identity,
  account: Pick<Account, 'members' | 'revoked' | 'frozen'> | null,
): ReadonlySet<Identity> {
  const { members = [], revoked = [], frozen = [] } = account ?? {}
  return new Set([self, ...[...members, ...revoked, ...frozen].map(({ identity }) => identity)])
}

export async function ownIdentities(peer: RemotePeer): Promise<readonly Identity[]> {
  return [...ownOf(peer.identity, await peer.account.show())]
}

export function useOwn(): ReadonlySet<Identity> {
  const { identity } = usePeer()
  const { value } = useLive('account.show')
  return useMemo(() => ownOf(identity, value), [identity, value])
}
