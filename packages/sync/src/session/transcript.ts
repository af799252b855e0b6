/**
 * The bytes that both sides of a handshake compute (spec A1, A3-A6, A12): MACs, hashes, keys.
 *
 *     requests ─▶ th1 ─▶ handshake keys ─ sealed auths ─▶ th2, th3 ─▶ traffic keys, id, exporter
 *
 * Pure functions of their arguments; `spec/vectors/session.json` holds one run of them.
 *
 * @module
 */
import {
  concatBytes,
  encodeBase64url,
  type Identity,
  identityKey,
  type JsonObject,
  parseBase64url,
  utf8,
  writeStrictJson,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { encodeFrame } from '../frame.ts'
import type { SessionRequest } from '../messages.ts'

export type Role = 'dialler' | 'acceptor'

/** The synchronous part of the crypto port: all that the handshake computes by itself. */
export type HandshakeCrypto = Pick<Crypto, 'sha256' | 'hmacSha256' | 'hkdfSha256' | 'seal' | 'open'>

/** One side's contribution, made anew for each session. */
export interface Challenge {
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array
  /** 32 bytes. */
  readonly random: Uint8Array
}

export interface TrafficKeys {
  /** 32 bytes: of what the dialler sends. */
  readonly dialler: Uint8Array
  /** 32 bytes: of what the acceptor sends. */
  readonly acceptor: Uint8Array
  /** 16 bytes. */
  readonly sessionId: Uint8Array
  /** 32 bytes: see `exporterKey`. */
  readonly exporter: Uint8Array
}

/** Versions that this code speaks, ascending. */
export const protocolVersions: readonly number[] = [1]

const nothing = new Uint8Array(0)

/** The network key of everybody who has not chosen another; it keeps nobody out. */
export function publicNetworkKey(sha256: Crypto['sha256']): Uint8Array {
  return sha256(utf8('effigy/network/1\n'))
}

/** That of the other side. */
export function otherRole(role: Role): Role {
  return role === 'dialler' ? 'acceptor' : 'dialler'
}

/** Base64url of key and random: 64 bytes, 86 characters. */
export function encodeChallenge({ publicKey, random }: Challenge): string {
  return encodeBase64url(concatBytes(publicKey, random))
}

/** The text is canonical base64url of 64 bytes: its schema has checked that. */
export function decodeChallenge(text: string): Challenge {
  const bytes = parseBase64url(text) ?? nothing
  return { publicKey: bytes.subarray(0, 32), random: bytes.subarray(32) }
}

/** A1: base64url of HMAC(network key, prefix ‖ {role, v, challenge}). */
export function networkProof(
  crypto: HandshakeCrypto,
  networkKey: Uint8Array,
  { role, v, challenge }: Pick<SessionRequest, 'role' | 'v' | 'challenge'>,
): string {
  return encodeBase64url(mac(crypto, networkKey, 'effigy/network/1\n', { role, v, challenge }))
}

/** A1: "I know that you are `identity`", told only to who knows that too. */
export function knowledgeProof(crypto: HandshakeCrypto, identity: Identity, challenge: string): string {
  const key = crypto.sha256(identityKey(identity))
  return encodeBase64url(mac(crypto, key, 'effigy/to/1\n', { challenge }).subarray(0, 16))
}

/** The frame of A1. */
export function writeSessionRequest(
  crypto: HandshakeCrypto,
  options: {
    readonly role: Role
    readonly challenge: Challenge
    readonly networkKey: Uint8Array
    readonly expect: Identity | null
  },
): Uint8Array {
  const { role, networkKey, expect } = options
  const v = protocolVersions
  const challenge = encodeChallenge(options.challenge)
  const network = networkProof(crypto, networkKey, { role, v, challenge })
  const to = expect === null ? null : knowledgeProof(crypto, expect, challenge)
  return encodeFrame({ type: 'sessionrequest', v, role, challenge, network, to } satisfies SessionRequest)
}

/** A3. */
export function firstTranscript(
  crypto: HandshakeCrypto,
  parts: {
    readonly networkKey: Uint8Array
    readonly binding: Uint8Array
    readonly diallerRequest: Uint8Array
    readonly acceptorRequest: Uint8Array
  },
): Uint8Array {
  return crypto.sha256(
    lengthPrefixed(
      utf8('effigy/session/1'),
      crypto.sha256(parts.networkKey),
      parts.binding,
      parts.diallerRequest,
      parts.acceptorRequest,
    ),
  )
}

/** A5, A6: the transcript so far and one sealed `sessionauth` more. */
export function nextTranscript(
  crypto: HandshakeCrypto,
  transcript: Uint8Array,
  sealedAuth: Uint8Array,
): Uint8Array {
  return crypto.sha256(lengthPrefixed(transcript, sealedAuth))
}

/** A4: what all keys of a session come from. In pairing nobody without the code has it, whoever he is. */
export function inputKey(shared: Uint8Array, pairingSecret: Uint8Array | null): Uint8Array {
  return concatBytes(shared, pairingSecret ?? nothing)
}

/** A4: the key of the one `sessionauth` that `sender` sends. */
export function handshakeKey(
  crypto: HandshakeCrypto,
  input: Uint8Array,
  firstTranscript: Uint8Array,
  sender: Role,
): Uint8Array {
  return crypto.hkdfSha256(input, firstTranscript, utf8(`effigy/handshake/1 ${sender}`), 32)
}

/** A5: what a side signs by purpose `session`. */
export function signedAuth(
  role: Role,
  transcript: Uint8Array,
  identity: Identity,
  head: string | null,
): JsonObject {
  return { role, th: encodeBase64url(transcript), identity, head }
}

/** A6. */
export function trafficKeys(
  crypto: HandshakeCrypto,
  input: Uint8Array,
  thirdTranscript: Uint8Array,
): TrafficKeys {
  const derive = (label: string, length: number): Uint8Array =>
    crypto.hkdfSha256(input, thirdTranscript, utf8(label), length)
  return {
    dialler: derive('effigy/traffic/1 dialler', 32),
    acceptor: derive('effigy/traffic/1 acceptor', 32),
    sessionId: derive('effigy/id/1', 16),
    exporter: derive('effigy/exporter/1', 32),
  }
}

/** A12: 32 bytes that only the two sides know, one key a label (`emoji`, `fingerprint`, `want`, …). */
export function exporterKey(crypto: HandshakeCrypto, exporter: Uint8Array, label: string): Uint8Array {
  return crypto.hkdfSha256(exporter, nothing, utf8(`effigy/exporter/1 ${label}`), 32)
}

function mac(crypto: HandshakeCrypto, key: Uint8Array, prefix: string, value: JsonObject): Uint8Array {
  return crypto.hmacSha256(key, utf8(prefix + writeStrictJson(value)))
}

/** `LEN(x)` of every part: its length in 4 bytes, big-endian, and the part. */
function lengthPrefixed(...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...parts.flatMap((part) => [uint32(part.length), part]))
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}
