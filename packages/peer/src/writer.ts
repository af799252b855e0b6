/**
 * The one writer of one's own feed: signs entry after entry, commits what waits together.
 *
 *     append, append, … ─queue─▶ sign each over the one before ─▶ one head record ─▶ one durable commit
 *
 * A feed has a single writer, so nothing here runs twice at a time: that is what
 * keeps an honest device from ever forking itself.
 *
 * @module
 */
import {
  type ChainPoint,
  chainPoint,
  EffigyError,
  type Entry,
  entrySize,
  type HeadRecord,
  type Identity,
  nextComparable,
  ok,
  planRebase,
  type RawCid,
  type RebaseEdit,
  type RebasePlan,
  type SealOwn,
  type SignedEntry,
  type Signer,
  signEntry,
  signHead,
  signRebase,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { OwnEntry, Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { loadRewriting } from '#later'
import { givingUpKey } from './given-up.ts'
import { noteOwnEpoch } from './private-feed/intent.ts'
import type { Recast } from './private-feed/recast.ts'
import { notSealable, sealable } from './private-feed/sealable.ts'
import { roomFor, sealAbove } from './private-feed/sealing.ts'
import { noteOwnRebase } from './rescue.ts'

/** What the author decides; the writer adds place and signature. */
export interface Draft {
  readonly payload: string
  readonly links: Entry['links']
  /** The detached payload text when it is small enough to live beside its entry. */
  readonly body: Uint8Array | null
  /** The comparable must exceed this: that of a state which it supersedes. */
  readonly above: number
}

export interface Written {
  readonly entry: SignedEntry
  readonly record: HeadRecord
}

export interface Writer {
  /** Resolves when the entry is durable; rejects with an `EffigyError`, and then nothing was written. */
  append(draft: Draft): Promise<Written>
  /**
   * Rewrites the chain (F10); null when no edit names an entry of it. Durable when it resolves. `edits` is asked
   * when its turn has come: an earlier rebase gives all entries above it other names.
   */
  rebase(
    edits: () => ReadonlyMap<RawCid, RebaseEdit>,
    bodies: ReadonlyMap<RawCid, Uint8Array>,
  ): Promise<HeadRecord | null>
  /**
   * Makes one chain of a disputed feed (F12), `isGivingUp` of what is here of it; durable when it resolves. Throws as
   * `healFork` and `healPieces` do.
   */
  heal(isGivingUp: boolean): Promise<HeadRecord>
  /**
   * Writes the whole feed anew under the next epoch, sealed otherwise; null when there is none. Asked when its turn has
   * come. Throws as `recastFeed` does.
   */
  recast(how: () => Recast): Promise<HeadRecord | null>
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
  /**
   * Where the feed ends when what waits now is written; null: it was never written. Throws `EffigyError`
   * 'own-feed-disputed', 'own-feed-incomplete'.
   */
  end(): Promise<HeadRecord | null>
}

export interface WriterDeps {
  readonly store: Store
  readonly crypto: Crypto
  readonly signer: Signer
  readonly identity: Identity
  readonly clock: Clock
  /** The author's account as it is now (E5), asked for each entry; none when omitted. */
  readonly reference?: () => Entry['synod']
  /** Throws an `EffigyError` when nothing may be signed any more: asked again for each entry. Nothing when omitted. */
  readonly assertMaySign?: () => void
  /** Throws an `EffigyError` when nothing more is begun: what waits by then is still written. Nothing when omitted. */
  readonly assertMayBegin?: () => void
  /** The text of a `void` payload, for a feed that would be empty. */
  readonly voidPayload: () => string
}

/** Entries of one commit: enough to share an fsync, few enough that the first does not wait for long. */
const maxGroup = 128

interface Waiting {
  readonly draft: Draft
  readonly resolve: (written: Written) => void
  readonly reject: (reason: unknown) => void
}

export function createWriter(deps: WriterDeps): Writer {
  const { store, crypto, signer, identity, clock } = deps
  const waiting: Waiting[] = []
  /** The end of the queue: whatever writes next waits for it. */
  let turn: Promise<unknown> = Promise.resolve()
  let scheduled = false

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = turn.then(work, work)
    turn = mine.catch(() => {})
    return mine
  }

  /** Where the newest head was given up (F14). */
  async function beginAnew(): Promise<void> {
    if (store.setting(givingUpKey) !== null) await (await loadRewriting()).beginAnew(deps)
  }

  async function begin<Value>(work: () => Promise<Value>): Promise<Value> {
    deps.assertMayBegin?.()
    return inTurn(work)
  }

  function head(): { readonly epoch: number; readonly bytes: number; readonly below: ChainPoint | null } {
    const state = store.feed(identity)
    const record = state?.record ?? null
    if (record === null) return { epoch: 1, bytes: 0, below: null }
    if (state?.disputedAbove != null) throw disputed()
    const { epoch, bytes, head: cid } = record.head
    const top = store.entry(cid)
    // Writing over a head that is not here would fork the feed.
    if (top === null) throw incomplete()
    return { epoch, bytes, below: chainPoint(top.signed) }
  }

  /** Rewriting what is not here would take it out of the feed. */
  function assertWhole(): void {
    const { record = null, runs = [] } = store.feed(identity) ?? {}
    if (record !== null && (runs.length !== 1 || runs[0]?.first !== 1)) throw incomplete()
  }

  async function writeGroup(group: readonly Waiting[]): Promise<void> {
    await beginAnew()
    const { epoch, bytes, below } = head()
    const seal = sealAbove(deps, below)
    let point = below
    let size = bytes
    const own: OwnEntry[] = []
    const signed: { readonly entry: SignedEntry; readonly waiting: Waiting }[] = []
    for (const one of group) {
      const fit = seal === null ? ok(one.draft) : sealable(one.draft, store.block)
      if (!fit.ok) {
        one.reject(notSealable(fit.error))
        continue
      }
      const { payload, links, body } = fit.value
      const { above } = one.draft
      const entry: Entry = {
        identity,
        parent: point?.cid ?? null,
        length: (point?.length ?? 0) + 1,
        comparable: Math.max(nextComparable(clock.now(), point), above + 1),
        synod: deps.reference?.() ?? null,
        links,
        payload,
      }
      if (!Number.isSafeInteger(entry.comparable)) {
        // A thief's entry at the end of the range, or a false clock: no reason to refuse what waits beside it (T26).
        const message = 'what this entry supersedes, or the newest entry, has the last comparable there is'
        one.reject(new EffigyError('no-comparable-left', message))
        continue
      }
      const entryBytes = entrySize(entry)
      if (entryBytes > roomFor(seal)) {
        one.reject(tooLarge(entryBytes, roomFor(seal)))
        continue
      }
      deps.assertMaySign?.()
      const bare = await signEntry(entry, signer, crypto.sha256)
      const done = seal?.(bare) ?? bare
      own.push({ entry: done, body })
      signed.push({ entry: done, waiting: one })
      point = chainPoint(done)
      size += done.bytes.length
    }
    if (point === null || own.length === 0) return
    const { cid, length, comparable } = point
    deps.assertMaySign?.()
    const record = await signHead({ identity, epoch, length, comparable, bytes: size, head: cid }, signer)
    store.appendOwn(own, record)
    for (const { entry, waiting: one } of signed) one.resolve({ entry, record })
  }

  async function drain(): Promise<void> {
    scheduled = false
    while (waiting.length > 0) {
      const group = waiting.splice(0, maxGroup)
      try {
        await writeGroup(group)
      } catch (reason) {
        for (const one of group) one.reject(reason)
      }
    }
  }

  async function rewrite(
    edits: ReadonlyMap<RawCid, RebaseEdit>,
    bodies: ReadonlyMap<RawCid, Uint8Array>,
  ): Promise<HeadRecord | null> {
    await beginAnew()
    deps.assertMaySign?.()
    const { epoch, below } = head()
    assertWhole()
    const known = store.feed(identity)?.record ?? null
    const seal = sealAbove(deps, below)
    const sizes = new Map<number, number>()
    const oldBodies = new Map<number, Uint8Array | null>()
    function* chain(): Generator<SignedEntry> {
      let total = 0
      for (const stored of store.chain(identity)) {
        total += stored.signed.bytes.length
        sizes.set(stored.signed.entry.length, total)
        oldBodies.set(stored.signed.entry.length, stored.body)
        yield stored.signed
      }
    }
    if (seal !== null) assertSealable(edits, bodies)
    const plan = planRebase(chain(), edits, deps.voidPayload())
    if (plan === null) return null
    const own: OwnEntry[] = []
    let size = sizes.get(plan.base?.length ?? 0) ?? 0
    for await (const entry of rewritten(plan, seal)) {
      const draft = plan.drafts[own.length]
      const kept = draft?.oldLength === null ? null : (oldBodies.get(draft?.oldLength ?? 0) ?? null)
      own.push({ entry, body: kept ?? bodies.get(entry.entry.payload as RawCid) ?? null })
      size += entry.bytes.length
    }
    const top = own.at(-1)?.entry ?? null
    // Taking the newest entries away leaves the base as the head.
    const point = top === null ? plan.base : chainPoint(top)
    if (point === null) return null
    const { cid, length, comparable } = point
    const next = { identity, epoch: epoch + 1, length, comparable, bytes: size, head: cid }
    deps.assertMaySign?.()
    const record = await signHead(next, signer)
    // What came of this feed while it was signed is in no plan of ours: another device or a restored one wrote it.
    if (store.feed(identity)?.record?.head.head !== known?.head.head) {
      throw new EffigyError('head-stale', 'A newer state of this feed has come. Do it again over that one.')
    }
    store.replaceOwn(plan.base?.length ?? 0, own, record)
    noteOwnRebase(store, plan.base, record)
    noteOwnEpoch(store, identity, epoch, record.head.epoch)
    return record
  }

  function assertSealable(
    edits: ReadonlyMap<RawCid, RebaseEdit>,
    bodies: ReadonlyMap<RawCid, Uint8Array>,
  ): void {
    for (const edit of edits.values()) {
      if (edit.type !== 'replace') continue
      const fit = sealable({ ...edit, body: bodies.get(edit.payload as RawCid) ?? null }, store.block)
      if (!fit.ok) throw notSealable(fit.error)
      if (fit.value.payload !== edit.payload) throw notSealable('clear-files')
    }
  }

  async function* rewritten(plan: RebasePlan, seal: SealOwn | null): AsyncGenerator<SignedEntry> {
    try {
      yield* signRebase(plan, signer, identity, crypto.sha256, seal)
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      const message = `With that an entry would have more than ${roomFor(seal)} bytes. Shorten it, or erase it and publish it anew.`
      throw new EffigyError('entry-too-large', message, { cause })
    }
  }

  return {
    async append(draft) {
      deps.assertMayBegin?.()
      const { promise, resolve, reject } = Promise.withResolvers<Written>()
      waiting.push({ draft, resolve, reject })
      if (!scheduled) {
        scheduled = true
        void inTurn(drain)
      }
      return promise
    },
    rebase: (edits, bodies) => begin(() => rewrite(edits(), bodies)),
    heal: (isGivingUp) =>
      begin(async () => {
        const { healFork, healPieces } = await loadRewriting()
        deps.assertMaySign?.()
        return isGivingUp ? healPieces(deps) : healFork(deps)
      }),
    recast: (how) =>
      begin(async () => {
        await beginAnew()
        const { recastFeed } = await loadRewriting()
        deps.assertMaySign?.()
        const { epoch, below } = head()
        if (below === null) return null
        assertWhole()
        return recastFeed(deps, epoch, how())
      }),
    idle: () => inTurn(async () => {}),
    end: () =>
      inTurn(async () => {
        await beginAnew()
        head()
        return store.feed(identity)?.record ?? null
      }),
  }
}

function disputed(): EffigyError {
  const message =
    'Two different continuations of what this device wrote are known. Say whether both were you before you go on.'
  return new EffigyError('own-feed-disputed', message)
}

function incomplete(): EffigyError {
  const message =
    'Entries that this device published are not all here. Connect to a hub or a friend who has them.'
  return new EffigyError('own-feed-incomplete', message)
}

function tooLarge(bytes: number, most: number): EffigyError {
  const message = `An entry has at most ${most} bytes here, this one would have ${bytes}. Shorten it, or put the text into a block of its own.`
  return new EffigyError('entry-too-large', message)
}
