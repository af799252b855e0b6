/**
 * Writes spec/vectors/ed25519.json and src/self-test-signatures.ts: signatures that
 * verifiers are known to differ on, each built so that one step of rule K1 decides.
 *
 *     node packages/crypto/test/make-ed25519-vectors.ts
 *
 * Deterministic: every scalar is the hash of a name. Expected verdicts follow from
 * how a case was built; no verifier is asked.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { concatBytes, utf8 } from '@effigy/core'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

type Point = InstanceType<typeof ed25519.Point>

interface Case {
  readonly name: string
  readonly publicKey: string
  readonly message: string
  readonly signature: string
  readonly valid: boolean
  /** Whether the public key is sound by the same rule. */
  readonly soundKey: boolean
}

const { Point } = ed25519
const order = Point.Fn.ORDER
const prime = 2n ** 255n - 19n
const cases: Case[] = []
/** Names of the cases that every backend runs at each start. */
const atStart: string[] = []

// ---- arithmetic

const encode = (value: bigint, length = 32): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn))

const decode = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)

const mod = (value: bigint, by = order): bigint => ((value % by) + by) % by
const scalar = (name: string): bigint => mod(decode(sha512(utf8(name))))
const times = (point: Point, by: bigint): Point => (by === 0n ? Point.ZERO : point.multiplyUnsafe(by))
const challenge = (commitment: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint =>
  mod(decode(sha512(concatBytes(commitment, publicKey, message))))

/** A generator of the eight points of small order. */
function torsionGenerator(): Point {
  for (let y = 2n; ; y++) {
    try {
      const point = Point.fromBytes(encode(y))
      const torsion = point.multiplyUnsafe(order - 1n).add(point)
      if (!times(torsion, 4n).is0()) return torsion
    } catch {
      // No point has this y.
    }
  }
}

const torsion: readonly Point[] = (() => {
  const generator = torsionGenerator()
  return Array.from({ length: 8 }, (_, index) => times(generator, BigInt(index)))
})()
const orderOf = (index: number): number => [1, 8, 4, 8, 2, 8, 4, 8][index] as number

// ---- cases

interface Parts {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

function add(name: string, parts: Parts, valid: boolean, soundKey: boolean, start = false): void {
  cases.push({
    name,
    publicKey: bytesToHex(parts.publicKey),
    message: bytesToHex(parts.message),
    signature: bytesToHex(parts.signature),
    valid,
    soundKey,
  })
  if (start) atStart.push(name)
}

/** S = r + k·a over the very bytes of R and A that are sent. */
function craft(R: Uint8Array, r: bigint, A: Uint8Array, a: bigint, message: Uint8Array): Parts {
  const s = mod(r + challenge(R, A, message) * a)
  return { publicKey: A, message, signature: concatBytes(R, encode(s)) }
}

/** The first message of a series for which `accept` likes the challenge. */
function searchMessage(R: Uint8Array, A: Uint8Array, accept: (k: bigint) => boolean): Uint8Array {
  for (let index = 0; ; index++) {
    const message = utf8(`message ${index}`)
    if (accept(challenge(R, A, message))) return message
  }
}

const a = scalar('key')
const A = times(Point.BASE, a).toBytes()
const r = scalar('nonce')
const R = times(Point.BASE, r).toBytes()
const message = utf8('effigy')
const honest = craft(R, r, A, a, message)
const S = decode(honest.signature.subarray(32))

const withS = (value: bigint): Parts => ({ ...honest, signature: concatBytes(R, encode(value)) })
const withSignBit = (bytes: Uint8Array): Uint8Array => bytes.with(31, (bytes[31] as number) | 0x80)

add('honest', honest, true, true, true)
add('honest, empty message', craft(R, r, A, a, new Uint8Array(0)), true, true)
add('honest, message of 400 bytes', craft(R, r, A, a, new Uint8Array(400).fill(0x61)), true, true)
add('honest, R = B (r = 1)', craft(Point.BASE.toBytes(), 1n, A, a, message), true, true)
add('honest, A = B (a = 1)', craft(R, r, Point.BASE.toBytes(), 1n, message), true, true, true)
add('honest, A = -B (a = L - 1)', craft(R, r, Point.BASE.negate().toBytes(), order - 1n, message), true, true)
add('honest, R = A', craft(A, a, A, a, message), true, true)
for (let index = 0; index < 6; index++) {
  const key = scalar(`key ${index}`)
  const nonce = scalar(`nonce ${index}`)
  const keyBytes = times(Point.BASE, key).toBytes()
  const parts = craft(times(Point.BASE, nonce).toBytes(), nonce, keyBytes, key, utf8(`text ${index}`))
  add(`honest, key ${index}`, parts, true, true)
}

add('another message', { ...honest, message: utf8('Effigy') }, false, true, true)
add('another key', { ...honest, publicKey: Point.BASE.toBytes() }, false, true)
add(
  'one bit of R flipped',
  { ...honest, signature: honest.signature.with(3, (R[3] as number) ^ 4) },
  false,
  true,
)
add(
  'sign of R flipped',
  { ...honest, signature: honest.signature.with(31, (R[31] as number) ^ 0x80) },
  false,
  true,
)
add('S - 1', withS(mod(S - 1n)), false, true)
add('-S', withS(mod(-S)), false, true)
add('S = 0', withS(0n), false, true)
for (let multiple = 1n; S + multiple * order < 2n ** 256n; multiple++) {
  add(`S + ${multiple === 1n ? '' : multiple}L`, withS(S + multiple * order), false, true, multiple === 1n)
}
add('S = L', withS(order), false, true, true)
add('S = L - 1', withS(order - 1n), false, true)
add('S = 2^256 - 1', withS(2n ** 256n - 1n), false, true)
add('S with bit 255', withS(S + 2n ** 255n), false, true)

// R = 0 with S = k·a: the equation holds, the rule says no.
const identityBytes = Point.ZERO.toBytes()
add('R = identity, the equation holds', craft(identityBytes, 0n, A, a, message), false, true, true)
add('R = identity, sign bit set', craft(withSignBit(identityBytes), 0n, A, a, message), false, true, true)
add('R = identity, y = p + 1', craft(encode(prime + 1n), 0n, A, a, message), false, true, true)
add(
  'R = identity, y = p + 1, sign bit',
  craft(withSignBit(encode(prime + 1n)), 0n, A, a, message),
  false,
  true,
)
add('R = identity, S = 0', { ...honest, signature: concatBytes(identityBytes, encode(0n)) }, false, true)
for (const [index, point] of torsion.entries()) {
  if (index === 0) continue
  const bytes = point.toBytes()
  add(`R of order ${orderOf(index)} (${index})`, craft(bytes, 0n, A, a, message), false, true, index === 4)
  const torsioned = Point.fromBytes(R).add(point).toBytes()
  add(
    `R + torsion of order ${orderOf(index)} (${index}), holds times 8`,
    craft(torsioned, r, A, a, message),
    false,
    true,
    index === 1 || index === 4,
  )
}
add('R = (0, 0 and sign), y = p', craft(encode(prime), 0n, A, a, message), false, true)
for (let y = 2n; y < 19n; y++) {
  try {
    Point.fromBytes(encode(y))
    add(`R not canonical, y = p + ${y}`, craft(encode(prime + y), r, A, a, message), false, true, y === 3n)
  } catch {
    // No point has this y.
  }
}
add('R not on the curve', craft(encode(2n), r, A, a, message), false, true)

// A of small order: the secret is 0 up to torsion, anyone can sign. Also their other spellings.
const lowSpellings = new Map<string, Uint8Array>()
for (const [index, point] of torsion.entries()) {
  lowSpellings.set(`order ${orderOf(index)} (${index})`, point.toBytes())
}
lowSpellings.set('identity, sign bit set', withSignBit(identityBytes))
lowSpellings.set('identity, y = p + 1', encode(prime + 1n))
lowSpellings.set('identity, y = p + 1, sign bit', withSignBit(encode(prime + 1n)))
lowSpellings.set('order 2, sign bit set', withSignBit(encode(prime - 1n)))
lowSpellings.set('order 4, y = p', encode(prime))
lowSpellings.set('order 4, y = p, sign bit', withSignBit(encode(prime)))
for (const [spelling, bytes] of lowSpellings) {
  const text = searchMessage(R, bytes, (k) => k % 8n === 0n)
  add(`A = ${spelling}, holds without cofactor`, craft(R, r, bytes, 0n, text), false, false, true)
  const other = searchMessage(R, bytes, (k) => k % 8n === 1n)
  add(`A = ${spelling}, holds times 8`, craft(R, r, bytes, 0n, other), false, false)
}

// A with a torsion part: libraries differ by the challenge.
for (const [index, point] of torsion.entries()) {
  if (index === 0) continue
  const mixed = Point.fromBytes(A).add(point).toBytes()
  const kind = `A + torsion of order ${orderOf(index)} (${index})`
  const even = searchMessage(R, mixed, (k) => k % 8n === 0n)
  add(
    `${kind}, holds without cofactor`,
    craft(R, r, mixed, a, even),
    false,
    false,
    index === 1 || index === 4,
  )
  const odd = searchMessage(R, mixed, (k) => k % 8n === 1n)
  add(`${kind}, holds times 8`, craft(R, r, mixed, a, odd), false, false)
  const both = Point.fromBytes(R).add(point).toBytes()
  const paired = searchMessage(both, mixed, (k) => k % 8n === 7n)
  // R carries the torsion that −k·A leaves: holds to the byte.
  add(`${kind} and of R, holds without cofactor`, craft(both, r, mixed, a, paired), false, false, index === 2)
}
for (let y = 2n; y < 19n; y++) {
  try {
    Point.fromBytes(encode(y))
    add(`A not canonical, y = p + ${y}`, craft(R, r, encode(prime + y), a, message), false, false, y === 3n)
  } catch {
    // No point has this y.
  }
}
add('A not on the curve', craft(R, r, encode(2n), a, message), false, false, true)

const zero = new Uint8Array(32)
add('everything zero', { publicKey: zero, message, signature: new Uint8Array(64) }, false, false, true)
add(
  '01 00…00 signs everything',
  { publicKey: identityBytes, message, signature: concatBytes(identityBytes, zero) },
  false,
  false,
  true,
)
add('signature of zeros', { ...honest, signature: new Uint8Array(64) }, false, true)
add(
  'everything ff',
  { publicKey: zero.with(0, 0).fill(0xff), message, signature: new Uint8Array(64).fill(0xff) },
  false,
  false,
)

// Wrong lengths.
add('signature of 63 bytes', { ...honest, signature: honest.signature.subarray(0, 63) }, false, true, true)
add(
  'signature of 65 bytes',
  { ...honest, signature: concatBytes(honest.signature, Uint8Array.of(0)) },
  false,
  true,
  true,
)
add('no signature', { ...honest, signature: new Uint8Array(0) }, false, true, true)
add('key of 31 bytes', { ...honest, publicKey: A.subarray(0, 31) }, false, false, true)
add('key of 33 bytes', { ...honest, publicKey: concatBytes(A, Uint8Array.of(0)) }, false, false, true)
add('no key', { ...honest, publicKey: new Uint8Array(0) }, false, false)

// ---- out

const root = new URL('../../../', import.meta.url)
const about =
  'Rule K1: the strict Ed25519 verdict, and whether the key alone is sound. Byte strings in hex. Each case is built so that one step of the rule decides it.'
const lines = cases.map((item) => `    ${JSON.stringify(item)}`)
writeFileSync(
  new URL('spec/vectors/ed25519.json', root),
  `{\n  "about": ${JSON.stringify(about)},\n  "cases": [\n${lines.join(',\n')}\n  ]\n}\n`,
)

const started = cases.filter((item) => atStart.includes(item.name))
const rows = started.map(
  (item) =>
    `  [${item.valid}, ${item.soundKey}, '${item.publicKey}', '${item.message}', '${item.signature}'],`,
)
writeFileSync(
  new URL('packages/crypto/src/self-test-signatures.ts', root),
  `/**
 * The cases of spec/vectors/ed25519.json that a backend must pass at each start.
 * Written by test/make-ed25519-vectors.ts; not by hand.
 *
 * @module
 */

/** Verdict, whether the key is sound, and key, message and signature in hex. */
export type SignatureCase = readonly [
  valid: boolean,
  soundKey: boolean,
  publicKey: string,
  message: string,
  signature: string,
]

// biome-ignore format: one case a line
export const signatureCases: readonly SignatureCase[] = [
${rows.join('\n')}
]
`,
)
