/**
 * Makes `peer.privateFeed` of its parts: what is wanted is kept first, then the feed brought to it, then the letter (spec X25, X26).
 *
 *     makePrivate, share, withdraw, makePublic ─▶ Intent ─▶ settle: recast where it is sealed otherwise, or the key is lost ─▶ letter where readers changed
 *                                                  └ start, changes of the readers' devices, somebody met ─▶ settle again
 *
 * @module
 */

import {
  type Account,
  EffigyError,
  type HeadRecord,
  type Identity,
  type RandomBytes,
  type ReadKey,
  type Signer,
} from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import { type FeedKeys, type Store, type StoreChange, sealWith } from '@effigy/store'
import type { Clock, Log, Service } from '@effigy/sync'
import { loadRewriting } from '#later'
import type { Peer } from '../peer.ts'
import type { OpenedHook } from '../private/opening.ts'
import { keysOf, knownReader } from '../private/readers.ts'
import { untilAborted } from '../rest.ts'
import type { Writer } from '../writer.ts'
import { createFeedKeysService } from './feed-keys-service.ts'
import { createGiveLetter } from './give-letter.ts'
import { keepGiven } from './given-keys.ts'
import { type Intent, readIntent, saveIntent } from './intent.ts'
import { feedKeyOf, maxLetterReaders, readersPrint, tooManyReaders, writeLetter } from './letters.ts'
import type { PeerPrivateFeed } from './private-feed.ts'
import { keyIdOf } from './sealing.ts'
import { createSeekKeys } from './seek-keys.ts'

export interface PrivateFeedPorts {
  readonly store: Store
  readonly crypto: Crypto
  readonly signer: Signer
  readonly identity: Identity
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly writer: Pick<Writer, 'recast'>
  /** What letters to this device, or to its account, are opened with. */
  readonly secrets: () => readonly AgreementKey[]
  /** X25519 keys of own devices and the own recovery key. */
  readonly ownKeys: () => readonly Uint8Array[]
  readonly isSibling: (other: Identity) => boolean
  readonly isWritable: () => boolean
  readonly assertMayRewrite: () => void
  /** Who is connected and provides the service `feedkeys`. */
  readonly providers: () => readonly Identity[]
  /** Of these, who may learn which feeds are read here. */
  readonly trusted: () => readonly Identity[]
  readonly call: Peer['call']
  /** What we do for whom has changed. */
  readonly announce: () => void
  /** The feed was written anew. */
  readonly rewritten: () => Promise<void>
  /** Everybody may have letters: a hub carries them. */
  readonly carries: boolean
  readonly signal: AbortSignal
}

export interface PrivateFeed extends Disposable {
  readonly api: PeerPrivateFeed
  readonly service: Service
  /** `read_key` of kind `feed` that came in an entry. */
  readonly opened: OpenedHook
  changed(change: StoreChange): void
  met(other: Identity): void
  /** Goes on with what was cut off. */
  start(): void
  idle(): Promise<void>
}

/** The readers of whom a letter was written last (`readersPrint`). */
const printKey = 'private-feed/letter'

/** Ms after a change of accounts: their states come in batches. */
const settleMs = 1_000

