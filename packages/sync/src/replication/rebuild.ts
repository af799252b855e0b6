/**
 * Batches, the receiving half (spec R4-R6): the exact bytes of every entry, and the proof
 * that they are those under the head that was asked for.
 *
 *     batch ─derive▶ JSON ⏎ signature ─SHA-256▶ CID ─parent of the next▶ … ─▶ the CID asked for
 *
 * Every byte of every entry goes into the hash chain, so a batch that rebuilds is the
 * batch that was meant, whatever the sender did. Hot path: 5 to 10 µs an entry.
 *
 * @module
 */
import {
  type ByteReader,
  type ChainPoint,
  type Cid,
  cidOfBytes,
  createByteReader,
  decodeEntry,
  type Entry,
  type EntryFault,
  err,
  type Identity,
  identityOfKey,
  isRawCid,
  type Link,
  maxEntryBytes,
  ok,
  parseUtf8,
  type RawCid,
  type Result,
  rawCid,
  rawCidOfDigest,
  type Sha256,
  type SignedEntry,
  type SynodRef,
  sealedKeyId,
  signatureTextLength,
  writeBase64url,
  writeEntryJson,
} from '@effigy/core'
import type { Unseal, UnsealFault } from '@effigy/store'
import { flag, maxBatchBytes, maxBatchEntries, maxBodyBytes, sealedComparable } from './batch.ts'

/** What the receiver asked for, and what the header says. */
export interface ExpectedBatch {
  readonly identity: Identity
  /** Length of the oldest entry (header). */
  readonly first: number
  /** Entries (header). */
  readonly count: number
  /** The CID of the newest entry: the one asked for, or the parent of the batch before. */
  readonly top: RawCid
  readonly sha256: Sha256
  /** Reads what came whole, with the keys that are here; what is sealed stays shut when omitted. */
  readonly unseal?: Unseal
  /** Our old chain by position, for entries that only moved (bit 6); null where we do not hold it. */
  readonly oldEntry?: (length: number) => Entry | null
  readonly limits?: BatchLimits
  /** Where the entries are written; fresh memory when omitted. */
  readonly chunks?: Chunks
}

/** Memory that is written over once what stood in it is stored: a first sync needs no more than one batch of it. */
export interface Chunks {
  next(bytes: number): Uint8Array
}

export interface BatchLimits {
  readonly maxEntries: number
  /** Bytes of entries and bodies after rebuilding. */
  readonly maxBytes: number
}

export const batchLimits: BatchLimits = { maxEntries: maxBatchEntries, maxBytes: maxBatchBytes }

export interface RebuiltBatch {
  /**
   * Oldest first, each the parent of the next, the last one is `top`. What came verbatim may still break F2-F4.
   * Signatures are views of the batch.
   */
  readonly entries: readonly SignedEntry[]
  /** Views of the batch. */
  readonly bodies: ReadonlyMap<RawCid, Uint8Array>
  readonly rebuiltBytes: number
  /** The entry below the oldest; null when that is the first of the feed. */
  readonly parent: RawCid | null
}

export type BatchFault =
  /** The bytes do not fit the encoding. */
  | { readonly code: 'batch-encoding' }
  /** Over `limits` (T29). */
  | { readonly code: 'batch-limit' }
  /** The chain does not end at `top`: other entries than asked for, or a derivation that went wrong. */
  | { readonly code: 'batch-hash' }
  /** An entry is given by its old position and is not held. */
  | { readonly code: 'batch-old' }
  /** An entry of a later protocol: reading stops, nobody is at fault (E3). */
  | { readonly code: 'version' }
  /** One that needs a key (E9): its id, where that key is not here; null where it does not open it. */
  | { readonly code: 'sealed'; readonly keyId: string | null }
  /** The sender is right and the feed is wrong: the owner's own entry, tied to the head, cannot be read (F7). */
  | {
      readonly code: 'feed'
      readonly rule: Exclude<EntryFault['code'], 'version' | 'sealed'>
      readonly cid: RawCid
      readonly length: number
    }

