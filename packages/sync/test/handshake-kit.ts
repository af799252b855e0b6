/**
 * Handshakes without links or clocks: two machines, and somebody in between.
 *
 *     createParty ×2 ─▶ exchange(dialler, acceptor, tamper) ─▶ what each sent, signed and came to
 */
import {
  encodeBase64url,
  encodeHeadRecord,
  type HeadRecord,
  type Identity,
  identityOfKey,
  type JsonObject,
  rawCidOfDigest,
  sign,
  signHead,
  utf8,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import { decodeFrame, encodeFrame, type FrameHeader } from '../src/frame.ts'
import type { SessionAuth, SessionRequest } from '../src/messages.ts'
import { sealingNonce } from '../src/sealing.ts'
import {
  createHandshake,
  type Established,
  type HandshakeEvent,
  type HandshakeOptions,
  type Refusal,
} from '../src/session/handshake.ts'
import {
  decodeChallenge,
  firstTranscript,
  handshakeKey,
  networkProof,
  publicNetworkKey,
  type Role,
} from '../src/session/transcript.ts'

export const testCrypto: Crypto = createNodeCrypto()

/** Seeds. */
export const alice = 1
export const bob = 2
export const mallory = 3

export const networkKey: Uint8Array = publicNetworkKey(testCrypto.sha256)

export const fill = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value)

export async function testSigner(seed: number) {
  const signer = await testCrypto.signer(fill(seed))
  return { signer, identity: identityOfKey(signer.publicKey) }
}

export const { identity: aliceIdentity } = await testSigner(alice)
export const { identity: bobIdentity } = await testSigner(bob)

/** A head record of the identity of `seed`, signed by it. */
export async function testHead(seed: number): Promise<HeadRecord> {
  const { signer, identity } = await testSigner(seed)
  const head = rawCidOfDigest(fill(seed))
  return signHead({ identity, epoch: 1, length: 7, comparable: 1_800_000_000_000, bytes: 4321, head }, signer)
}

export const headText = (record: HeadRecord): string => new TextDecoder().decode(encodeHeadRecord(record))

export interface Party {
  readonly role: Role
  readonly identity: Identity
  readonly sent: readonly Uint8Array[]
  /** Every message that it put its signature to. */
  readonly signed: readonly Uint8Array[]
  readonly outcome: Established | Refusal | null
  readonly agreedSecret: Uint8Array | null
  feed(event: HandshakeEvent): Promise<void>
}

/** Its identity comes from `seed`; its X25519 key from `keySeed` + 100, its random bytes from `keySeed` + 200. */
export async function createParty(
  role: Role,
  seed: number,
  overrides: Partial<HandshakeOptions> = {},
  keySeed: number = seed,
): Promise<Party> {
  const { signer, identity } = await testSigner(seed)
  const key = await testCrypto.agreementKey(fill((keySeed + 100) % 256))
  const handshake = createHandshake({
    role,
    identity,
    expect: null,
    demandProof: false,
    networkKey,
    binding: new TextEncoder().encode('memory'),
    challenge: { publicKey: key.publicKey, random: fill((keySeed + 200) % 256) },
    head: null,
    pairingSecret: null,
    crypto: testCrypto,
    timeoutMs: 10_000,
    ...overrides,
  })
  const sent: Uint8Array[] = []
  const signed: Uint8Array[] = []
  let outcome: Established | Refusal | null = null
  let agreedSecret: Uint8Array | null = null
  const recorder = {
    publicKey: signer.publicKey,
    signBytes(message: Uint8Array) {
      signed.push(message)
      return signer.signBytes(message)
    },
  }

  async function feed(event: HandshakeEvent): Promise<void> {
    for (const effect of handshake.step(event)) {
      if (effect.type === 'send') sent.push(effect.frame)
      else if (effect.type === 'agree') {
        agreedSecret = await key.agree(effect.publicKey)
        await feed({ type: 'agreed', secret: agreedSecret })
      } else if (effect.type === 'sign') {
        await feed({ type: 'signed', signature: await sign('session', effect.value, recorder) })
      } else if (effect.type === 'verify') {
        await feed({ type: 'verified', valid: (await testCrypto.verify(effect.checks)).every(Boolean) })
      } else if (effect.type === 'established') outcome = effect.remote
      else if (effect.type === 'close') outcome = effect.code
    }
  }

  return {
    role,
    identity,
    sent,
    signed,
    get outcome() {
      return outcome
    },
    get agreedSecret() {
      return agreedSecret
    },
    feed,
  }
}

