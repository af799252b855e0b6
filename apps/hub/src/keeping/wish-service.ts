/**
 * What a hub that follows this one wants of it for its own members (spec V114-V116).
 *
 *     following.wish {} ‖ identities ─▶ the list of a member
 *
 * A hub is told what members of the other want, never what that one wants for further hubs: so a wish goes two hubs
 * far and no further, and in no ring of hubs do they keep each other's wishes alive.
 *
 * @module
 */
import { err, type Identity, identityOfKey, ok } from '@effigy/core'
import type { Clock, Service } from '@effigy/sync'
import type { Members } from '../members.ts'

/** In one wish: 64 KiB of keys. */
export const maxWished = 2_048

const keyBytes = 32

/** Between two wishes of one hub, ms: each takes the place of the whole list before. */
const pauseMs = 500

/** Hubs whose last wish is remembered. */
const maxRemembered = 1_000

export function wishService(
  members: () => Pick<Members, 'has' | 'trackHub'> | null,
  clock: Pick<Clock, 'monotonic'>,
): Service {
  const last = new Map<Identity, number>()

  function isTooFast(hub: Identity): boolean {
    const nowMs = clock.monotonic()
    if (nowMs - (last.get(hub) ?? Number.NEGATIVE_INFINITY) < pauseMs) return true
    last.delete(hub)
    last.set(hub, nowMs)
    const oldest = last.size > maxRemembered ? last.keys().next().value : undefined
    if (oldest !== undefined) last.delete(oldest)
    return false
  }

  return {
    name: 'following',
    isFor: ({ remote }) => members()?.has(remote) ?? false,
    methods: {
      async wish({ remote, bytes }) {
        if (isTooFast(remote)) return err({ code: 'too-fast', retryMs: pauseMs })
        const identities = readWishes(bytes)
        if (identities === null) return err({ code: 'bad-request', retryMs: null })
        members()?.trackHub(remote, identities)
        return ok({ value: {} })
      },
    },
  }
}

/** Null: not whole keys, or too many. */
export function readWishes(bytes: Uint8Array): readonly Identity[] | null {
  if (bytes.length % keyBytes !== 0 || bytes.length > maxWished * keyBytes) return null
  const identities: Identity[] = []
  for (let at = 0; at < bytes.length; at += keyBytes) {
    identities.push(identityOfKey(bytes.subarray(at, at + keyBytes)))
  }
  return identities
}
