/**
 * Looks for the keys of feeds that stay shut (spec X26).
 *
 *     store.feedKeys.allClosed ─▶ author, own devices, whom we chose, friends ─key, letter▶ kept ─▶ the feed is fetched
 *
 * A key is taken from who may give it alone, and opens nothing but what was sealed under it: its id says which.
 *
 * @module
 */
import {
  decodeFeedLetter,
  type FeedLetter,
  type Identity,
  type JsonObject,
  type Result,
  shortName,
} from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import type { ClosedFeed, FeedKeys, Store } from '@effigy/store'
import type { Clock, Log, ReceivedAnswer, ServiceRefusal } from '@effigy/sync'
import { lateCode } from '../timely.ts'
import { feedKeysService } from './feed-keys-service.ts'
import { keepGiven } from './given-keys.ts'
import { openLetter, readLetter } from './letters.ts'

export interface SeekKeysPorts {
  readonly store: Pick<Store, 'feed'>
  readonly keys: FeedKeys
  readonly crypto: Crypto
  /** What letters to this device, or to its account, are opened with. */
  readonly secrets: () => readonly AgreementKey[]
  /** Whether somebody may give the key of that feed: its author, and devices of one account with it. */
  readonly mayGive: (giver: Identity, feed: Identity) => boolean
  /** Who is connected and has this service, as far as they may learn which feeds are read here; those who may give the key first. */
  readonly asked: (feed: Identity) => readonly Identity[]
  /** Ends with `late` when nobody answers. */
  readonly call: (
    other: Identity,
    service: string,
    method: string,
    value: JsonObject,
    options: { readonly signal: AbortSignal },
  ) => Promise<Result<ReceivedAnswer, ServiceRefusal>>
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

export interface SeekKeys extends Disposable {
  /** Feeds changed, somebody connected: looks before long. */
  soon(): void
  /** Somebody has connected: they are asked anew. */
  met(other: Identity): void
  /** A letter that somebody gave: null when it is kept, or why not. */
  take(record: Uint8Array): Promise<string | null>
  /** Asks whoever is connected and was not asked a moment ago; resolves when they have answered. */
  now(): Promise<void>
  idle(): Promise<void>
}

/** Ms after a change, so that what comes together is asked for once. */
const settleMs = 300

/** Ms after which the same one is asked about the same feed again, doubled each time up to an hour. */
const firstAgainMs = 30_000
const lastAgainMs = 3_600_000

/** The same of somebody who has connected, or serves something else than before, ms. */
const metAgainMs = 2_000

/** As in letters (X24). */
const maxEpoch = 2 ** 31

/** Feeds that are asked about in one round. */
const maxSought = 64

/** Two letters of one feed, the one that is here and the one that comes for it, are opened in this time, ms: each may cost 256 agreements a key. */
const openEveryMs = 2_000

interface Tried {
  readonly atMs: number
  readonly againMs: number
}

interface Looked {
  readonly print: string
  readonly atMs: number
  /** So soon after the one before that the next one has to wait. */
  readonly isSecond: boolean
}

export function createSeekKeys(ports: SeekKeysPorts): SeekKeys {
  const { store, keys, crypto, clock, log, signal } = ports
  let timer: Disposable | null = null
  let turn: Promise<void> = Promise.resolve()
  /** When somebody was asked for a key: by who, then its id. Of those who are connected, or were. */
  const tried = new Map<Identity, Map<string, Tried>>()
  /** Where the next round begins: more feeds than one asks about wait for their turn. */
  let first = 0
  /** Letters that were looked into, by their feed. */
  const looked = new Map<Identity, Looked>()

  async function round(): Promise<void> {
    const all = keys.allClosed().filter(({ feed }) => store.feed(feed)?.watched === true)
    const at = first % Math.max(1, all.length)
    const closed = [...all.slice(at), ...all.slice(0, at)].slice(0, maxSought)
    first = at + maxSought
    const wanted = new Map<Identity, ClosedFeed[]>()
    for (const one of closed) {
      await openKept(one.feed)
      if (keys.closed(one.feed) === null) continue
      for (const other of ports.asked(one.feed)) wanted.set(other, [...(wanted.get(other) ?? []), one])
    }
    // Side by side: who never answers holds up nobody else's.
    await Promise.all(Array.from(wanted, ([other, feeds]) => askAll(other, feeds)))
    if (wanted.size > 0 && all.some(({ feed }) => keys.closed(feed) !== null)) after(firstAgainMs)
  }

  async function askAll(other: Identity, feeds: readonly ClosedFeed[]): Promise<void> {
    for (const { feed, keyId } of feeds) {
      if (signal.aborted) return
      if (keys.closed(feed) === null || !isDue(other, keyId)) continue
      if (await isLate(other, feed)) return
    }
  }

  function isDue(other: Identity, keyId: string): boolean {
    const mine = tried.get(other) ?? new Map<string, Tried>()
    if (mine.size > maxSought) mine.clear()
    const last = mine.get(keyId)
    const now = clock.monotonic()
    if (last !== undefined && now - last.atMs < last.againMs) return false
    const againMs = last === undefined ? firstAgainMs : Math.min(last.againMs * 2, lastAgainMs)
    tried.set(other, mine.set(keyId, { atMs: now, againMs }))
    return true
  }

  /** Asks for what opens the feed; whether no answer came in time. */
  async function isLate(other: Identity, feed: Identity): Promise<boolean> {
    const value = { feed }
    if (ports.mayGive(other, feed)) {
      const given = await ports.call(other, feedKeysService, 'key', value, { signal })
      if (given.ok) keepKey(other, feed, given.value)
      else if (given.error.code === lateCode) return true
      // The letter is for others, whom one may meet.
      if (keys.closed(feed) === null && keys.letter(feed) !== null) return false
    }
    const letter = await ports.call(other, feedKeysService, 'letter', value, { signal })
    if (letter.ok && letter.value.bytes.length > 0) await take(letter.value.bytes.slice())
    return !letter.ok && letter.error.code === lateCode
  }

  function keepKey(giver: Identity, feed: Identity, { value: { epoch }, bytes }: ReceivedAnswer): void {
    if (typeof epoch !== 'number' || !Number.isSafeInteger(epoch) || epoch < 1 || epoch > maxEpoch) return
    if (bytes.length === 32) keepGiven(keys, giver, { feed, epoch, key: bytes.slice() }, crypto)
  }

  async function take(record: Uint8Array): Promise<string | null> {
    const letter = await readLetter(record, crypto, refuse)
    if (!letter.ok) return letter.error.code
    const { from: feed, epoch, at } = letter.value
    if (!keys.keepLetter({ feed, epoch, at, record })) return 'letter-known'
    await openKept(feed)
    return null
  }

  function refuse({ from: feed, epoch, at }: FeedLetter): string | null {
    if (store.feed(feed)?.watched !== true) return 'not-watched'
    const known = keys.letter(feed)
    const isNewer = known === null || epoch > known.epoch || (epoch === known.epoch && at > known.at)
    return isNewer ? null : 'letter-known'
  }

  /** Looks into the newest letter of a feed: once, and again with other keys (the words of the account were typed). */
  async function openKept(feed: Identity): Promise<void> {
    const letter = keys.letter(feed)
    if (letter === null) return
    const secrets = ports.secrets()
    const print = [letter.epoch, letter.at, ...secrets.map(({ publicKey }) => publicKey.join('.'))].join()
    const last = looked.get(feed)
    if (last?.print === print) return
    const now = clock.monotonic()
    const isSoon = last !== undefined && now - last.atMs < openEveryMs
    if (isSoon && last.isSecond) {
      after(openEveryMs)
      return
    }
    looked.set(feed, { print, atMs: now, isSecond: isSoon })
    const decoded = decodeFeedLetter(letter.record)
    const key = decoded.ok ? await openLetter(decoded.value.claim, secrets, crypto) : decoded
    if (key.ok && keys.keep(key.value)) log.info('feed.key-kept', { feed: shortName(feed) })
  }

  function after(ms: number): void {
    if (timer !== null || signal.aborted) return
    timer = clock.after(ms, () => {
      timer = null
      void now()
    })
  }

  function now(): Promise<void> {
    // A store that fails here fails whoever writes next, too, and is told there; a closed peer asks nobody.
    turn = turn.then(round).catch(() => {})
    return turn
  }

  function soon(): void {
    if (keys.allClosed().length === 0) return
    timer?.[Symbol.dispose]()
    timer = null
    after(settleMs)
  }

  return {
    soon,
    met(other) {
      // At once, unless they are asked again and again for saying so again and again.
      const mine = tried.get(other)
      for (const [keyId, { atMs }] of mine ?? []) mine?.set(keyId, { atMs, againMs: metAgainMs })
      soon()
    },
    take,
    now,
    idle: () => turn,
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      timer = null
    },
  }
}