/** What becomes of the `index`-th frame of `from`; null drops it. */
export type Tamper = (from: Role, index: number, frame: Uint8Array) => Uint8Array | null

/** Delivers until nobody has anything more to say, or, like a link, until one of them has closed. */
export async function exchange(
  dialler: Party,
  acceptor: Party,
  tamper: Tamper = (_from, _index, frame) => frame,
): Promise<void> {
  const delivered = { dialler: 0, acceptor: 0 }
  await dialler.feed({ type: 'opened' })
  await acceptor.feed({ type: 'opened' })
  for (let moved = true; moved; ) {
    moved = false
    for (const [from, to] of [
      [dialler, acceptor],
      [acceptor, dialler],
    ] as const) {
      const index = delivered[from.role]
      const frame = from.sent[index]
      if (frame === undefined || to.outcome !== null) continue
      delivered[from.role]++
      moved = true
      const arriving = tamper(from.role, index, frame)
      if (arriving !== null) await to.feed({ type: 'frame', frame: arriving })
    }
  }
}

export function established(party: Party): Established {
  if (party.outcome === null || typeof party.outcome === 'string') {
    throw new Error(`${party.role}: ${party.outcome ?? 'still waiting'}`)
  }
  return party.outcome
}

/** Alice dials Bob, both knowing of each other. */
export async function pair(
  dialler: Partial<HandshakeOptions> = {},
  acceptor: Partial<HandshakeOptions> = {},
): Promise<readonly [Party, Party]> {
  return [
    await createParty('dialler', alice, { expect: bobIdentity, ...dialler }),
    await createParty('acceptor', bob, { demandProof: true, ...acceptor }),
  ]
}

export function headerOf(frame: Uint8Array): FrameHeader {
  const decoded = decodeFrame(frame)
  if (!decoded.ok) throw new Error(decoded.error.code)
  return decoded.value.header
}

/** The frame with some fields changed and, as everybody can who knows the network key, its MAC made right. */
export function rewrite(frame: Uint8Array, changes: Partial<SessionRequest>): Uint8Array {
  const request = { ...headerOf(frame), ...changes } as unknown as SessionRequest
  return encodeFrame({ ...request, network: networkProof(testCrypto, networkKey, request), ...changes })
}

/** The sealed auth that `acceptor`, with X25519 and random of its own, would send; signed by `seed`, saying what it likes. */
export async function impersonate(
  acceptor: Party,
  dialler: Party,
  seed: number,
  claim: Partial<SessionAuth> = {},
): Promise<Uint8Array> {
  const { signer, identity } = await testSigner(seed)
  const transcript = transcriptOf(dialler, acceptor)
  const { challenge } = headerOf(firstFrame(dialler)) as unknown as SessionRequest
  const { publicKey } = decodeChallenge(challenge)
  const shared = await (await testCrypto.agreementKey(fill(seed + 100))).agree(publicKey)
  if (shared === null) throw new Error('no secret')
  const value: JsonObject = { role: 'acceptor', th: encodeBase64url(transcript), identity, head: null }
  const signature = await signer.signBytes(utf8(`effigy/session/1\n${JSON.stringify(value)}`))
  const auth: SessionAuth = {
    type: 'sessionauth',
    identity,
    head: null,
    signature: encodeBase64url(signature),
    ...claim,
  }
  return testCrypto.seal(
    handshakeKey(testCrypto, shared, transcript, 'acceptor'),
    sealingNonce(0),
    new Uint8Array(0),
    encodeFrame(auth),
  )
}

export function transcriptOf(dialler: Party, acceptor: Party): Uint8Array {
  return firstTranscript(testCrypto, {
    networkKey,
    binding: utf8('memory'),
    diallerRequest: firstFrame(dialler),
    acceptorRequest: firstFrame(acceptor),
  })
}

function firstFrame({ sent: [frame], role }: Party): Uint8Array {
  if (frame === undefined) throw new Error(`${role} has sent nothing`)
  return frame
}
