/**
 * Batches, the sending half (spec R4, R5): a run of entries without what the receiver can derive.
 *
 *     ServedEntry… ─encodeBatch▶ parent ‖ comparable ‖ (flags ‖ … ‖ signature ‖ payload)… ─rebuildBatch▶ SignedEntry…
 *
 * Identity, lengths, every parent but the oldest's, unchanged synods and the names of
 * bodies are left out: about 72 bytes an entry over its payload, instead of 400.
 *
 * @module
 */
import {
  type ByteWriter,
  cidBytes,
  cidDigest,
  createByteWriter,
  type Entry,
  identityKey,
  type Link,
  type SynodRef,
  utf8,
} from '@effigy/core'
import type { ServedEntry } from '@effigy/store'

/** R4. Longer runs are cut; the receiver's work and memory for one batch are bounded by it. */
export const maxBatchEntries = 2048

/** R4: entries and bodies after rebuilding, so that no shortcut of the encoding is a bomb (T29). */
export const maxBatchBytes: number = 896 * 1024

/** R5: larger detached payloads travel as blobs. */
export const maxBodyBytes: number = 16 * 1024

/** X23: in place of the comparable of a sealed entry. */
export const sealedComparable = 1

/** R5: what stands in the first byte of an entry. */
export const flag = {
  verbatim: 1,
  synod: 2,
  links: 4,
  detached: 8,
  body: 16,
  comparable: 32,
  old: 64,
} as const

export interface BatchOptions {
  /** Small detached payloads follow their entries. Default true. */
  readonly bodies?: boolean
  /** Whole entries and nothing else: what a receiver asks for when rebuilding failed (R6). */
  readonly verbatim?: boolean
  /** The entry of the asker's old chain with the same payload, links and synod, when there is one (bit 6). */
  readonly old?: (entry: Entry) => OldPosition | null
}

export interface OldPosition {
  readonly length: number
  readonly comparable: number
}

export interface EncodedBatch {
  readonly bytes: Uint8Array
  /** Bytes of entries and bodies after rebuilding: what counts against the window, the same at both sides. */
  readonly rebuiltBytes: number
}

/** At least one entry, contiguous, oldest first, within the limits of R4. */
export function encodeBatch(served: readonly ServedEntry[], options: BatchOptions = {}): EncodedBatch {
  const oldest = served[0]
  if (oldest === undefined) throw new RangeError('a batch has at least one entry')
  const writer = createByteWriter(64 + served.length * 512)
  const { parent, comparable } = oldest.entry.entry
  if (parent !== null) writer.bytes(cidBytes(parent))
  // What is inside a sealed entry is for those with the key (X23).
  writer.varint(oldest.entry.sealed === undefined ? comparable : sealedComparable)
  let below: Entry | null = null
  let rebuiltBytes = 0
  for (const one of served) {
    rebuiltBytes += one.entry.bytes.length
    if (options.verbatim === true || one.entry.sealed !== undefined) writeVerbatim(writer, one.entry.bytes)
    else rebuiltBytes += writeEntry(writer, one, below, options)
    below = one.entry.entry
  }
  return { bytes: writer.take(), rebuiltBytes }
}

function writeVerbatim(writer: ByteWriter, bytes: Uint8Array): void {
  writer.byte(flag.verbatim)
  writer.varint(bytes.length)
  writer.bytes(bytes)
}

/** Gives the bytes of the body that went along. */
function writeEntry(
  writer: ByteWriter,
  served: ServedEntry,
  below: Entry | null,
  options: BatchOptions,
): number {
  const { entry, signature } = served.entry
  const old = options.old?.(entry) ?? null
  if (old !== null && writeOld(writer, entry, below, old)) {
    writer.bytes(signature)
    return 0
  }
  const body = options.bodies === false ? null : fittingBody(served)
  const detached = entry.links[0]?.[0] === entry.payload
  const links = detached ? entry.links.slice(1) : entry.links
  const newSynod = !sameSynod(entry.synod, below?.synod ?? null)
  const step = below === null ? 1 : entry.comparable - below.comparable
  writer.byte(
    (newSynod ? flag.synod : 0) |
      (links.length > 0 ? flag.links : 0) |
      (detached ? flag.detached : 0) |
      (body !== null ? flag.body : 0) |
      (step !== 1 ? flag.comparable : 0),
  )
  if (newSynod) writeSynod(writer, entry.synod)
  if (links.length > 0) writeLinks(writer, links)
  if (body !== null) {
    writer.varint(body.length)
    writer.bytes(body)
  } else if (detached) {
    writeDetached(writer, entry)
  }
  if (step !== 1) writer.varint(step - 2)
  writer.bytes(signature)
  if (!detached) {
    const payload = utf8(entry.payload)
    writer.varint(payload.length)
    writer.bytes(payload)
  }
  return body?.length ?? 0
}

/**
 * Comparable is max(the old one, below's + 1), as a rebase makes it, unless the step is
 * written out. False when neither can say it: then the entry travels in full.
 */
function writeOld(writer: ByteWriter, entry: Entry, below: Entry | null, old: OldPosition): boolean {
  const step = below === null ? 1 : entry.comparable - below.comparable
  const isDerived = below === null || entry.comparable === Math.max(old.comparable, below.comparable + 1)
  if (!isDerived && step === 1) return false
  writer.byte(isDerived ? flag.old : flag.old | flag.comparable)
  if (!isDerived) writer.varint(step - 2)
  writer.varint(old.length)
  return true
}

/** The body, when leaving out its digest and size loses nothing. */
function fittingBody({ entry: { entry }, body }: ServedEntry): Uint8Array | null {
  if (body === null || body.length > maxBodyBytes) return null
  const link = entry.links[0]
  return link !== undefined && link[0] === entry.payload && link[1] === body.length ? body : null
}

function sameSynod(a: SynodRef | null, b: SynodRef | null): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1])
}

function writeSynod(writer: ByteWriter, synod: SynodRef | null): void {
  writer.byte(synod === null ? 0 : 1)
  if (synod === null) return
  writer.bytes(identityKey(synod[0]))
  writer.bytes(cidDigest(synod[1]))
}

function writeLinks(writer: ByteWriter, links: readonly Link[]): void {
  writer.varint(links.length)
  for (const [cid, size] of links) {
    writer.bytes(cidBytes(cid))
    writer.varint(size)
  }
}

function writeDetached(writer: ByteWriter, entry: Entry): void {
  const [cid, size] = entry.links[0] as Link
  writer.bytes(cidDigest(cid))
  writer.varint(size)
}
