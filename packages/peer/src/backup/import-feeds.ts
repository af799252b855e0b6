/**
 * Feeds from a CAR archive: every hash, signature and link is checked before anything of a feed is stored.
 *
 *     FILE ─pass 1▶ heads, entries ─verify▶ chains ─pass 2▶ texts, files ─▶ store, newest stretch first
 *
 * The archive may hold its blocks in any order, and blocks that belong to nothing: those are left alone.
 *
 * @module
 */
import {
  type Cid,
  chainPoint,
  decodeEntry,
  decodeHeadRecord,
  entryCheck,
  err,
  type HeadRecord,
  headCheck,
  type Identity,
  isRawCid,
  judgeHead,
  judgeLink,
  ok,
  parseRawCid,
  type RawCid,
  type Result,
  type SignedEntry,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { type CarItem, createUnseal, decodeNode, readCar, type Store, type Unseal } from '@effigy/store'

export interface ImportDeps {
  readonly store: Store
  readonly crypto: Pick<Crypto, 'sha256' | 'verify' | 'hmacSha256' | 'openX'>
  /** Opens the archive anew: it is read twice. */
  readonly open: () => AsyncIterable<Uint8Array>
  readonly signal: AbortSignal
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

export interface ImportedFeed {
  readonly identity: Identity
  readonly epoch: number
  readonly length: number
  /** Entries that were not here before. */
  readonly added: number
  readonly outcome: 'imported' | 'known' | 'stale' | 'forked' | 'refused'
}

/** `detail` goes on after "… cannot be taken:". */
export interface ImportFault {
  readonly code: string
  readonly detail: string
}

/** Bytes of entries that are held in memory: the largest feed that is fetched (F11). */
const maxEntryBytesHeld: number = 256 * 1024 * 1024

/** Entries judged, verified and stored at a time. */
const stretch = 1_024

/** Payload texts up to this live beside their entry; bytes. */
const maxSmallBody: number = 16 * 1024

/** Blocks of files put in one transaction. */
const blocksPerPut = 16

interface Chain {
  readonly record: HeadRecord
  /** Oldest first; from the beginning of the feed, or from where the archive begins. */
  readonly entries: readonly Light[]
}

/** An entry without its parsed form: a hundred thousand of them wait here. */
interface Light {
  readonly cid: RawCid
  readonly parent: RawCid | null
  readonly length: number
  readonly bytes: Uint8Array
}

/**
 * Reads the archive twice and stores every feed in it, or none: a fault of one is the fault of all. Rejects with what
 * the source and the store throw, and the signal's reason.
 */
export async function importFeeds(deps: ImportDeps): Promise<Result<readonly ImportedFeed[], ImportFault>> {
  const read = await readEntries(deps)
  if (!read.ok) return read
  const { records, entries, shut } = read.value
  if (records.length === 0) return fault('no-head', 'it holds no head record of a feed')
  const chains: Chain[] = []
  for (const record of records) {
    const chain = chainOf(record, entries)
    if (shut.has(record.head.head)) return fault('sealed', 'it is a private feed, and its key is not here')
    const checked = await verifyChain(chain, deps)
    if (!checked.ok) return checked
    chains.push(chain)
  }
  using _protection = deps.store.protectNewBlocks()
  const bodies = await readBlocks(chains, deps)
  if (!bodies.ok) return bodies
  const imported: ImportedFeed[] = []
  for (const chain of chains) imported.push(await storeChain(chain, bodies.value, deps))
  return ok(imported)
}

interface Read {
  readonly records: readonly HeadRecord[]
  readonly entries: ReadonlyMap<RawCid, Light>
  /** Sealed ones of feeds whose keys are not here. */
  readonly shut: ReadonlySet<RawCid>
}

async function readEntries(deps: ImportDeps): Promise<Result<Read, ImportFault>> {
  const records: HeadRecord[] = []
  const entries = new Map<RawCid, Light>()
  const sealed = new Map<RawCid, Uint8Array>()
  const shut = new Set<RawCid>()
  const unseal = unsealing(deps)
  let roots: ReadonlySet<Cid> = new Set()
  let held = 0
  for await (const item of items(deps)) {
    if (!item.ok) return item
    if (item.value.type === 'roots') {
      roots = new Set(item.value.roots)
      continue
    }
    const { cid, bytes } = item.value
    if (!isRawCid(cid)) continue
    if (roots.has(cid)) {
      const record = decodeHeadRecord(bytes)
      if (record.ok) records.push(record.value)
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
  // Whose they are, only their keys show.
  for (const [cid, bytes] of sealed) {
    const opened = openFor(records, bytes, unseal)
    if (opened === null) shut.add(cid)
    else entries.set(cid, lightOf(opened))
  }
  return ok({ records, entries, shut })
}

const lightOf = ({ cid, bytes, entry }: SignedEntry): Light => ({
  cid,
  parent: entry.parent,
  length: entry.length,
  bytes: bytes.slice(),
})

function openFor(records: readonly HeadRecord[], bytes: Uint8Array, unseal: Unseal): SignedEntry | null {
  for (const { head } of records) {
    const read = unseal(bytes, head.identity)
    if (read.ok) return read.value
  }
  return null
}

const unsealing = ({ store, crypto }: Pick<ImportDeps, 'store' | 'crypto'>): Unseal =>
  createUnseal(store.feedKeys ?? null, crypto)

/** From the head down as far as the archive goes. */
function chainOf(record: HeadRecord, entries: ReadonlyMap<RawCid, Light>): Chain {
  const chain: Light[] = []
  let next: RawCid | null = record.head.head
  while (next !== null) {
    const light: Light | undefined = entries.get(next)
    if (light === undefined) break
    chain.push(light)
    next = light.parent
  }
  return { record, entries: chain.reverse() }
}

/** Nothing is stored of a feed with one false byte. */
async function verifyChain({ record, entries }: Chain, deps: ImportDeps): Promise<Result<null, ImportFault>> {
  const { crypto, signal, onProgress } = deps
  const { identity } = record.head
  const [isGenuine] = await crypto.verify([headCheck(record)])
  if (isGenuine !== true) return fault('signature', 'the signature of its head record is wrong')
  if (entries.length === 0) return fault('head-missing', 'the entry that its head record names is not in it')
  let below: SignedEntry | null = null
  for (let at = 0; at < entries.length; at += stretch) {
    signal.throwIfAborted()
    const part = decoded(entries.slice(at, at + stretch), identity, deps)
    for (const signed of part) {
      // The oldest one's own parent may lie before the archive.
      const isOldest = below === null && signed.entry.length > 1
      const broken = isOldest ? null : judgeLink(identity, below === null ? null : chainPoint(below), signed)
      if (broken !== null)
        return fault(broken.code, `entry ${signed.cid} breaks the rules of its feed (${broken.code})`)
      if (signed.entry.identity !== identity)
        return fault('identity', `entry ${signed.cid} is somebody else's`)
      below = signed
    }
    const verdicts = await crypto.verify(part.map(entryCheck))
    const wrong = verdicts.indexOf(false)
    if (wrong >= 0) return fault('signature', `the signature of entry ${part[wrong]?.cid} is wrong`)
    onProgress({ done: Math.min(at + stretch, entries.length), total: entries.length })
  }
  const broken = below === null ? null : judgeHead(record.head, below)
  return broken === null
    ? ok(null)
    : fault(broken.code, `its head record does not fit its entries (${broken.code})`)
}

/** Texts stay in memory when they are small; everything else that entries show goes to the store. */
async function readBlocks(
  chains: readonly Chain[],
  deps: ImportDeps,
): Promise<Result<ReadonlyMap<RawCid, Uint8Array>, ImportFault>> {
  const { store } = deps
  const texts = new Set<Cid>()
  const wanted = new Set<Cid>()
  for (const { record, entries } of chains) {
    for (const { entry } of decoded(entries, record.head.identity, deps)) {
      const content = parseRawCid(entry.payload)
      if (content !== null) texts.add(content)
      for (const [cid] of entry.links) if (cid !== (content as Cid | null)) wanted.add(cid)
    }
  }
  const roots = [...wanted]
  const bodies = new Map<RawCid, Uint8Array>()
  const waiting = new Map<Cid, Uint8Array>()
  for await (const item of items(deps)) {
    if (!item.ok) return item
    if (item.value.type === 'roots') continue
    const { cid, bytes } = item.value
    if (texts.has(cid) && isRawCid(cid) && bytes.length <= maxSmallBody) bodies.set(cid, bytes.slice())
    else if (wanted.has(cid) || texts.has(cid)) {
      waiting.set(cid, bytes.slice())
      for (const child of childrenOf(cid, bytes)) wanted.add(child)
    }
    if (waiting.size >= blocksPerPut) {
      store.putBlocks(waiting)
      waiting.clear()
    }
  }
  store.putBlocks(waiting)
  store.syncBlocks()
  // A picture that tells more than it shows is refused here, as from any peer.
  for (const root of roots) if (store.hasBlock(root)) store.completeBlob(root)
  return ok(bodies)
}

function childrenOf(cid: Cid, bytes: Uint8Array): readonly Cid[] {
  const node = decodeNode(cid, bytes)
  if (!node.ok) return []
  switch (node.value.type) {
    case 'file':
      return node.value.parts.map((part) => part.cid)
    case 'directory':
      return node.value.links.map((link) => link.cid)
    case 'shard':
      return node.value.buckets.map((bucket) => bucket.cid)
    case 'symlink':
      return []
  }
}

async function storeChain(
  { record, entries }: Chain,
  bodies: ReadonlyMap<RawCid, Uint8Array>,
  deps: ImportDeps,
): Promise<ImportedFeed> {
  const { store, signal, onProgress } = deps
  const { identity, epoch, length } = record.head
  const before = store.feed(identity)?.heldCount ?? 0
  const accepted = store.acceptHead(record, { force: true })
  const report = (outcome: ImportedFeed['outcome'], added: number): ImportedFeed => ({
    identity,
    epoch,
    length,
    added,
    outcome,
  })
  // Refused: its account lets that feed say no such thing (S33).
  if (accepted === 'stale' || accepted === 'refused') return report(accepted, 0)
  let outcome: ImportedFeed['outcome'] = accepted === 'forked' ? 'forked' : 'imported'
  if (store.need(identity)?.rewinds === true)
    store.rewind(identity, epoch, commonLength(store, identity, entries))
  let added = 0
  for (let end = entries.length; end > 0; end -= stretch) {
    signal.throwIfAborted()
    const part = entries.slice(Math.max(end - stretch, 0), end)
    const last = part.at(-1)
    if (
      last !== undefined &&
      part.every(({ length: at, cid }) => store.entryAt(identity, at)?.signed.cid === cid)
    )
      continue
    const appended = store.appendRun({ identity, entries: decoded(part, identity, deps), bodies })
    if (appended.type === 'appended') added += appended.added
    else outcome = appended.type === 'refused' ? 'refused' : 'forked'
    onProgress({ done: entries.length - end + part.length, total: entries.length })
  }
  settleVerified(store, entries)
  added = Math.max(added, (store.feed(identity)?.heldCount ?? 0) - before)
  return report(outcome === 'imported' && added === 0 ? 'known' : outcome, added)
}

/** Where the chain that is held and the new one part. */
function commonLength(store: Store, identity: Identity, entries: readonly Light[]): number {
  const common = entries.findLast(({ length, cid }) => store.entryAt(identity, length)?.signed.cid === cid)
  return common?.length ?? 0
}

/** The signatures have been checked above; the store need not have it done again. */
function settleVerified(store: Store, entries: readonly Light[]): void {
  for (let at = 0; at < entries.length; at += stretch) {
    store.settleEntries(entries.slice(at, at + stretch).map(({ cid }) => ({ cid, valid: true })))
  }
}

function decoded(entries: readonly Light[], identity: Identity, deps: ImportDeps): readonly SignedEntry[] {
  const unseal = unsealing(deps)
  return entries.flatMap(({ bytes }) => {
    const entry = unseal(bytes, identity)
    return entry.ok ? [entry.value] : []
  })
}

async function* items({ open, crypto, signal }: ImportDeps): AsyncGenerator<Result<CarItem, ImportFault>> {
  for await (const item of readCar(open(), { sha256: crypto.sha256, signal })) {
    if (!item.ok) {
      yield fault(item.error.code, `it is damaged at byte ${item.error.offset} (${item.error.code})`)
      return
    }
    yield item as Result<CarItem, never>
  }
}

function fault(code: string, detail: string): Result<never, ImportFault> {
  return err({ code, detail })
}
