/**
 * STUN messages (RFC 8489), as far as trying a relay needs them.
 *
 *     StunMessage ─encodeStun(key)▶ bytes with MESSAGE-INTEGRITY, FINGERPRINT      bytes ─decodeStun▶ StunMessage | null
 *
 * @module
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { formatIp, type IpAddress } from './ip-range.ts'

export const methods = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const

export const attributeTypes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
  software: 0x8022,
  fingerprint: 0x8028,
} as const

export type StunClass = 'request' | 'indication' | 'success' | 'error'

export interface StunAttribute {
  readonly type: number
  readonly value: Uint8Array
}

export interface StunMessage {
  /** 12 bits; one of `methods`, or another. */
  readonly method: number
  readonly class: StunClass
  /** 12 bytes. */
  readonly transaction: Uint8Array
  /** In order; without integrity and fingerprint, which belong to the bytes. */
  readonly attributes: readonly StunAttribute[]
}

export interface Endpoint {
  readonly address: IpAddress
  readonly port: number
}

/** Of one message, header included. */
export const maxStunBytes: number = 64 * 1024

export const headerBytes = 20

const cookie = 0x2112a442
const fingerprintMask = 0x5354554e
const integrityBytes = 20
const maxAttributes = 64

const classes: readonly StunClass[] = ['request', 'indication', 'success', 'error']

/** `key` null: without MESSAGE-INTEGRITY. A FINGERPRINT always. */
export function encodeStun(message: StunMessage, key: Uint8Array | null): Uint8Array {
  let bytes = Buffer.concat([Buffer.alloc(headerBytes), ...message.attributes.map(encodeAttribute)])
  const bits = classes.indexOf(message.class)
  const { method } = message
  const type =
    (method & 0xf) | ((method & 0x70) << 1) | ((method & 0xf80) << 2) | ((bits & 1) << 4) | ((bits & 2) << 7)
  bytes.writeUInt16BE(type, 0)
  bytes.writeUInt32BE(cookie, 4)
  bytes.set(message.transaction, 8)
  if (key !== null) {
    const mac = integrityOf(bytes, key)
    bytes = Buffer.concat([bytes, encodeAttribute({ type: attributeTypes.messageIntegrity, value: mac })])
  }
  const print = Buffer.alloc(4)
  print.writeUInt32BE(fingerprintOf(bytes))
  bytes = Buffer.concat([bytes, encodeAttribute({ type: attributeTypes.fingerprint, value: print })])
  bytes.writeUInt16BE(bytes.length - headerBytes, 2)
  return bytes
}

/** Null unless the bytes are exactly one message, whose FINGERPRINT fits where it has one. */
export function decodeStun(bytes: Uint8Array): StunMessage | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (buffer.length < headerBytes || buffer.length > maxStunBytes || buffer.length % 4 !== 0) return null
  const type = buffer.readUInt16BE(0)
  if (type > 0x3fff || buffer.readUInt32BE(4) !== cookie) return null
  if (buffer.readUInt16BE(2) !== buffer.length - headerBytes) return null
  const found = attributesOf(buffer)
  if (found === null) return null
  const attributes: StunAttribute[] = []
  // What stands behind the integrity is signed by nobody.
  let isSigned = false
  for (const [index, { type: kind, value, at }] of found.entries()) {
    if (kind === attributeTypes.fingerprint) {
      const isRight = value.length === 4 && index === found.length - 1
      if (!isRight || value.readUInt32BE(0) !== fingerprintOf(buffer.subarray(0, at))) return null
    } else if (kind === attributeTypes.messageIntegrity) isSigned = true
    else if (!isSigned) attributes.push({ type: kind, value })
  }
  return {
    method: (type & 0xf) | ((type & 0xe0) >> 1) | ((type & 0x3e00) >> 2),
    class: classes[((type & 0x10) >> 4) | ((type & 0x100) >> 7)] ?? 'request',
    transaction: buffer.subarray(8, headerBytes),
    attributes,
  }
}

/** Whether the message was signed with that key. */
export function hasIntegrity(bytes: Uint8Array, key: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const found = buffer.length < headerBytes ? null : attributesOf(buffer)
  const signed = found?.find(({ type }) => type === attributeTypes.messageIntegrity)
  if (signed === undefined || signed.value.length !== integrityBytes) return false
  return timingSafeEqual(signed.value, integrityOf(buffer.subarray(0, signed.at), key))
}

