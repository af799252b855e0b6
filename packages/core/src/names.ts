/**
 * Names: identities are `did:key`, everything else is a CID (spec N).
 *
 *     32-byte Ed25519 key ◀▶ did:key:z6Mk…      32-byte SHA-256 ◀▶ bafkrei… / bafybei…
 *
 * Holding a value of a branded type is the proof that it is canonical.
 *
 * @module
 */
import { asciiText, parseBase32, writeBase32 } from './base.ts'
import { encodeBase58, parseBase58 } from './base58.ts'
import { compareBytes } from './bytes.ts'
import type { Sha256 } from './ports.ts'

declare const brand: unique symbol

/** `did:key:z6Mk…`: a canonical did:key of 32 bytes with the Ed25519 prefix. Not yet known to be a sound key (K1). */
export type Identity = string & { readonly [brand]: 'identity' }

/** `bafkrei…` (raw) or `bafybei…` (dag-pb): canonical CIDv1, SHA-256, base32. */
export type Cid = string & { readonly [brand]: 'cid' }

/** A CID with the raw codec: an entry, a head record, a payload text, a block. */
export type RawCid = Cid & { readonly [codec]: 'raw' }
declare const codec: unique symbol

const identityPrefix = 'did:key:z'
/** multicodec ed25519-pub as a varint. */
const keyPrefix = [0xed, 0x01] as const
/** `did:key:z6Mk` and 44 characters more: 34 bytes starting 0xed01 always give 48 characters of base58btc with the z. */
const identityLength = 56

const cidLength = 59
const rawPrefix = [0x01, 0x55, 0x12, 0x20] as const
const dagPrefix = [0x01, 0x70, 0x12, 0x20] as const

/**
 * The same few identities come again and again as texts: each has one slot, which the next one there takes over,
 * so that a list of strangers costs no more than reading it.
 */
const slotCount = 8192
const slotTexts: (string | undefined)[] = new Array(slotCount)
const slotKeys: (Uint8Array | undefined)[] = new Array(slotCount)

/** The same the other way, without a text for each key of a list. */
const writtenKeys = new Uint8Array(slotCount * 32)
const writtenTexts: (Identity | undefined)[] = new Array(slotCount)

/** What is written in base58; the key changes, the array stays. */
const prefixedKey: Uint8Array = Uint8Array.of(...keyPrefix, ...new Uint8Array(32))

/** The identity, or null when `text` is not a canonical Ed25519 did:key (N2). */
export function parseIdentity(text: string): Identity | null {
  return keyOf(text) === null ? null : (text as Identity)
}

/** The 32-byte public key of an identity. Do not write to it. */
export function identityKey(identity: Identity): Uint8Array {
  const key = keyOf(identity)
  if (key === null) throw new TypeError('not an identity')
  return key
}

/** The identity of a 32-byte Ed25519 public key. */
export function identityOfKey(publicKey: Uint8Array): Identity {
  if (publicKey.length !== 32) throw new TypeError('an Ed25519 public key has 32 bytes')
  const [first = 0, second = 0] = publicKey
  const slot = ((first << 8) | second) % slotCount
  const known = writtenTexts[slot]
  if (known !== undefined && isWrittenAt(slot, publicKey)) return known
  prefixedKey.set(publicKey, keyPrefix.length)
  const identity = (identityPrefix + encodeBase58(prefixedKey)) as Identity
  writtenKeys.set(publicKey, slot * 32)
  writtenTexts[slot] = identity
  return identity
}

function isWrittenAt(slot: number, publicKey: Uint8Array): boolean {
  const start = slot * 32
  for (let at = 0; at < 32; at++) if (writtenKeys[start + at] !== publicKey[at]) return false
  return true
}

function keyOf(text: string): Uint8Array | null {
  if (text.length !== identityLength) return null
  const end = identityLength - 3
  const slot =
    (text.charCodeAt(end) * 961 + text.charCodeAt(end + 1) * 31 + text.charCodeAt(end + 2)) % slotCount
  if (slotTexts[slot] === text) return slotKeys[slot] ?? null
  if (!text.startsWith(identityPrefix)) return null
  const bytes = parseBase58(text.slice(identityPrefix.length))
  if (bytes?.length !== 34 || bytes[0] !== keyPrefix[0] || bytes[1] !== keyPrefix[1]) return null
  const key = bytes.slice(2)
  slotTexts[slot] = text
  slotKeys[slot] = key
  return key
}

