/**
 * Follows other hubs: dials them, and tells them what its own members want (spec V114-V116).
 *
 *     members' wishes ─changed, or met again▶ following.wish ─▶ hub ─heads, entries, files▶ as from anybody
 *
 * What comes is checked like what any peer sends: a hub that lies keeps things back, and changes nothing.
 *
 * @module
 */
import { EffigyError, type Identity, identityKey, shortName } from '@effigy/core'
import type { Connection, Peer } from '@effigy/peer'
import type { Clock, Log } from '@effigy/sync'
import type { HubToFollow } from '../config/kinds.ts'
import type { Members } from '../members.ts'
import { maxWished } from './wish-service.ts'

export interface FollowDeps {
  readonly peer: Pick<Peer, 'connect' | 'call'>
  readonly members: Pick<Members, 'wishChanges' | 'ownWishes'>
  readonly clock: Clock
  readonly log: Log
}

interface Followed {
  readonly identity: Identity
  readonly connection: Connection
  /** `wishChanges` of what it was told; null: nothing since they met. */
  told: number | null
  /** Not asked again before, on the monotonic clock, ms. */
  restsUntilMs: number
  isTelling: boolean
}

/** Ms between two looks at what there is to tell. */
const lookMs = 1_000

/** Who did not take it is told again so late, ms. */
const restMs = 60_000

/** Disposing lets go of the connections. */
export function followHubs(hubs: readonly HubToFollow[], deps: FollowDeps): AsyncDisposable {
  const { peer, members, clock, log } = deps
  const stop = new AbortController()
  const followed = hubs.map(({ url, identity }): Followed => {
    const connection = peer.connect(url, { expect: identity })
    return { identity, connection, told: null, restsUntilMs: 0, isTelling: false }
  })
  let timer: Disposable | null = null

  function look(): void {
    timer = clock.after(lookMs, look)
    for (const hub of followed) {
      if (hub.connection.state.type !== 'connected') hub.told = null
      else if (isDue(hub)) void tell(hub)
    }
  }

  const isDue = ({ told, restsUntilMs, isTelling }: Followed): boolean =>
    !isTelling && told !== members.wishChanges && clock.monotonic() >= restsUntilMs

  async function tell(hub: Followed): Promise<void> {
    const { wishChanges } = members
    const wishes = [...members.ownWishes()].filter((identity) => identity !== hub.identity)
    if (wishes.length > maxWished) {
      log.warn('following.over-feeds', {
        peer: shortName(hub.identity),
        asked: wishes.length,
        kept: maxWished,
      })
    }
    hub.isTelling = true
    try {
      const bytes = keysOf(wishes.slice(0, maxWished))
      const told = await peer.call(hub.identity, 'following', 'wish', {}, { bytes, signal: stop.signal })
      if (told.ok) hub.told = wishChanges
      else {
        // Not a member there, or a hub of a former version: they may change their mind.
        hub.restsUntilMs = clock.monotonic() + (told.error.retryMs ?? restMs)
        log.warn('following.refused', { peer: shortName(hub.identity), code: told.error.code })
      }
    } catch (cause) {
      if (!stop.signal.aborted) throw cause
    } finally {
      hub.isTelling = false
    }
  }

  if (hubs.length > 0) look()
  return {
    async [Symbol.asyncDispose]() {
      timer?.[Symbol.dispose]()
      stop.abort(new EffigyError('closed', 'The hub is stopping.'))
      await Promise.all(followed.map(({ connection }) => connection[Symbol.asyncDispose]()))
    },
  }
}

function keysOf(identities: readonly Identity[]): Uint8Array {
  const keys = new Uint8Array(identities.length * 32)
  for (const [at, identity] of identities.entries()) keys.set(identityKey(identity), at * 32)
  return keys
}
