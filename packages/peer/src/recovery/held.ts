/**
 * What this device keeps for others as their custodian (spec Z23).
 *
 *     recovery_share opened ─is its author of that account?─▶ kept by account: the newest set, and those it replaced
 *
 * Kept apart from the feed that it came in: whoever unfollows a friend does not forget what was entrusted.
 *
 * @module
 */
import {
  encodeBase64url,
  type Identity,
  type JsonObject,
  type Payload,
  parseBase64url,
  parseStrictJson,
  type RawCid,
  type Root,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { type Share, shareCheck, shareOf, sharePayload } from './share.ts'

/** One share that is kept, and where it came from. */
export interface KeptShare {
  readonly share: Share
  /** The device that split. */
  readonly by: Identity
  /** Of the entry: of two splittings the greater one is the newer. */
  readonly comparable: number
  /** When it came here, wall clock, ms. */
  readonly receivedAt: number
  /** When a newer one was first seen here; null: it is the newest. */
  readonly replacedAt: number | null
}

/** An opened `recovery_share`, before anything of it was believed. */
export interface ReceivedShare {
  /** Whose feed it stood in, verified. */
  readonly author: Identity
  /** Of its entry. */
  readonly content: RawCid
  readonly comparable: number
  readonly payload: Payload
}

/** A share for which there was no room: its entry waits. */
export interface RefusedShare {
  readonly account: Share['account']
  readonly author: Identity
  readonly content: RawCid
}

export interface HeldShares {
  /** Takes what was opened; gives it when it is news to the person, null when it is refused or here already. */
  take(received: ReceivedShare): Promise<KeptShare | null>
  /** Of all accounts, the newest of each first. */
  all(): readonly (readonly KeptShare[])[]
  /** Of one account, the newest first; empty when nothing is held. */
  of(root: Root): readonly KeptShare[]
  /** Of whom none was taken for want of room, the first first. */
  refused(): readonly RefusedShare[]
  /** None of that account waits any more; false when none did. */
  forget(root: Root): boolean
  /** Nothing is held of that account any more; false when nothing was. */
  release(root: Root): boolean
  /** What was held of that account was released, and nothing came since. */
  wasReleased(root: Root): boolean
}

export interface HeldPorts {
  readonly store: Pick<Store, 'setting' | 'saveSetting' | 'synods'>
  readonly crypto: Pick<Crypto, 'verify'>
  readonly clock: Pick<Clock, 'now'>
  readonly isFollowed: (account: Share['account']) => boolean
}

/** Those whom one is custodian for; whom one follows come before those who are nobody's friends (T16). */
export const maxAccounts = 256

/** Those for whom there was no room. */
const maxRefused = 64

/** Those whose owners are told that nothing is held any more. */
const maxReleased = 64

/** Splittings of one account: the newest, and the oldest of those that it replaced. A thief who splits again and again pushes out his own. */
const maxSets = 4

/** What was replaced stays so long, as what was hidden of own devices does: a thief may have split anew. */
export const replacedMs: number = 30 * 24 * 60 * 60 * 1_000

const splitters: ReadonlySet<string> = new Set(['member', 'revoked', 'frozen'])

const key = 'recovery-held'
const refusedKey = 'recovery-refused'
const releasedKey = 'recovery-released'

export function createHeldShares({ store, crypto, clock, isFollowed }: HeldPorts): HeldShares {
  function read(): Map<Root, readonly KeptShare[]> {
    const kept = new Map<Root, readonly KeptShare[]>()
    for (const each of readKept(store.setting(key))) {
      const { root } = each.share.account
      if (isOver(each)) continue
      kept.set(root, [...(kept.get(root) ?? []), each])
    }
    return kept
  }

  const isOver = ({ replacedAt }: KeptShare): boolean =>
    replacedAt !== null && clock.now() - replacedAt > replacedMs

  /** Whether there is room for that share now: of all whom one does not follow, who came last goes for one whom one does. */
  function makeRoom(kept: Map<Root, readonly KeptShare[]>, share: Share): boolean {
    const stranger = [...kept].findLast(([, [one]]) => one !== undefined && !isFollowed(one.share.account))
    return stranger !== undefined && isFollowed(share.account) && kept.delete(stranger[0])
  }

  /** Nobody else writes it. */
  const released = (): readonly Root[] => JSON.parse(store.setting(releasedKey) ?? '[]')
  function noteReleased(root: Root, isSo: boolean): void {
    const others = released().filter((each) => each !== root)
    store.saveSetting(releasedKey, JSON.stringify(isSo ? [...others, root].slice(-maxReleased) : others))
  }

  const refused = (): readonly RefusedShare[] => JSON.parse(store.setting(refusedKey) ?? '[]')

  /** In place of what waits of that account; whether anything is changed by that. */
  function note(root: Root, one: readonly RefusedShare[]): boolean {
    const all = refused()
    const others = all.filter(({ account }) => account.root !== root)
    // Friends last: what is above the bound goes from the start.
    const sorted = [...others, ...one].sort((a, b) => +isFollowed(a.account) - +isFollowed(b.account))
    store.saveSetting(refusedKey, JSON.stringify(sorted.slice(-maxRefused)))
    return sorted.length !== all.length
  }

  function save(kept: ReadonlyMap<Root, readonly KeptShare[]>): void {
    store.saveSetting(key, JSON.stringify([...kept.values()].flat().map(writeKept)))
  }

  return {
    async take({ author, content, comparable, payload }) {
      const share = shareOf(payload as unknown as JsonObject)
      const root = share?.account.root ?? null
      // Only an account's own devices split its phrase: anybody can name any account.
      if (share === null || root === null || store.synods?.accountOf(author) !== root) return null
      // Who was revoked since split in good time: what came after its end is not in its feed any more.
      if (!splitters.has(store.synods.standing(author).type)) return null
      const [isSigned] = await crypto.verify([shareCheck(share, author)])
      if (isSigned !== true) return null
      const kept = read()
      const before = kept.get(root) ?? []
      const same = before.find((each) => each.share.set === share.set)
      // Of two of one splitting the first counts: the other one came in its name.
      if (same !== undefined && same.comparable <= comparable) return null
      if (before.length === 0 && kept.size >= maxAccounts && !makeRoom(kept, share)) {
        note(root, [{ account: share.account, author, content }])
        return null
      }
      const now = clock.now()
      const mine: KeptShare = { share, by: author, comparable, receivedAt: now, replacedAt: null }
      const sorted = [...before.filter((each) => each !== same), mine].sort(
        (a, b) => b.comparable - a.comparable || (a.share.set < b.share.set ? 1 : -1),
      )
      const sets = sorted.map((each, index) => ({
        ...each,
        replacedAt: index === 0 ? null : (each.replacedAt ?? now),
      }))
      // The newest, and the oldest: what lies between goes first.
      while (sets.length > maxSets) sets.splice(1, 1)
      save(kept.set(root, sets))
      if (released().includes(root)) noteReleased(root, false)
      note(root, [])
      return sets[0]?.share.set === share.set ? (sets[0] ?? null) : null
    },
    all: () => [...read().values()],
    of: (root) => read().get(root) ?? [],
    refused,
    forget: (root) => note(root, []),
    release(root) {
      const kept = read()
      const isHeld = kept.delete(root)
      if (!isHeld) return false
      save(kept)
      noteReleased(root, true)
      return true
    },
    wasReleased: (root) => released().includes(root),
  }
}

function writeKept({ share, by, comparable, receivedAt, replacedAt }: KeptShare): object {
  return { payload: sharePayload(share), by, comparable, receivedAt, replacedAt }
}

/** Nobody but `save` writes it. */
function readKept(text: string | null): readonly KeptShare[] {
  const parsed = parseStrictJson(text ?? '[]')
  if (!parsed.ok) return []
  return (parsed.value as unknown as readonly (Omit<KeptShare, 'share'> & { payload: JsonObject })[]).flatMap(
    ({ payload, ...rest }) => {
      const share = shareOf(payload)
      return share === null ? [] : [{ ...rest, share }]
    },
  )
}

const rehearsalLabel = new TextEncoder().encode('effigy/rehearsal/1')

/** What its owner keeps to rehearse with, and the custodian makes of the share: 32 bytes. It tells nothing of the share. */
export function rehearsalKey(share: Uint8Array, set: string, crypto: Pick<Crypto, 'hkdfSha256'>): Uint8Array {
  return crypto.hkdfSha256(share, parseBase64url(set) ?? new Uint8Array(0), rehearsalLabel, 32)
}

/** That a share can be opened: HMAC of what was asked, by who is asked. base64url. */
export function rehearsalProof(
  rehearsal: Uint8Array,
  nonce: Uint8Array,
  crypto: Pick<Crypto, 'hmacSha256'>,
): string {
  return encodeBase64url(crypto.hmacSha256(rehearsal, nonce))
}
