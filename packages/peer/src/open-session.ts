/**
 * A session over a link: who is there, and whether they may be (spec A, W3).
 *
 *     link ─handshake▶ Session ─blocked? admitted?▶ the same      else ─▶ bye, or heard out at the door
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import { type Link, type OpenSessionOptions, openSession, type Role, type Session } from '@effigy/sync'
import type { Door } from './joining/door.ts'
import type { PeerDeps } from './peer.ts'

/** Kept by nobody. Throws `EffigyError` as `openSession` does, 'blocked', 'not-admitted'. */
export type OpenSession = (
  link: Link,
  role: Role,
  expect: Identity | null,
  signal: AbortSignal,
) => Promise<Session>

export interface OpenerPorts
  extends Pick<OpenSessionOptions, 'identity' | 'networkKey' | 'limits' | 'outbound' | 'wire'> {
  readonly deps: Pick<PeerDeps, 'store' | 'signer' | 'crypto' | 'clock' | 'log' | 'kind' | 'admits'>
  readonly blocked: () => ReadonlySet<Identity>
  /** Null: invites are shown to nobody here. */
  readonly door: Door | null
}

export function createOpener({ deps, blocked, door, ...own }: OpenerPorts): OpenSession {
  const { store, signer, crypto, clock, log, kind = 'peer' } = deps
  return async (link, role, expect, signal) => {
    const session = await openSession(link, {
      ...own,
      ...{ role, signer, expect, crypto, clock, log, signal },
      // A2: only a hub shows who it is to whoever dials.
      demandProof: kind !== 'hub',
      pairingSecret: null,
      head: () => store.feed(own.identity)?.record ?? null,
    })
    const isBlocked = blocked().has(session.remote)
    if (!isBlocked && deps.admits?.(session.remote) !== false) return session
    // Who was not let in yet may show an invite, and dials anew with it.
    if (isBlocked || door === null || role === 'dialler') await session.end('not-admitted')
    else await door.hear(session, link, signal)
    throw isBlocked
      ? new EffigyError('blocked', 'You block whoever answers there. Unblock them first.')
      : new EffigyError('not-admitted', 'This peer does not take that identity.')
  }
}
