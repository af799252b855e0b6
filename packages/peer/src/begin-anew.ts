/**
 * The next epoch over what is held of one's own feed, where something of it is with nobody (spec F14).
 *
 *     chain up to its first gap ─ stays ─┐
 *     what is held above the gap ────────┼─ by (comparable, content), as F12 ─▶ one chain; the rest is given up
 *     pieces of a dispute ───────────────┘
 *
 * @module
 */
import {
  type ChainPoint,
  chainPoint,
  EffigyError,
  type HeadRecord,
  type Identity,
  planHealing,
  type RawCid,
  type Signer,
  signEntry,
  signHead,
  signRebase,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { OwnEntry, Store, StoredEntry } from '@effigy/store'
import type { Clock, FormerWant } from '@effigy/sync'
import { givenUp, givingUpKey, lackedHead } from './given-up.ts'
import { noteOwnHealing } from './private-feed/healed.ts'
import { sealAbove } from './private-feed/sealing.ts'
import { noteOwnRebase } from './rescue.ts'
import { saveGivenUp } from './write-anew.ts'

export interface BeginDeps {
  readonly store: Pick<
    Store,
    'feed' | 'entry' | 'chain' | 'need' | 'replaceOwn' | 'setting' | 'saveSetting' | 'feedKeys'
  >
  readonly crypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'sealX'>
  readonly signer: Signer
  readonly identity: Identity
  readonly clock: Pick<Clock, 'now'>
  readonly voidPayload: () => string
}

/** Where the newest head was given up; else nothing. Durable when it resolves. */
export async function beginAnew(deps: BeginDeps): Promise<void> {
  const { store, identity } = deps
  const lost = lackedHead(store, identity)
  const known = store.feed(identity)?.record ?? null
  // It came in the meantime, or another one did.
  if (lost === null || known === null || store.setting(givingUpKey) !== lost) {
    store.saveSetting(givingUpKey, null)
    return
  }
  // Of another epoch nothing that is held is known to be a part.
  const isSameChain = store.need(identity)?.rewinds !== true
  await beginOver(deps, { known, lost: [known], isSameChain, beside: [] })
}

export interface Over {
  /** The highest head that is known. */
  readonly known: HeadRecord
  /** Heads of which something is with nobody. */
  readonly lost: readonly HeadRecord[]
  /** What is held below them lies on the chain. */
  readonly isSameChain: boolean
  /** Entries that are here and not on the chain, verified. */
  readonly beside: readonly (readonly StoredEntry[])[]
}

/** Durable when it resolves. Null, and nothing is changed: another head came meanwhile. */
export async function beginOver(deps: BeginDeps, over: Over): Promise<HeadRecord | null> {
  const { store, crypto, signer, identity, clock } = deps
  const { known, lost, isSameChain } = over
  // What is held may be from before the feed was private: nothing goes on in the open by itself.
  const closed = store.feedKeys?.closed(identity) ?? null
  if (closed !== null && closed.epoch === known.head.epoch)
    throw new EffigyError(
      'feed-key-absent',
      'This feed is private, and its key is not on this device any more. Connect to another device of yours that has it.',
    )
  const { base, held, loose, contents, bytes: heldBytes } = chainOf(deps)
  const beside = over.beside.map((entries) => entries.filter(({ content }) => !contents.has(content)))
  const all = [loose, ...beside]
  const bodies = new Map(all.flat().map(({ content, body }) => [content, body]))
  const plan = planHealing(base, all)
  const lowest = base ?? lowestOf(all)
  const seal = sealAbove(deps, lowest)
  const own: OwnEntry[] = []
  if (plan !== null) {
    for await (const entry of signRebase(plan, signer, identity, crypto.sha256, seal)) {
      const content = plan.sources[own.length]?.content
      own.push({ entry, body: content === undefined ? null : (bodies.get(content) ?? null) })
    }
  } else if (base === null) {
    const entry = { identity, parent: null, length: 1, comparable: clock.now(), synod: null, links: [] }
    const bare = await signEntry({ ...entry, payload: deps.voidPayload() }, signer, crypto.sha256)
    own.push({ entry: seal?.(bare) ?? bare, body: null })
  }
  const newest = own.at(-1)?.entry
  const top = newest === undefined ? base : chainPoint(newest)
  if (top === null) return null
  const bytes = own.reduce((sum, { entry }) => sum + entry.bytes.length, heldBytes)
  const { cid, length, comparable } = top
  const epoch = known.head.epoch + 1
  const record = await signHead({ identity, epoch, length, comparable, bytes, head: cid }, signer)
  const under = isSameChain && base !== null ? { length: base.length, cid: base.cid } : null
  // First: what is asked for and held is no harm, what is lost and not asked for is.
  giveUp(
    store,
    lost.map(({ head }) => ({ epoch: head.epoch, length: head.length, head: head.head, base: under })),
  )
  if (store.feed(identity)?.record?.head.head !== known.head.head) return null
  store.replaceOwn(held, own, record, known.head.head)
  noteOwnRebase(store, base, record)
  noteOwnHealing(store, identity, [known.head.epoch, epoch], keyIdsOf(base, all))
  store.saveSetting(givingUpKey, null)
  return record
}

interface HeldChain {
  /** Entries from the first one up to the first gap. */
  readonly held: number
  readonly base: ChainPoint | null
  readonly bytes: number
  readonly contents: ReadonlySet<RawCid>
  /** Above the gap, verified. */
  readonly loose: readonly StoredEntry[]
}

function chainOf({ store, identity }: BeginDeps): HeldChain {
  const [first] = store.feed(identity)?.runs ?? []
  const held = first?.first === 1 ? first.last : 0
  const loose: StoredEntry[] = []
  const contents = new Set<RawCid>()
  let bytes = 0
  let base: ChainPoint | null = null
  for (const stored of store.chain(identity)) {
    if (stored.signed.entry.length > held) {
      if (stored.verified) loose.push(stored)
      continue
    }
    base = chainPoint(stored.signed)
    bytes += stored.signed.bytes.length
    contents.add(stored.content)
  }
  return { held, base, bytes, contents, loose }
}

/** Under which key each of them is sealed; null: under none. */
export function keyIdsOf(
  base: ChainPoint | null,
  branches: readonly (readonly StoredEntry[])[],
): readonly (string | null)[] {
  const above = branches.flat().map(({ signed }) => signed.sealed?.keyId ?? null)
  return base === null ? above : [base.keyId ?? null, ...above]
}

/** Where nothing stays: one that is sealed stays so, and the others go under its seal. */
export function lowestOf(branches: readonly (readonly StoredEntry[])[]): ChainPoint | null {
  const points = branches.flatMap(([lowest]) => (lowest === undefined ? [] : [chainPoint(lowest.signed)]))
  return points.find(({ keyId }) => keyId !== undefined) ?? points[0] ?? null
}

/** From now on these are asked for. */
function giveUp(store: Pick<Store, 'setting' | 'saveSetting'>, wants: readonly FormerWant[]): void {
  const isNew = ({ head }: FormerWant): boolean => wants.every((want) => want.head !== head)
  saveGivenUp(store, [...givenUp(store).filter(isNew), ...wants])
}