const badEncoding: BatchFault = { code: 'batch-encoding' }
const badHash: BatchFault = { code: 'batch-hash' }
const overLimit: BatchFault = { code: 'batch-limit' }

/**
 * The entries that `bytes` mean, or why they are none: a peer made them, so nothing is thrown. Signatures are not checked here. What it
 * gives holds views of `bytes`.
 */
export function rebuildBatch(bytes: Uint8Array, expected: ExpectedBatch): Result<RebuiltBatch, BatchFault> {
  const { first, count, limits = batchLimits } = expected
  if (!(first >= 1 && count >= 1) || !Number.isSafeInteger(first + count)) return err(badEncoding)
  if (count > limits.maxEntries) return err(overLimit)
  const reader = createByteReader(bytes)
  const parent = first === 1 ? null : readParent(reader)
  const comparable = reader.varint()
  if (parent === undefined || comparable === null || comparable === 0) return err(badEncoding)
  return rebuildEntries(reader, expected, limits.maxBytes, parent, comparable)
}

/** The loop over the entries; `comparable` is the oldest's. */
function rebuildEntries(
  reader: ByteReader,
  expected: ExpectedBatch,
  maxBytes: number,
  parent: RawCid | null,
  comparable: number,
): Result<RebuiltBatch, BatchFault> {
  const { identity, first, count, sha256 } = expected
  const assemble = createAssembler(count, sha256, expected.chunks)
  const entries: SignedEntry[] = []
  const bodies = new Map<RawCid, Uint8Array>()
  let broken: BatchFault | null = null
  let rebuiltBytes = 0
  // The entry below the oldest is not here: its comparable is judged where the run is appended.
  let below: ChainPoint | null = parent === null ? null : { cid: parent, length: first - 1, comparable: 0 }
  let synod: SynodRef | null = null

  for (let length = first; length < first + count; length++) {
    const flags = reader.byte()
    if (flags === flag.verbatim) {
      const bytes = readSized(reader)
      if (bytes === null) return err(badEncoding)
      rebuiltBytes += bytes.length
      if (rebuiltBytes > maxBytes) return err(overLimit)
      const taken = judgeVerbatim(bytes, below, length, expected)
      if (taken === null) return err(badHash)
      // What lies below an entry that nobody here can read is tied to nothing: the highest such one counts.
      broken = taken.fault ?? broken
      below = taken.point
      if (taken.signed === null) continue
      if (length === first && frontOf(taken.signed) !== comparable) return err(badEncoding)
      synod = taken.signed.entry.synod
      entries.push(taken.signed)
      continue
    }
    const draft: Draft | BatchFault =
      flags === null || flags > 0x7f || (flags & flag.verbatim) !== 0
        ? badEncoding
        : readDraft(reader, flags, synod, length === first ? comparable : null, below, expected)
    if ('code' in draft) return err(draft)
    synod = draft.synod
    const parentCid: RawCid | null = below === null ? null : below.cid
    const { links, payload } = draft
    const entry = { identity, parent: parentCid, length, comparable: draft.comparable, synod, links, payload }
    const signed = assemble(entry, draft.signature)
    if (signed === null) return err(badEncoding)
    rebuiltBytes += signed.bytes.length + (draft.body?.length ?? 0)
    if (rebuiltBytes > maxBytes) return err(overLimit)
    if (draft.body !== null) bodies.set(payload as RawCid, draft.body)
    below = { cid: signed.cid, length, comparable: draft.comparable }
    entries.push(signed)
  }
  if (reader.left > 0) return err(badEncoding)
  if (below?.cid !== expected.top) return err(badHash)
  return broken === null ? ok({ entries, bodies, rebuiltBytes, parent }) : err(broken)
}

/** What an entry says for itself; the rest follows from its place. */
interface Draft {
  readonly comparable: number
  readonly synod: SynodRef | null
  readonly links: readonly Link[]
  readonly payload: string
  readonly signature: Uint8Array
  readonly body: Uint8Array | null
}

const noLinks: readonly Link[] = []

