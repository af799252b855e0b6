/**
 * Whether a state fits an entry, and whether a full one still will (spec Y9).
 *
 *     15,360 bytes ─ what the profile takes ≥ 24 members + 24 revoked + 3 moves
 *
 * A profile that took that room would stand in the way of a revocation, when there is no time to shorten it.
 *
 * @module
 */
import { utf8 } from '../bytes.ts'
import { entrySize, maxEntryBytes } from '../entry.ts'
import { type Identity, identityOfKey, rawCidOfDigest } from '../names.ts'
import { maxLabelBytes, maxSynodIdentities } from '../payloads/limits.ts'
import { writePayload } from '../payloads/payload.ts'
import type { Synod } from '../payloads/schemas/synod.ts'
import { err, ok, type Result } from '../result.ts'

export type StateSizeFault =
  /** Its entry would have so many bytes too many. */
  | { readonly code: 'state-too-large'; readonly over: number }
  /** It fits, but would not with every member, revocation and move that may still come. */
  | { readonly code: 'profile-too-large'; readonly over: number }
  /** A field breaks its schema; `detail` is its path. */
  | { readonly code: 'state-field'; readonly detail: string }

/** Moves for which a state keeps room. */
export const reservedMoves = 3

const someIdentity: Identity = identityOfKey(new Uint8Array(32))
const someCid = rawCidOfDigest(new Uint8Array(32))
const most = Number.MAX_SAFE_INTEGER

/** Bytes of the entry that holds this state: the most it can be, whatever its place in the feed. */
export function stateEntryBytes(state: Synod, payload: string): number {
  return entrySize({
    identity: someIdentity,
    parent: someCid,
    length: most,
    comparable: most,
    synod: null,
    links: state.avatar === null ? [] : [[state.avatar.blob, most]],
    payload,
  })
}

/** The state itself when its fields are right and its entry fits; with `reserve` also with full lists. */
export function fitState(state: Synod, reserve: boolean): Result<Synod, StateSizeFault> {
  const written = writePayload(state)
  if (!written.ok) return err({ code: 'state-field', detail: written.error.detail })
  const over = stateEntryBytes(state, written.value) - maxEntryBytes
  if (over > 0) return err({ code: 'state-too-large', over })
  const overFull = over + openBytes(state)
  return reserve && overFull > 0 ? err({ code: 'profile-too-large', over: overFull }) : ok(state)
}

/** Bytes that the rest of the lists may still take. */
function openBytes({ identities, revoked, moves }: Synod): number {
  return (
    (maxSynodIdentities - identities.length) * memberBytes +
    (maxSynodIdentities - revoked.length) * revokedBytes +
    Math.max(0, reservedMoves - moves.length) * moveBytes
  )
}

const [key32, signature64] = [43, 86].map((length) => 'A'.repeat(length)) as [string, string]
const someFinal = [2 ** 31, most, someCid]
const memberBytes = insideBytes([someIdentity, key32, 'A'.repeat(maxLabelBytes), 1_000_000, signature64])
const revokedBytes = insideBytes([someIdentity, someFinal])
const moveBytes = insideBytes({
  root: key32,
  from: someIdentity,
  to: someIdentity,
  final: [1, most, someCid],
  next: key32,
  recovery: key32,
  key: key32,
  signature: signature64,
  consent: signature64,
})

/** Of a list's item and its comma, inside a payload, inside an entry. */
function insideBytes(item: unknown): number {
  return utf8(JSON.stringify(JSON.stringify(item))).length - 2 + 1
}
