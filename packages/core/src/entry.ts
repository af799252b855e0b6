import { utf8 } from './bytes.ts'
import {
  type Cid,
  type Identity,
  identityKey,
  parseCid,
  parseIdentity,
  parseRawCid,
  type RawCid,
  rawCid,
} from './names.ts'
import type { Sha256, SignatureCheck, Signer } from './ports.ts'
import { err, ok, type Result } from './result.ts'
import { isSealedEntry } from './sealed-entry.ts'
import { isLaterVersion, parseRecord, recordMessage, signingMessage, writeRecord } from './signing.ts'

/** Bytes of a whole entry, signature included; checked before anything is parsed (E1). */
export const maxEntryBytes = 15_360

export const protocolVersion = 1

/** `[identity of the synod, its head]`: the author's account as it was when the entry was written. */
export type SynodRef = readonly [Identity, RawCid]

/** `[root, total bytes below it]`: a blob that the payload needs (E5). The size is the author's claim. */
export type Link = readonly [Cid, number]

export interface Entry {
  readonly identity: Identity
  /** Null for the first entry of the feed alone. */
  readonly parent: RawCid | null
  /** Position in the feed, from 1. */
  readonly length: number
  /** Greater than the parent's; by default the author's clock in ms. Orders, never proves time. */
  readonly comparable: number
  readonly synod: SynodRef | null
  readonly links: readonly Link[]
  /** `{…` JSON, `age:…`, `box:…` or the CID of a detached block (`payloads/payload.ts`). */
  readonly payload: string
}

/** An entry in its bytes. Well formed, not yet tied to a chain or checked against its signature. */
export interface SignedEntry {
  readonly cid: RawCid
  /** What has that CID: kept, served and counted as they are. */
  readonly bytes: Uint8Array
  readonly entry: Entry
  /** 64 bytes. */
  readonly signature: Uint8Array
  /** Of a sealed entry (E9) that was opened: `entry` and `signature` are of what is inside. Left out where `bytes` are the entry itself. */
  readonly sealed?: SealedInside
}

/** What was inside of a sealed entry (`opened-entry.ts`). */
export interface SealedInside {
  /** Which feed read key it was sealed under: base64url of 16 bytes. */
  readonly keyId: string
  /** The entry with its signature, without padding. */
  readonly inner: Uint8Array
}

export interface EntryFault {
  /**
   * `version`: written for a later protocol (E3); `sealed`: readable with a key alone (E9). Nobody is at fault
   * for these two: stop there and remember nothing against it.
   */
  readonly code: 'too-large' | 'encoding' | 'version' | 'sealed'
}

/** Reads one entry. Whatever the bytes are, it returns: nothing a peer sends makes it throw. */
export function decodeEntry(bytes: Uint8Array, sha256: Sha256): Result<SignedEntry, EntryFault> {
  const record = parseRecord(bytes, maxEntryBytes)
  if (!record.ok) {
    // A sealed entry has no line of signature: that is inside.
    const isSealed = record.error.code === 'encoding' && isSealedEntry(bytes)
    return isSealed ? err({ code: 'sealed' }) : record
  }
  const { text, signature } = record.value
  if (isLaterVersion(text)) return err({ code: 'version' })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return err({ code: 'encoding' })
  }
  const entry = parseEntry(value)
  // One encoding (E2): writing the value again gives the same text, so order, spaces and doubles are settled.
  if (entry === null || writeEntryJson(entry) !== text) return err({ code: 'encoding' })
  return ok({ cid: rawCid(bytes, sha256), bytes, entry, signature })
}

/** The canonical JSON of an entry, the text that is signed. */
export function writeEntryJson(entry: Entry): string {
  const { identity, parent, length, comparable, synod, links, payload } = entry
  // Concatenated by hand, because every entry of every sync is rebuilt here. Names hold no character to escape.
  const parentText = parent === null ? 'null' : `"${parent}"`
  const synodText = synod === null ? 'null' : `["${synod[0]}","${synod[1]}"]`
  let linksText = ''
  for (const [cid, size] of links) linksText += `${linksText === '' ? '' : ','}["${cid}",${size}]`
  const payloadText = payload === links[0]?.[0] ? `"${payload}"` : JSON.stringify(payload)
  return `{"v":1,"identity":"${identity}","parent":${parentText},"length":${length},"comparable":${comparable},"synod":${synodText},"links":[${linksText}],"payload":${payloadText}}`
}