/** The CID, or null when `text` is not a canonical CIDv1 of SHA-256 with the raw or dag-pb codec (N3). */
export function parseCid(text: string): Cid | null {
  if (text.length !== cidLength || !(text.startsWith('bafkrei') || text.startsWith('bafybei'))) return null
  const bytes = parseBase32(text.slice(1))
  return bytes !== null && hasCidPrefix(bytes) ? (text as Cid) : null
}

/** As `parseCid`, for the raw codec alone. */
export function parseRawCid(text: string): RawCid | null {
  return text.startsWith('bafkrei') ? (parseCid(text) as RawCid | null) : null
}

/** The 32-byte digest inside a raw CID, or null when `text` is none: `parseRawCid` and `cidDigest` in one. */
export function rawCidDigest(text: string): Uint8Array | null {
  if (text.length !== cidLength || !text.startsWith('bafkrei')) return null
  const bytes = parseBase32(text.slice(1))
  return bytes !== null && hasCidPrefix(bytes) ? bytes.slice(4) : null
}

/** Whether it names bytes as they are, and not a node of dag-pb. */
export function isRawCid(cid: Cid): cid is RawCid {
  return cid.startsWith('bafkrei')
}

/** The CID in its 36 bytes: version, codec, hash function, length, digest. */
export function cidBytes(cid: Cid): Uint8Array {
  const bytes = parseBase32(cid.slice(1))
  if (bytes === null) throw new TypeError('not a CID')
  return bytes
}

/** The 32-byte digest inside a CID. */
export function cidDigest(cid: Cid): Uint8Array {
  // A copy: making a view takes twice as long as all the rest.
  return cidBytes(cid).slice(4)
}

/** The CID of 36 bytes, or null when they are not one (N3). */
export function cidOfBytes(bytes: Uint8Array): Cid | null {
  return bytes.length === 36 && hasCidPrefix(bytes) ? cidText(bytes) : null
}

/** The raw CID of a 32-byte SHA-256 digest. */
export function rawCidOfDigest(digest: Uint8Array): RawCid {
  return cidOfDigest(rawPrefix, digest) as RawCid
}

/** The dag-pb CID of a 32-byte SHA-256 digest. */
export function dagCidOfDigest(digest: Uint8Array): Cid {
  return cidOfDigest(dagPrefix, digest)
}

/** The raw CID of a block: its SHA-256. */
export function rawCid(block: Uint8Array, sha256: Sha256): RawCid {
  return rawCidOfDigest(sha256(block))
}

/** Identities and CIDs are ordered by their bytes, never by their spelling (N4). */
export function compareCids(a: Cid, b: Cid): number {
  return a === b ? 0 : compareBytes(cidBytes(a), cidBytes(b))
}

/** As `compareCids`. */
export function compareIdentities(a: Identity, b: Identity): number {
  return a === b ? 0 : compareBytes(identityKey(a), identityKey(b))
}

/** For logs: enough to tell two names apart, too little to be a list of who knows whom. */
export function shortName(name: Identity | Cid): string {
  return name.slice(-8)
}

function cidOfDigest(prefix: readonly number[], digest: Uint8Array): Cid {
  if (digest.length !== 32) throw new TypeError('a SHA-256 digest has 32 bytes')
  for (let index = 0; index < 4; index++) writtenCid[index] = prefix[index] as number
  writtenCid.set(digest, 4)
  return cidText(writtenCid)
}

/** What is written in base32, and how: every entry of every sync passes here. */
const writtenCid = new Uint8Array(36)
const writtenText = new Uint8Array(cidLength)

function cidText(bytes: Uint8Array): Cid {
  writtenText[0] = 0x62
  writeBase32(bytes, writtenText, 1)
  return asciiText(writtenText) as Cid
}

function hasCidPrefix(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x01 && (bytes[1] === 0x55 || bytes[1] === 0x70) && bytes[2] === 0x12 && bytes[3] === 0x20
  )
}
