/**
 * What is underneath, read from the store as it is (inspecting.ts).
 *
 * @module
 */
import { entryCheck, type Identity, type RawCid, rawCid, readPayload, type Sha256 } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { FeedState, Store, StoredEntry } from '@effigy/store'
import type { InspectedEntry, InspectedFeed, InspectedLine, PeerInspecting } from './inspecting.ts'
import type { Wire } from './wire.ts'

export interface InspectingPorts {
  readonly store: Store
  readonly self: Identity
  readonly crypto: Pick<Crypto, 'verify' | 'sha256'>
  readonly wire: Pick<Wire, 'watch'>
  /** The peer is closed. */
  readonly signal: AbortSignal
}

const mostFeeds = 500
const mostEntries = 200
const usualEntries = 50

export function openInspecting({ store, self, crypto, wire, signal }: InspectingPorts): PeerInspecting {
  function shown(state: FeedState): InspectedFeed {
    const { identity, record, watched, heldCount, heldBytes, runs, disputedAbove, broken } = state
    const head = record?.head ?? null
    return {
      ...{ identity, isSelf: identity === self, isWatched: watched },
      head:
        head === null
          ? null
          : { epoch: head.epoch, length: head.length, comparable: head.comparable, cid: head.head },
      ...{ held: heldCount, heldBytes, runs, disputedAbove, broken },
      forks: store
        .forkEvidence(identity)
        .map(({ head: { epoch, length, head: cid } }) => ({ epoch, length, cid })),
    }
  }

  return {
    feeds() {
      const all = [...store.feeds()].sort(
        (a, b) => rank(a, self) - rank(b, self) || (a.identity < b.identity ? -1 : 1),
      )
      return all.slice(0, mostFeeds).map(shown)
    },
    feed(identity) {
      const state = store.feed(identity)
      return state === null ? null : shown(state)
    },
    chain(identity, { below = Number.MAX_SAFE_INTEGER, limit = usualEntries } = {}) {
      const count = Math.min(Math.max(1, Math.trunc(limit)), mostEntries)
      const entries: InspectedLine[] = []
      // From the top downwards, over what is missing.
      for (const { first, last } of [...(store.feed(identity)?.runs ?? [])].reverse()) {
        for (let at = Math.min(last, below - 1); at >= first && entries.length < count; at--) {
          const entry = store.entryAt(identity, at)
          if (entry !== null) entries.push(line(entry))
        }
      }
      const lowest = entries.at(-1)?.length ?? null
      const isEnd = lowest === null || lowest <= (store.feed(identity)?.runs[0]?.first ?? 1)
      return { entries, below: isEnd ? null : lowest }
    },
    entry(cid) {
      const entry = store.entry(cid)
      return entry === null ? null : whole(entry)
    },
    async check(cid) {
      const entry = store.entry(cid)
      if (entry === null) return null
      const { signed } = entry
      const [isSigned = false] = await crypto.verify([entryCheck(signed)])
      return { isNamed: nameOf(signed.bytes, crypto.sha256) === cid, isSigned, isChained: chained(entry) }
    },
    wire: (given) => wire.watch(AbortSignal.any([given, signal])),
  }

  function chained({ signed: { entry } }: StoredEntry): boolean | null {
    const before = entry.length === 1 ? null : store.entryAt(entry.identity, entry.length - 1)
    return before === null ? null : before.signed.cid === entry.parent
  }
}

const nameOf = (bytes: Uint8Array, sha256: Sha256): RawCid => rawCid(bytes, sha256)

function rank({ identity, watched }: FeedState, self: Identity): number {
  if (identity === self) return 0
  return watched ? 1 : 2
}

function line({ signed, verified, body }: StoredEntry): InspectedLine {
  const { length, comparable, payload } = signed.entry
  return {
    ...{ cid: signed.cid, length, comparable, bytes: signed.bytes.length },
    type: typeOf(body === null ? payload : new TextDecoder().decode(body)),
    isVerified: verified,
    isSealed: signed.sealed !== undefined,
  }
}

function whole(entry: StoredEntry): InspectedEntry {
  const { signed, content, body, seen } = entry
  const { identity, parent, synod, links } = signed.entry
  return {
    ...line(entry),
    ...{ identity, parent, synod, links, raw: signed.bytes, signature: signed.signature },
    ...{ content, body, seen },
  }
}

function typeOf(payload: string): string | null {
  for (const kind of ['age', 'box']) if (payload.startsWith(`${kind}:`)) return kind
  const read = payload.startsWith('{') ? readPayload(payload) : null
  return read?.ok === true ? read.value.type : null
}