export function openPrivateFeed(ports: PrivateFeedPorts): PrivateFeed {
  const { store, crypto, signer, identity, clock, log, isSibling, signal } = ports
  const keys: FeedKeys = store.feedKeys ?? noKeys
  let timer: Disposable | null = null
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = turn.then(work, work)
    turn = mine.catch(() => {})
    return mine
  }

  // Who may have it, and give it -------------------------------------------------

  function isOfAccount(device: Identity, { identity: named, root }: Account): boolean {
    const known = root ?? store.synods?.accountOf(named) ?? null
    if (known === null) return device === named
    const isOf = store.synods?.accountOf(device) === known
    return isOf && store.synods?.standing(device).type === 'member'
  }

  const isReader = (device: Identity): boolean =>
    (wanted()?.readers ?? []).some((account) => isOfAccount(device, account))

  function mayGive(giver: Identity, feed: Identity): boolean {
    if (giver === feed || isSibling(giver)) return true
    const root = store.synods?.accountOf(feed) ?? null
    return root !== null && isOfAccount(giver, { identity: feed, root })
  }

  const seek = createSeekKeys({
    ...{ store, keys, crypto, clock, log, signal, mayGive },
    secrets: ports.secrets,
    call: ports.call,
    asked(feed) {
      const providers = ports.providers()
      const giving = providers.filter((other) => mayGive(other, feed))
      const trusted = new Set(ports.trusted())
      return [...giving, ...providers.filter((other) => trusted.has(other) && !giving.includes(other))]
    },
  })

  // Letters ----------------------------------------------------------------------

  const readerKeys = (readers: readonly Account[]): readonly Uint8Array[] =>
    keysOf(
      readers.flatMap((account) => knownReader(store, account) ?? []),
      ports.ownKeys(),
    )

  async function settleLetter({ keyId, readers }: Intent): Promise<void> {
    const key = keyId === null ? null : keys.find(identity, keyId)
    if (key === null || keyId === null) return
    for (;;) {
      const to = readerKeys(readers)
      const print = readersPrint(keyId, to, crypto)
      if (store.setting(printKey) === print && keys.letter(identity)?.epoch === key.epoch) return
      const at = Math.max(clock.now(), (keys.letter(identity)?.at ?? 0) + 1)
      const letter = await writeLetter({ key, at, readers: to, signer, crypto })
      // Who was revoked meanwhile is in no letter (T21).
      if (readersPrint(keyId, readerKeys(readers), crypto) !== print) continue
      keys.keepLetter(letter)
      store.saveSetting(printKey, print)
      log.info('feed.letter', { readers: to.length })
      ports.announce()
      giving.toAll()
      return
    }
  }

  const giving = createGiveLetter({
    letter() {
      const keyId = wanted()?.keyId ?? null
      const key = keyId === null ? null : keys.find(identity, keyId)
      const letter = keys.letter(identity)
      return key !== null && letter?.epoch === key.epoch ? letter : null
    },
    providers: ports.providers,
    isMeant: (other) => isReader(other) || isSibling(other) || ports.trusted().includes(other),
    call: ports.call,
    signal,
  })

  // What is wanted ---------------------------------------------------------------

  function isAsWanted(intent: Intent): boolean {
    return keyIdOf(store, identity) === intent.keyId
  }

  const epochNow = (): number => store.feed(identity)?.record?.head.epoch ?? 0

  /**
   * What is wanted now. A disk that was put back may want what was taken back since, or not know that the feed is private:
   * then it is wanted as it is, and who reads it is to be said again.
   */
  function wanted(): Intent | null {
    const intent = readIntent(store, identity)
    const keyId = keyIdOf(store, identity)
    const isKnown = intent === null ? keyId === null : isAsWanted(intent) || intent.epoch === epochNow()
    return isKnown ? intent : { keyId, epoch: epochNow(), readers: [], leaveOut: true, keep: 'all' }
  }

  /** Brings the feed to what is wanted, and the letter; the new head where it was written anew. */
  async function settle(): Promise<HeadRecord | null> {
    const intent = wanted()
    if (intent === null || (intent.keyId === null && isAsWanted(intent))) return null
    const { bringFeed } = await loadRewriting()
    try {
      return await bringFeed({ ...ports, keys, wanted })
    } finally {
      // A feed that cannot be written anew now is still read, under the key that it has.
      const reached = wanted() ?? intent
      if (isAsWanted(reached)) await settleLetter(reached)
    }
  }

  /** What cannot be sealed, and was not, is not wanted any longer; everything else is tried again. */
  async function want(next: Omit<Intent, 'epoch'>): Promise<HeadRecord | null> {
    const before = wanted() ?? { ...next, epoch: epochNow(), keyId: null, readers: [] }
    const count = next.keyId === null ? 0 : readerKeys(next.readers).length
    if (count > maxLetterReaders) throw tooManyReaders()
    saveIntent(store, identity, { ...next, epoch: epochNow() })
    try {
      return await settle()
    } catch (cause) {
      const isRefused = cause instanceof EffigyError && cause.code === 'not-sealable'
      if (isRefused && isAsWanted(before)) saveIntent(store, identity, before)
      throw cause
    } finally {
      // Readers whose keys are not known ask for it themselves.
      ports.announce()
    }
  }

  function assertPrivate(): Intent {
    const intent = wanted()
    if (intent === null || intent.keyId === null) throw notPrivate()
    return intent
  }

  const api: PeerPrivateFeed = {
    status() {
      const intent = wanted()
      return {
        isPrivate: keyIdOf(store, identity) !== null,
        isPending: intent !== null && !isAsWanted(intent),
        readers: (intent?.readers ?? []).map((account) => ({
          account,
          isReached: knownReader(store, account) !== null,
        })),
      }
    },
    makePrivate: ({ to, leaveOut = false }) =>
      inTurn(async () => {
        const { newKey, assertSealable, createReaderList } = await loadRewriting()
        ports.assertMayRewrite()
        if (wanted()?.keyId != null) throw alreadyPrivate()
        const { key, keyId } = newKey(ports)
        if (!leaveOut) assertSealable({ store, identity }, { seal: sealWith(key.key, crypto) })
        keys.keep(key)
        return want({ keyId, readers: createReaderList(store).with([], to), leaveOut, keep: 'all' })
      }),
    makePublic: ({ keep }) =>
      inTurn(async () => {
        ports.assertMayRewrite()
        const intent = assertPrivate()
        return want({ ...intent, keyId: null, readers: [], keep })
      }),
    share: (to) =>
      inTurn(async () => {
        const { createReaderList } = await loadRewriting()
        const intent = assertPrivate()
        await want({ ...intent, readers: createReaderList(store).with(intent.readers, to) })
      }),
    withdraw: (from) =>
      inTurn(async () => {
        const { newKey, createReaderList } = await loadRewriting()
        ports.assertMayRewrite()
        const intent = assertPrivate()
        const { key, keyId } = newKey(ports)
        keys.keep(key)
        const readers = createReaderList(store).without(intent.readers, from)
        return want({ ...intent, keyId, readers, leaveOut: true })
      }),
    async settled(until) {
      until.throwIfAborted()
      const before = new Set(keys.allClosed().map(({ feed }) => feed))
      await untilAborted(settleNow(), AbortSignal.any([until, signal]))
      for (const { feed } of keys.allClosed()) before.delete(feed)
      return before.size > 0
    },
  }

  async function settleNow(): Promise<void> {
    if (ports.isWritable()) await inTurn(settle).catch(pending)
    await Promise.all([giving.idle(), seek.now()])
  }

  // Background -------------------------------------------------------------------

  function settleSoon(): void {
    if (timer !== null || signal.aborted || wanted() === null) return
    timer = clock.after(settleMs, () => {
      timer = null
      if (signal.aborted || !ports.isWritable()) return
      inTurn(settle).catch(pending)
    })
  }

  function pending(cause: unknown): void {
    if (!signal.aborted)
      log.warn('feed.private-pending', { code: cause instanceof EffigyError ? cause.code : 'failed' })
  }

  return {
    api,
    service: createFeedKeysService({
      keys,
      mayHave: ({ remote, trust }, feed) => trust === 'own' || (feed === identity && isReader(remote)),
      // A stranger learns neither that there are such feeds here nor for whom.
      isFor: ({ remote, trust }) => ports.carries || trust !== 'stranger' || isReader(remote),
      take: seek.take,
    }),
    opened({ author, payload }) {
      const readKey = payload as ReadKey
      if (readKey.kind !== 'feed' || !mayGive(author, readKey.feed)) return
      const key = feedKeyOf(readKey)
      if (key !== null) keepGiven(keys, author, key, crypto)
    },
    changed({ feeds, views, synods }) {
      if (feeds.size > 0) seek.soon()
      if (views || (synods?.size ?? 0) > 0) settleSoon()
    },
    met(other) {
      seek.met(other)
      giving.toAll()
      settleSoon()
    },
    start: settleSoon,
    async idle() {
      await turn
      await seek.idle()
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      timer = null
      seek[Symbol.dispose]()
    },
  }
}

/** Of a store that keeps none. */
const noKeys: FeedKeys = {
  keep: () => false,
  find: () => null,
  of: () => [],
  close: () => {},
  closed: () => null,
  allClosed: () => [],
  keepLetter: () => false,
  letter: () => null,
}

function notPrivate(): EffigyError {
  return new EffigyError('feed-public', 'This feed is for everybody. Make it private first.')
}

function alreadyPrivate(): EffigyError {
  return new EffigyError(
    'feed-private',
    'This feed is private. Share it with more people, or withdraw it from some.',
  )
}
