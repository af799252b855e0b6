/**
 * Feeds from a CAR archive: every hash, signature and link is checked before anything of a feed is stored.
 *
 *     FILE ─readArchive▶ chains ─verify─▶ texts, files ─▶ store, newest stretch first
 *
 * The archive may hold its blocks in any order, and blocks that belong to nothing: those are left alone.
 *
 * @module
 */
import {
  type Cid,
  chainPoint,
  entryCheck,
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
import { decodeNode, type Store } from '@effigy/store'
import {
  archiveItems,
  type Chain,
  type FeedInFile,
  fault,
  type ImportFault,
  type Light,
  type ReadArchiveDeps,
  readArchive,
  unsealing,
} from './read-archive.ts'

export interface ImportDeps extends ReadArchiveDeps {
  readonly store: Store
  /** Whose device this is: nothing of its own feed is kept that its heads do not lead to. */
  readonly self: Identity
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

export interface ImportedFeed {
  readonly identity: Identity
  /** Of its highest head in the archive; 0 where it has none. */
  readonly epoch: number
  readonly length: number
  /** Entries that were not here before, and are shown now. */
  readonly added: number
  /** Entries that are kept, and shown once others that are not here tie them to the feed. */
  readonly waiting: number
  /** `waiting`: of it nothing else is new. */
  readonly outcome: 'imported' | 'waiting' | 'known' | 'stale' | 'forked' | 'refused'
}

/** Entries judged, verified and stored at a time. */
const stretch = 1_024

/** Payload texts up to this live beside their entry; bytes. */
const maxSmallBody: number = 16 * 1024

/** Blocks of files put in one transaction. */
const blocksPerPut = 16

/**
 * Reads the archive twice and stores every feed in it, or none: a fault of one is the fault of all. Rejects with what
 * the source and the store throw, and the signal's reason.
 */
export async function importFeeds(deps: ImportDeps): Promise<Result<readonly ImportedFeed[], ImportFault>> {
  const read = await readArchive(deps)
  if (!read.ok) return read
  const feeds = read.value
  for (const feed of feeds) {
    const checked = await verifyFeed(feed, deps)
    if (!checked.ok) return checked
  }
  using _protection = deps.store.protectNewBlocks()
  const bodies = await readBlocks(
    feeds.flatMap(({ chains }) => chains),
    deps,
  )
  if (!bodies.ok) return bodies
  const imported: ImportedFeed[] = []
  for (const feed of feeds) imported.push(await storeFeed(feed, bodies.value, deps))
  return ok(imported)
}

/** Nothing is stored of a feed with one false byte. */
async function verifyFeed(
  { identity, chains }: FeedInFile,
  deps: ImportDeps,
): Promise<Result<null, ImportFault>> {
  if (chains.length === 0) return fault('head-missing', 'the entry that its head record names is not in it')
  const total = chains.reduce((sum, { entries }) => sum + entries.length, 0)
  let done = 0
  for (const chain of chains) {
    const checked = await verifyChain(identity, chain, deps, (entries) => {
      done += entries
      deps.onProgress({ done, total })
    })
    if (!checked.ok) return checked
  }
  return ok(null)
}

async function verifyChain(
  identity: Identity,
  { record, entries, below: base }: Chain,
  deps: ImportDeps,
  onEntries: (entries: number) => void,
): Promise<Result<null, ImportFault>> {
  const { crypto, signal } = deps
  let below = base === null ? null : (decoded([base], identity, deps)[0] ?? null)
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
    onEntries(part.length)
  }
  const broken = below === null || record === null ? null : judgeHead(record.head, below)
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
  for (const { entries } of chains) {
    const [first] = entries
    if (first === undefined) continue
    for (const { entry } of decoded(entries, first.identity, deps)) {
      const content = parseRawCid(entry.payload)
      if (content !== null) texts.add(content)
      for (const [cid] of entry.links) if (cid !== (content as Cid | null)) wanted.add(cid)
    }
  }
  const roots = [...wanted]
  const bodies = new Map<RawCid, Uint8Array>()
  const waiting = new Map<Cid, Uint8Array>()
  for await (const item of archiveItems(deps)) {
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

type Stored = 'appended' | 'stale' | 'refused' | 'forked'

async function storeFeed(
  { identity, chains, beside }: FeedInFile,
  bodies: ReadonlyMap<RawCid, Uint8Array>,
  deps: ImportDeps,
): Promise<ImportedFeed> {
  const { store } = deps
  const before = store.feed(identity)?.heldCount ?? 0
  const came = new Set<Stored>()
  const untied: (readonly Light[])[] = []
  const total = chains.reduce((sum, { entries }) => sum + entries.length, 0)
  const highest = (highestOf(chains) ?? beside.at(-1))?.head
  let done = 0
  let fresh = 0
  for (const chain of chains) {
    const stored = await storeChain(identity, chain, bodies, deps, (entries) => {
      done += entries
      deps.onProgress({ done, total })
    })
    came.add(stored.type)
    fresh += stored.added
    // What a later epoch left out stays out.
    const isOver = (highest?.epoch ?? 0) < (store.feed(identity)?.record?.head.epoch ?? 0)
    if (!isOver && stored.untied.length > 0) untied.push(stored.untied)
    settleVerified(store, chain.entries)
  }
  // Only now, when what they are beside has its place: they say what is missing.
  for (const record of beside) if (store.acceptHead(record, { force: true }) === 'forked') came.add('forked')
  const kept = identity === deps.self ? [] : keepUntied(untied.flat(), bodies, deps)
  // Once something of it is here, it is known where its account ends it (S33), and then what was kept is its.
  if (kept.length > 0 && store.feed(identity)?.limit?.type === 'ends')
    for (const entries of untied) await storeChain(identity, { record: null, entries }, bodies, deps)
  const waiting = kept.filter((light) => !isShown(store, light)).length
  // What was hidden and came back is new, too, and what took another's place.
  const added = Math.max(fresh, (store.feed(identity)?.heldCount ?? 0) - before)
  const { epoch = 0, length = 0 } = highest ?? {}
  return { identity, epoch, length, added, waiting, outcome: outcomeOf(came, added, waiting) }
}

function outcomeOf(came: ReadonlySet<Stored>, added: number, waiting: number): ImportedFeed['outcome'] {
  if (came.has('forked')) return 'forked'
  if (added > 0) return 'imported'
  if (waiting > 0) return 'waiting'
  // Refused: its account lets that feed say no such thing (S33).
  if (came.has('refused')) return 'refused'
  return came.has('stale') ? 'stale' : 'known'
}

const highestOf = (chains: readonly Chain[]): Chain['record'] =>
  chains.findLast(({ record }) => record !== null)?.record ?? null

/** What hangs from its record, or from what is here, is put in its place; the rest is untied. */
async function storeChain(
  identity: Identity,
  { record, entries: all }: Omit<Chain, 'below'>,
  bodies: ReadonlyMap<RawCid, Uint8Array>,
  deps: ImportDeps,
  onEntries: (entries: number) => void = () => {},
): Promise<{ readonly type: Stored; readonly added: number; readonly untied: readonly Light[] }> {
  const { store, self, signal } = deps
  const accepted = record === null ? null : store.acceptHead(record, { force: true })
  const entries = upToEnd(store, identity, all)
  const isTaken = record !== null && accepted !== 'stale' && accepted !== 'refused'
  const common = commonLength(store, entries)
  // What an epoch hides comes back by what is in the file, or is asked for.
  const isJoined = identity !== self && (common > 0 || entries[0]?.length === 1)
  if (isTaken && (isJoined || store.need(identity)?.rewinds === true))
    store.rewind(identity, record.head.epoch, common)
  let type: Stored = accepted === 'forked' ? 'forked' : 'appended'
  const untied: Light[] = []
  let added = 0
  for (let end = entries.length; end > 0; end -= stretch) {
    signal.throwIfAborted()
    const part = entries.slice(Math.max(end - stretch, 0), end)
    onEntries(part.length)
    if (part.every((light) => isShown(store, light))) continue
    const appended = store.appendRun({ identity, entries: decoded(part, identity, deps), bodies })
    if (appended.type === 'unattached' || appended.type === 'refused') untied.push(...part)
    else if (appended.type === 'appended') added += appended.added
    else type = 'forked'
  }
  if (untied.length > 0) type = accepted === 'refused' ? 'refused' : 'stale'
  return { type, added, untied }
}

/** Where an account says that the feed ends, nothing above that is its (S33). */
function upToEnd(store: Store, identity: Identity, entries: readonly Light[]): readonly Light[] {
  const limit = store.feed(identity)?.limit
  const end = limit?.type === 'ends' ? (limit.final?.[2] ?? null) : null
  const at = end === null ? -1 : entries.findIndex(({ cid }) => cid === end)
  return at < 0 ? entries : entries.slice(0, at + 1)
}

/** Shown once the entries between are here, or an account says that the feed ends there (S33). Gives those that were new. */
function keepUntied(
  untied: readonly Light[],
  bodies: ReadonlyMap<RawCid, Uint8Array>,
  { store, ...deps }: ImportDeps,
): readonly Light[] {
  const kept: Light[] = []
  for (const light of untied) {
    if (store.entry(light.cid) !== null) continue
    const [entry] = decoded([light], light.identity, { store, ...deps })
    const content = entry === undefined ? null : parseRawCid(entry.entry.payload)
    if (entry === undefined) continue
    store.keepLoose({ entry, body: content === null ? null : (bodies.get(content) ?? null) })
    if (store.entry(light.cid) !== null) kept.push(light)
  }
  return kept
}

const isShown = (store: Store, { identity, length, cid }: Light): boolean =>
  store.entryAt(identity, length)?.signed.cid === cid

/** Where the chain that is held and the new one part. */
function commonLength(store: Store, entries: readonly Light[]): number {
  const common = entries.findLast((light) => isShown(store, light))
  return common?.length ?? 0
}

/** The signatures have been checked above; the store need not have it done again. */
function settleVerified(store: Store, entries: readonly Light[]): void {
  for (let at = 0; at < entries.length; at += stretch) {
    store.settleEntries(entries.slice(at, at + stretch).map(({ cid }) => ({ cid, valid: true })))
  }
}

function decoded(
  entries: readonly Light[],
  identity: Identity,
  deps: ReadArchiveDeps,
): readonly SignedEntry[] {
  const unseal = unsealing(deps)
  return entries.flatMap(({ bytes }) => {
    const entry = unseal(bytes, identity)
    return entry.ok ? [entry.value] : []
  })
}