/** `oldest`: the comparable when this is the oldest of the batch, else null. */
function readDraft(
  reader: ByteReader,
  flags: number,
  synodBelow: SynodRef | null,
  oldest: number | null,
  below: ChainPoint | null,
  { sha256, oldEntry }: ExpectedBatch,
): Draft | BatchFault {
  if ((flags & flag.old) !== 0) return readOld(reader, flags, oldest, below, oldEntry)
  const synod = (flags & flag.synod) === 0 ? synodBelow : readSynod(reader)
  if (synod === undefined) return badEncoding
  const listed = (flags & flag.links) === 0 ? noLinks : readLinks(reader)
  if (listed === null) return badEncoding
  const isDetached = (flags & flag.detached) !== 0
  let links = listed
  let body: Uint8Array | null = null
  if ((flags & flag.body) !== 0) {
    body = readSized(reader)
    if (!isDetached || body === null || body.length > maxBodyBytes) return badEncoding
    links = [[rawCid(body, sha256), body.length], ...listed]
  } else if (isDetached) {
    const digest = reader.bytes(32)
    const size = reader.varint()
    if (digest === null || size === null) return badEncoding
    links = [[rawCidOfDigest(digest), size], ...listed]
  }
  const comparable = readComparable(reader, flags, oldest, below)
  const signature = reader.bytes(64)
  if (comparable === null || signature === null) return badEncoding
  const payload = isDetached ? (links[0] as Link)[0] : readPayload(reader)
  if (payload === null) return badEncoding
  return { comparable, synod, links, payload, signature, body }
}

function readOld(
  reader: ByteReader,
  flags: number,
  oldest: number | null,
  below: ChainPoint | null,
  oldEntry: ExpectedBatch['oldEntry'],
): Draft | BatchFault {
  if ((flags & ~(flag.old | flag.comparable)) !== 0) return badEncoding
  const written = readComparable(reader, flags, oldest, below)
  const position = reader.varint()
  const signature = reader.bytes(64)
  if (written === null || position === null || signature === null) return badEncoding
  const old = oldEntry?.(position) ?? null
  if (old === null) return { code: 'batch-old' }
  // As a rebase makes it (F10), where nothing else is written.
  const isWritten = oldest !== null || (flags & flag.comparable) !== 0
  const comparable = isWritten ? written : Math.max(written, old.comparable)
  return { comparable, synod: old.synod, links: old.links, payload: old.payload, signature, body: null }
}

/** That of the entry below + 1 unless the flags say otherwise; null where it is not safe or not encoded right. */
function readComparable(
  reader: ByteReader,
  flags: number,
  oldest: number | null,
  below: ChainPoint | null,
): number | null {
  const isWritten = (flags & flag.comparable) !== 0
  if (oldest !== null || below === null) return isWritten ? null : oldest
  const more = isWritten ? reader.varint() : -1
  if (more === null) return null
  const comparable = below.comparable + more + 2
  return Number.isSafeInteger(comparable) ? comparable : null
}

/** Null is the synod null; undefined is a fault. */
function readSynod(reader: ByteReader): SynodRef | null | undefined {
  const kind = reader.byte()
  if (kind === 0) return null
  if (kind !== 1) return undefined
  const key = reader.bytes(32)
  const digest = reader.bytes(32)
  if (key === null || digest === null) return undefined
  return [identityOfKey(key), rawCidOfDigest(digest)]
}

/** At least one: no flag would say the same as an empty list. */
function readLinks(reader: ByteReader): readonly Link[] | null {
  const count = reader.varint()
  if (count === null || count === 0 || count * 37 > reader.left) return null
  // More do not fit an entry, so reading them would be work for nothing.
  if (count * 37 > maxEntryBytes) return null
  const links: Link[] = []
  for (let index = 0; index < count; index++) {
    const cid = readCid(reader)
    const size = reader.varint()
    if (cid === null || size === null) return null
    links.push([cid, size])
  }
  return links
}

function readCid(reader: ByteReader): Cid | null {
  const bytes = reader.bytes(36)
  return bytes === null ? null : cidOfBytes(bytes)
}

