/**
 * The whole feed written anew under the next epoch: sealed under another key, or for everybody (spec X20, X25, F10).
 *
 *     1 ─ 2 ─ 3 (epoch)      ─▶      1′ ─ 2′ ─ 3′ (epoch + 1), each under that key, contents as they were
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
  mustEncrypt,
  type RebaseDraft,
  readPayload,
  type SealOwn,
  type Signer,
  signHead,
  signRebase,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { OwnEntry, Store, StoredEntry } from '@effigy/store'
import { noteOwnRebase } from '../rescue.ts'
import { type Carried, notSealable, sealable } from './sealable.ts'
import { roomFor } from './sealing.ts'

export interface Recast {
  /** Null: everybody reads it. */
  readonly seal: SealOwn | null
  /** What cannot stand there is left out; else nothing is written and 'not-sealable' is thrown. */
  readonly leaveOut: boolean
  readonly keep: 'all' | 'none'
}

export interface RecastDeps {
  readonly store: Pick<Store, 'feed' | 'chain' | 'item' | 'block' | 'replaceOwn' | 'setting' | 'saveSetting'>
  readonly crypto: Pick<Crypto, 'sha256'>
  readonly signer: Signer
  readonly identity: Identity
  readonly voidPayload: () => string
  readonly assertMaySign?: () => void
}

/** An entry of the new chain, and what stands beside it. */
interface Kept {
  readonly draft: RebaseDraft
  readonly body: Uint8Array | null
}

/** Throws `EffigyError` 'not-sealable', which counts what `recastFeed` would have to leave out, and why. Reads all of the feed. */
export function assertSealable(
  deps: Pick<RecastDeps, 'store' | 'identity'>,
  { seal }: Pick<Recast, 'seal'>,
): void {
  let [clearFiles, absent, tooLarge] = [0, 0, 0]
  for (const stored of deps.store.chain(deps.identity)) {
    if (isGone(deps, stored) || stored.signed.sealed !== undefined) continue
    const fit = sealable(carriedBy(stored), deps.store.block)
    if (fit.ok) tooLarge += isFitting(stored.signed.entry, fit.value, seal) ? 0 : 1
    else if (fit.error === 'absent') absent++
    else clearFiles++
  }
  if (clearFiles + absent + tooLarge === 0) return
  const message = `Some of what you published cannot stand in a private feed: ${clearFiles} with files that are not encrypted, ${tooLarge} too long, ${absent} whose text is not here. Remove them first, or let them be left out.`
  throw new EffigyError('not-sealable', message)
}

/**
 * The feed is whole here and not disputed; `epoch` is its own of now. Durable when it resolves. Throws `EffigyError`
 * 'not-sealable', 'head-stale'.
 */
export async function recastFeed(deps: RecastDeps, epoch: number, recast: Recast): Promise<HeadRecord> {
  const { store, crypto, signer, identity } = deps
  const known = store.feed(identity)?.record?.head.head
  const kept = keptOf(deps, recast)
  const own: OwnEntry[] = []
  let point: ChainPoint | null = null
  let bytes = 0
  const drafts = kept.map(({ draft }) => draft)
  for await (const entry of signRebase(
    { base: null, drafts },
    signer,
    identity,
    crypto.sha256,
    recast.seal,
  )) {
    deps.assertMaySign?.()
    own.push({ entry, body: kept[own.length]?.body ?? null })
    bytes += entry.bytes.length
    point = chainPoint(entry)
  }
  if (point === null) throw new Error('a feed that is written anew has an entry')
  const { cid, length, comparable } = point
  deps.assertMaySign?.()
  const record = await signHead({ identity, epoch: epoch + 1, length, comparable, bytes, head: cid }, signer)
  if (store.feed(identity)?.record?.head.head !== known) {
    throw new EffigyError('head-stale', 'A newer state of this feed has come. Do it again over that one.')
  }
  store.replaceOwn(0, own, record)
  noteOwnRebase(store, null, record)
  return record
}

function keptOf(deps: RecastDeps, recast: Recast): readonly Kept[] {
  const { store, identity } = deps
  const kept: Kept[] = []
  let comparable = 1
  for (const stored of store.chain(identity)) {
    const { entry } = stored.signed
    comparable = Math.max(comparable, entry.comparable)
    const carried = isGone(deps, stored) ? null : carriedOver(deps, stored, recast)
    if (carried === null) continue
    const { payload, links, body } = carried
    kept.push({
      draft: { comparable: entry.comparable, synod: entry.synod, links, payload, oldLength: null },
      body,
    })
  }
  if (kept.length > 0) return kept
  const empty = { comparable, synod: null, links: [], payload: deps.voidPayload(), oldLength: null }
  return [{ draft: empty, body: null }]
}

/** Null: it is left out. */
function carriedOver(deps: RecastDeps, stored: StoredEntry, recast: Recast): Carried | null {
  const carried = carriedBy(stored)
  if (recast.seal === null) {
    return recast.keep === 'all' && isForEverybody(carried) ? carried : null
  }
  // What stood under a seal fits under another.
  if (stored.signed.sealed !== undefined) return carried
  const fit = sealable(carried, deps.store.block)
  if (fit.ok && isFitting(stored.signed.entry, fit.value, recast.seal)) return fit.value
  if (recast.leaveOut) return null
  throw fit.ok ? tooLarge() : notSealable(fit.error)
}

/** Inside the seal it was encrypted; outside it would be there for all to read. */
function isForEverybody({ payload }: Carried): boolean {
  if (!payload.startsWith('{')) return true
  const read = readPayload(payload, { sealed: true })
  return read.ok && !mustEncrypt(read.value.type)
}

function isFitting(entry: Entry, { payload, links }: Carried, seal: SealOwn | null): boolean {
  return entrySize({ ...entry, payload, links }) + spareBytes <= roomFor(seal)
}

/** Its new place may take more digits, and a parent where there was none. */
const spareBytes = 96

const carriedBy = ({ signed: { entry }, body }: StoredEntry): Carried => ({
  payload: entry.payload,
  links: entry.links,
  body,
})

/** What was erased does not come again. */
const isGone = ({ store }: Pick<RecastDeps, 'store'>, { signed }: StoredEntry): boolean =>
  store.item(signed.cid)?.state.type === 'erased'

function tooLarge(): EffigyError {
  const message =
    'A text is too long for a private feed, which takes some 10 KB an entry. Shorten or remove it first, or leave it out.'
  return new EffigyError('not-sealable', message)
}