/** The entry that `entry` and its signature make; throws a RangeError when it is too large. */
export function assembleEntry(entry: Entry, signature: Uint8Array, sha256: Sha256): SignedEntry {
  const bytes = writeRecord(writeEntryJson(entry), signature)
  if (bytes.length > maxEntryBytes) {
    throw new RangeError(`an entry has at most ${maxEntryBytes} bytes, this one ${bytes.length}`)
  }
  return { cid: rawCid(bytes, sha256), bytes, entry, signature }
}

/**
 * Signs an entry. Throws a RangeError when it is too large (ask `entrySize` first where a person waits), or
 * when no comparable is left: whoever superseded a state at 2^53 − 1 would break his own feed.
 */
export async function signEntry(entry: Entry, signer: Signer, sha256: Sha256): Promise<SignedEntry> {
  if (!isCount(entry.length) || !isCount(entry.comparable)) {
    throw new RangeError('length and comparable are positive safe integers')
  }
  const signature = await signer.signBytes(signingMessage('entry', utf8(writeEntryJson(entry))))
  return assembleEntry(entry, signature, sha256)
}

/** Bytes that the signed entry will have. */
export function entrySize(entry: Entry): number {
  return utf8(writeEntryJson(entry)).length + 87
}

/** What to verify of an entry, under the key it names. */
export function entryCheck(signed: SignedEntry): SignatureCheck {
  return {
    publicKey: identityKey(signed.entry.identity),
    message: recordMessage('entry', signed.sealed?.inner ?? signed.bytes),
    signature: signed.signature,
  }
}

function parseEntry(value: unknown): Entry | null {
  if (typeof value !== 'object' || value === null) return null
  const fields = value as Record<string, unknown>
  if (fields.v !== protocolVersion) return null
  const { length, comparable, payload } = fields
  if (typeof fields.identity !== 'string' || typeof payload !== 'string') return null
  const identity = parseIdentity(fields.identity)
  if (identity === null || !isCount(length) || !isCount(comparable) || !payload.isWellFormed()) return null
  const parent = fields.parent === null ? null : parseParent(fields.parent)
  // The first entry, and no other, has no parent (E4).
  if (parent === undefined || (parent === null) !== (length === 1)) return null
  const synod = parseSynodRef(fields.synod)
  const links = parseLinks(fields.links)
  if (synod === undefined || links === null) return null
  return { identity, parent, length, comparable, synod, links, payload }
}

function parseParent(value: unknown): RawCid | undefined {
  return (typeof value === 'string' ? parseRawCid(value) : null) ?? undefined
}

function parseSynodRef(value: unknown): SynodRef | null | undefined {
  if (value === null) return null
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [identityText, headText] = value as unknown[]
  if (typeof identityText !== 'string' || typeof headText !== 'string') return undefined
  const identity = parseIdentity(identityText)
  const head = parseRawCid(headText)
  return identity === null || head === null ? undefined : [identity, head]
}

const noLinks: readonly Link[] = []

function parseLinks(value: unknown): readonly Link[] | null {
  if (!Array.isArray(value)) return null
  if (value.length === 0) return noLinks
  const links: Link[] = []
  for (const item of value as unknown[]) {
    if (!Array.isArray(item) || item.length !== 2) return null
    const [cidText, size] = item as unknown[]
    const cid = typeof cidText === 'string' ? parseCid(cidText) : null
    if (cid === null || !Number.isSafeInteger(size) || (size as number) < 0 || Object.is(size, -0))
      return null
    links.push([cid, size as number])
  }
  return links
}

/** A positive safe integer. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
