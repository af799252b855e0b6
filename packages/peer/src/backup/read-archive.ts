/**
 * The feeds of a CAR archive as it tells them: records, and entries tied together by their names alone (spec B12, Z11).
 *
 *     FILE ─▶ records, entries ─parents▶ chains under a record, then runs that no record of the file is over
 *
 * @module
 */
import {
  type Cid,
  compareHeads,
  decodeEntry,
  decodeHeadRecord,
  err,
  type HeadRecord,
  headCheck,
  type Identity,
  isRawCid,
  ok,
  type RawCid,
  type Result,
  type SignedEntry,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { type CarItem, createUnseal, readCar, type Store, type Unseal } from '@effigy/store'

export interface ReadArchiveDeps {
  readonly store: Pick<Store, 'feedKeys'>
  readonly crypto: Pick<Crypto, 'sha256' | 'verify' | 'hmacSha256' | 'openX'>
  /** Opens the archive anew: it is read twice. */
  readonly open: () => AsyncIterable<Uint8Array>
  readonly signal: AbortSignal
}

/** `detail` goes on after "… cannot be taken:". */
export interface ImportFault {
  readonly code: string
  readonly detail: string
}

/** Its records are verified, its entries are not. */
export interface FeedInFile {
  readonly identity: Identity
  /** What hangs from a root first, lowest first; then the rest, highest first. */
  readonly chains: readonly Chain[]
  /** Records that nothing in the file hangs from, lowest first. */
  readonly beside: readonly HeadRecord[]
}

export interface Chain {
  /** Null: no root is over it. */
  readonly record: HeadRecord | null
  /** Oldest first; from the beginning of the feed, or from where the archive or another chain of it ends. */
  readonly entries: readonly Light[]
  /** The entry of another chain that it goes on from. */
  readonly below: Light | null
}

/** An entry without its parsed form: a hundred thousand of them wait here. */
export interface Light {
  readonly identity: Identity
  readonly cid: RawCid
  readonly parent: RawCid | null
  readonly length: number
  readonly bytes: Uint8Array
}

/** Bytes of entries that are held in memory: the largest feed that is fetched (F11). */
const maxEntryBytesHeld: number = 256 * 1024 * 1024

/** Of a record (H1). */
const maxRecordBytes = 512

/** Records that are no roots: more than a store remembers of one feed. */
const maxBeside = 64

/** Stretches that no root is over: more than any store holds. Others are left alone. */
const maxUntied = 1_024

/** Records, roots and blocks may be of anybody: feeds are those that a root names. */
export async function readArchive(
  deps: ReadArchiveDeps,
): Promise<Result<readonly FeedInFile[], ImportFault>> {
  const named: HeadRecord[] = []
  const beside: HeadRecord[] = []
  const entries = new Map<RawCid, Light>()
  const sealed = new Map<RawCid, Uint8Array>()
  let roots: ReadonlySet<Cid> = new Set()
  let held = 0
  for await (const item of archiveItems(deps)) {
    if (!item.ok) return item
    if (item.value.type === 'roots') {
      roots = new Set(item.value.roots)
      continue
    }
    const { cid, bytes } = item.value
    if (!isRawCid(cid)) continue
    const record = bytes.length <= maxRecordBytes ? decodeHeadRecord(bytes) : null
    if (record?.ok === true) {
      if (roots.has(cid)) named.push(record.value)
      else if (beside.length < maxBeside) beside.push(record.value)
      continue
    }
    const entry = decodeEntry(bytes, deps.crypto.sha256)
    const isSealed = !entry.ok && entry.error.code === 'sealed'
    if (!(entry.ok || isSealed) || entries.has(cid) || sealed.has(cid)) continue
    held += bytes.length
    if (held > maxEntryBytesHeld) return fault('too-large', 'it holds more than 256 MiB of entries')
    if (entry.ok) entries.set(cid, lightOf(entry.value))
    else sealed.set(cid, bytes.slice())
  }
  const verdicts = await deps.crypto.verify([...named, ...beside].map(headCheck))
  if (verdicts.slice(0, named.length).includes(false))
    return fault('signature', 'the signature of its head record is wrong')
  // Any file of a feed may look like one.
  const genuine = beside.filter((_record, at) => verdicts[named.length + at] === true)
  const unseal = unsealing(deps)
  const identities = new Set([...named, ...genuine].map(({ head }) => head.identity))
  const shut = new Set<RawCid>()
  // Whose they are, only their keys show.
  for (const [cid, bytes] of sealed) {
    const opened = openFor(identities, bytes, unseal)
    if (opened === null) shut.add(cid)
    else entries.set(cid, lightOf(opened))
  }
  if ([...named.map(({ head }) => head.head), ...roots].some((cid) => shut.has(cid as RawCid)))
    return fault('sealed', 'it is a private feed, and its key is not here')
  const tops = [...roots].flatMap((cid) => entries.get(cid as RawCid) ?? [])
  const feeds = new Set([...named.map(({ head }) => head.identity), ...tops.map(({ identity }) => identity)])
  if (feeds.size === 0) return fault('no-head', 'it holds no head record of a feed')
  return ok(Array.from(feeds, (identity) => feedOf(identity, { named, genuine }, entries)))
}

export function fault(code: string, detail: string): Result<never, ImportFault> {
  return err({ code, detail })
}

export const unsealing = ({ store, crypto }: Pick<ReadArchiveDeps, 'store' | 'crypto'>): Unseal =>
  createUnseal(store.feedKeys ?? null, crypto)

export async function* archiveItems({
  open,
  crypto,
  signal,
}: ReadArchiveDeps): AsyncGenerator<Result<CarItem, ImportFault>> {
  for await (const item of readCar(open(), { sha256: crypto.sha256, signal })) {
    if (!item.ok) {
      yield fault(item.error.code, `it is damaged at byte ${item.error.offset} (${item.error.code})`)
      return
    }
    yield item as Result<CarItem, never>
  }
}

const lightOf = ({ cid, bytes, entry }: SignedEntry): Light => ({
  cid,
  identity: entry.identity,
  parent: entry.parent,
  length: entry.length,
  bytes: bytes.slice(),
})

function openFor(identities: ReadonlySet<Identity>, bytes: Uint8Array, unseal: Unseal): SignedEntry | null {
  for (const identity of identities) {
    const read = unseal(bytes, identity)
    if (read.ok) return read.value
  }
  return null
}

function feedOf(
  identity: Identity,
  { named, genuine }: Readonly<Record<'named' | 'genuine', readonly HeadRecord[]>>,
  all: ReadonlyMap<RawCid, Light>,
): FeedInFile {
  const isOwn = ({ head }: HeadRecord): boolean => head.identity === identity
  const ascending = (a: HeadRecord, b: HeadRecord): number => compareHeads(a.head, b.head)
  const taken = new Set<RawCid>()
  const chains: Chain[] = []
  const beside = genuine.filter(isOwn)
  for (const record of named.filter(isOwn).sort(ascending)) {
    const chain = chainBelow(record.head.head, all, taken)
    if (chain.entries.length > 0) chains.push({ record, ...chain })
    else beside.push(record)
  }
  const left = Array.from(all.values()).filter(
    (light) => light.identity === identity && !taken.has(light.cid),
  )
  const parents = new Set(left.map(({ parent }) => parent))
  const tops = left.filter(({ cid }) => !parents.has(cid)).sort((a, b) => b.length - a.length)
  for (const { cid } of tops.slice(0, maxUntied))
    chains.push({ record: null, ...chainBelow(cid, all, taken) })
  return { identity, chains, beside: beside.sort(ascending) }
}

/** Down as far as the archive goes, or to what is taken already. */
function chainBelow(top: RawCid, all: ReadonlyMap<RawCid, Light>, taken: Set<RawCid>): Omit<Chain, 'record'> {
  const entries: Light[] = []
  let next: RawCid | null = top
  while (next !== null && !taken.has(next)) {
    const light: Light | undefined = all.get(next)
    if (light === undefined) break
    entries.push(light)
    taken.add(next)
    next = light.parent
  }
  const below = next === null || !taken.has(next) ? null : (all.get(next) ?? null)
  return { entries: entries.reverse(), below }
}
