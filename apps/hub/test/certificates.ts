/**
 * Certificates for tests, made with nothing but node:crypto: RFC 5280 in the few bytes that TLS asks for.
 *
 *     name, key, from, to ─DER, ECDSA▶ PEM
 *
 * @module
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

export interface CertificateWish {
  readonly name?: string
  readonly from?: number
  readonly to?: number
  /** Whose it is; a new one when omitted. */
  readonly publicKey?: KeyObject
}

const dayMs = 24 * 60 * 60 * 1000

/** Signed by an issuer that nobody trusts, or, without a public key given, by itself. */
export function makeCertificate(wish: CertificateWish = {}): TestCertificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { name = 'localhost', from = Date.now() - dayMs, to = Date.now() + 90 * dayMs } = wish
  const issued = wish.publicKey ?? pair.publicKey
  const names = sequence(set(sequence(oid('550403'), string(name))))
  const body = sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(Uint8Array.of(1, ...randomBytes(8))),
    ecdsaSha256,
    names,
    sequence(time(from), time(to)),
    names,
    issued.export({ format: 'der', type: 'spki' }),
    tagged(0xa3, sequence(sequence(oid('551d11'), octets(sequence(tagged(0x82, Buffer.from(name))))))),
  )
  const signature = sign('sha256', body, pair.privateKey)
  const der = sequence(body, ecdsaSha256, tagged(0x03, Buffer.concat([Buffer.of(0), signature])))
  return {
    cert: pem('CERTIFICATE', der),
    key: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  }
}

/** The key that a request for a certificate (PKCS #10, DER) is for. */
export function keyOfRequest(der: Buffer): KeyObject {
  // CertificationRequest { CertificationRequestInfo { version, subject, subjectPKInfo, … }, … }
  const [info = none] = contentsOf(der)
  const [, , key = none] = contentsOf(info)
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

const none: Buffer = Buffer.alloc(2)

const tagged = (tag: number, contents: Uint8Array): Buffer => {
  const { length } = contents
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), contents])
}
const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, Buffer.concat(parts))
const set = (...parts: readonly Uint8Array[]): Buffer => tagged(0x31, Buffer.concat(parts))
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'))
const integer = (bytes: Uint8Array): Buffer => tagged(0x02, bytes)
const octets = (bytes: Uint8Array): Buffer => tagged(0x04, bytes)
const string = (text: string): Buffer => tagged(0x0c, Buffer.from(text))
const time = (ms: number): Buffer =>
  tagged(0x18, Buffer.from(`${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-T:]/g, '')}Z`))
const ecdsaSha256 = sequence(oid('2a8648ce3d040302'))

const pem = (label: string, der: Uint8Array): string => {
  const lines = Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines.trimEnd()}\n-----END ${label}-----\n`
}

/** The parts of a constructed value, each with its head. */
function contentsOf(der: Buffer): readonly Buffer[] {
  const parts: Buffer[] = []
  let [at] = sizeOf(der, 0)
  while (at < der.length) {
    const [start, length] = sizeOf(der, at)
    parts.push(der.subarray(at, start + length))
    at = start + length
  }
  return parts
}

/** Where the contents begin, and how long they are. */
function sizeOf(der: Buffer, at: number): readonly [number, number] {
  const first = der[at + 1] ?? 0
  if (first < 0x80) return [at + 2, first]
  const count = first & 0x7f
  return [at + 2 + count, der.readUIntBE(at + 2, count)]
}