/** RFC 8489, 9.2.2: of a name and password that are good in one realm. */
export function longTermKey(user: string, realm: string, password: string): Uint8Array {
  return createHash('md5').update(`${user}:${realm}:${password}`).digest()
}

export function find(message: StunMessage, type: number): Uint8Array | null {
  return message.attributes.find((attribute) => attribute.type === type)?.value ?? null
}

/** For XOR-… addresses. */
export function encodeEndpoint({ address, port }: Endpoint, transaction: Uint8Array): Uint8Array {
  const value = Buffer.alloc(address.family === 4 ? 8 : 20)
  value[1] = address.family === 4 ? 1 : 2
  value.writeUInt16BE(port ^ (cookie >>> 16), 2)
  const plain = bytesOf(address)
  const mask = maskFor(transaction)
  for (const [index, byte] of plain.entries()) value[4 + index] = byte ^ (mask[index] ?? 0)
  return value
}

export function decodeEndpoint(value: Uint8Array, transaction: Uint8Array): Endpoint | null {
  const family = value[1] === 1 ? 4 : value[1] === 2 ? 6 : null
  if (family === null || value.length !== (family === 4 ? 8 : 20)) return null
  const mask = maskFor(transaction)
  const port = (((value[2] ?? 0) << 8) | (value[3] ?? 0)) ^ (cookie >>> 16)
  const number = value
    .subarray(4)
    .reduce((sum, byte, index) => (sum << 8n) | BigInt(byte ^ (mask[index] ?? 0)), 0n)
  return { address: { family, value: number }, port }
}

/** Null for what is no ERROR-CODE. */
export function decodeError(value: Uint8Array): { readonly code: number; readonly reason: string } | null {
  const [, , hundreds = 0, rest = 0] = value
  if (value.length < 4 || (hundreds & 7) < 3 || (hundreds & 7) > 6 || rest > 99) return null
  // Shown on a terminal: letters only.
  const reason = Buffer.from(value.subarray(4, 132))
    .toString('latin1')
    .replaceAll(/[^ -~]/g, '')
  return { code: (hundreds & 7) * 100 + rest, reason }
}

export function formatEndpoint({ address, port }: Endpoint): string {
  return address.family === 4 ? `${formatIp(address)}:${port}` : `[${formatIp(address)}]:${port}`
}

interface Found {
  readonly type: number
  readonly value: Buffer
  /** Where it begins in the message. */
  readonly at: number
}

/** Null where lengths do not fit. */
function attributesOf(buffer: Buffer): readonly Found[] | null {
  const found: Found[] = []
  for (let at = headerBytes; at < buffer.length; ) {
    if (buffer.length - at < 4 || found.length === maxAttributes) return null
    const length = buffer.readUInt16BE(at + 2)
    const end = at + 4 + length
    if (end > buffer.length) return null
    found.push({ type: buffer.readUInt16BE(at), value: buffer.subarray(at + 4, end), at })
    at = end + padding(length)
  }
  return found
}

function encodeAttribute({ type, value }: StunAttribute): Buffer {
  const bytes = Buffer.alloc(4 + value.length + padding(value.length))
  bytes.writeUInt16BE(type, 0)
  bytes.writeUInt16BE(value.length, 2)
  bytes.set(value, 4)
  return bytes
}

const padding = (length: number): number => (4 - (length % 4)) % 4

/** Over what stands before it, as if it were the last attribute. */
function integrityOf(before: Uint8Array, key: Uint8Array): Buffer {
  return createHmac('sha1', key)
    .update(withLength(before, 4 + integrityBytes))
    .digest()
}

function fingerprintOf(before: Uint8Array): number {
  return (crc32(withLength(before, 8)) ^ fingerprintMask) >>> 0
}

function withLength(before: Uint8Array, more: number): Buffer {
  const copy = Buffer.from(before)
  copy.writeUInt16BE(copy.length - headerBytes + more, 2)
  return copy
}

function maskFor(transaction: Uint8Array): Uint8Array {
  const mask = Buffer.alloc(16)
  mask.writeUInt32BE(cookie, 0)
  mask.set(transaction.subarray(0, 12), 4)
  return mask
}

function bytesOf({ family, value }: IpAddress): Uint8Array {
  return Buffer.from(value.toString(16).padStart(family === 4 ? 8 : 32, '0'), 'hex')
}