/** The parent of the oldest entry; undefined where there is none. */
function readParent(reader: ByteReader): RawCid | undefined {
  const cid = readCid(reader)
  return cid !== null && isRawCid(cid) ? cid : undefined
}

function readSized(reader: ByteReader): Uint8Array | null {
  const size = reader.varint()
  return size === null ? null : reader.bytes(size)
}

function readPayload(reader: ByteReader): string | null {
  const bytes = readSized(reader)
  // As JSON text it only grows, so a longer one cannot fit an entry.
  return bytes === null || bytes.length > maxEntryBytes ? null : parseUtf8(bytes)
}

/** An entry that came whole. `signed` is null when it cannot be read; it may still be tied to the head. */
interface Verbatim {
  readonly signed: SignedEntry | null
  readonly point: ChainPoint
  readonly fault: BatchFault | null
}

/** Null when it is not what the entry below must be. */
function judgeVerbatim(
  bytes: Uint8Array,
  below: ChainPoint | null,
  length: number,
  { identity, sha256, unseal }: ExpectedBatch,
): Verbatim | null {
  const decoded = unseal?.(bytes, identity) ?? decodeShut(bytes, sha256)
  if (!decoded.ok) {
    const cid = rawCid(bytes, sha256)
    return { signed: null, point: { cid, length, comparable: 0 }, fault: faultOf(decoded.error, cid, length) }
  }
  const signed = decoded.value
  // Another entry than the one above names is the sender's doing, whatever else is wrong with it.
  if (signed.entry.parent !== (below?.cid ?? null)) return null
  // Where it breaks a rule of feeds, the head commits to that too: the store judges it and remembers.
  return { signed, point: { cid: signed.cid, length, comparable: signed.entry.comparable }, fault: null }
}

function faultOf(fault: UnsealFault, cid: RawCid, length: number): BatchFault {
  if (fault.code === 'sealed') return fault
  const { code } = fault
  return code === 'version' ? { code } : { code: 'feed', rule: code, cid, length }
}

const frontOf = ({ entry, sealed }: SignedEntry): number =>
  sealed === undefined ? entry.comparable : sealedComparable

function decodeShut(bytes: Uint8Array, sha256: Sha256): ReturnType<Unseal> {
  const decoded = decodeEntry(bytes, sha256)
  if (decoded.ok) return decoded
  const { code } = decoded.error
  return err(code === 'sealed' ? { code, keyId: sealedKeyId(bytes) } : { code })
}

const encoder = new TextEncoder()
const chunkBytes = 128 * 1024
/** The line that the signature stands behind. */
const maxJsonBytes: number = maxEntryBytes - signatureTextLength

const freshChunks: Chunks = { next: (bytes) => new Uint8Array(bytes) }

/** The same memory again and again, from the start after each `reuse`. */
export function createChunks(): Chunks & { reuse(): void } {
  const kept: Uint8Array[] = []
  let next = 0
  return {
    next(bytes) {
      const chunk = kept[next] ?? new Uint8Array(chunkBytes)
      if (chunk.length < bytes) return new Uint8Array(bytes)
      kept[next++] = chunk
      return chunk
    },
    reuse() {
      next = 0
    },
  }
}

/** Writes entries one after the other into a few large arrays: fewer allocations, no copy. */
function createAssembler(count: number, sha256: Sha256, chunks = freshChunks) {
  let chunk: Uint8Array = new Uint8Array(0)
  let at = 0
  let left = count
  /** Null when the entry is too large. */
  return (entry: Entry, signature: Uint8Array): SignedEntry | null => {
    const text = `${writeEntryJson(entry)}\n`
    if (chunk.length - at < maxEntryBytes) {
      chunk = chunks.next(Math.min(chunkBytes, left * maxEntryBytes))
      at = 0
    }
    left--
    const { read, written } = encoder.encodeInto(text, chunk.subarray(at, at + maxJsonBytes))
    if (read < text.length) return null
    const end = writeBase64url(signature, chunk, at + written)
    const bytes = chunk.subarray(at, end)
    at = end
    return { cid: rawCid(bytes, sha256), bytes, entry, signature }
  }
}
