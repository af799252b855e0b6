import { encodeBase64url, utf8 } from '@effigy/core'
import { createRandom, damaged, mutations, truncations } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  alice,
  aliceIdentity,
  bob,
  bobIdentity,
  createParty,
  established,
  exchange,
  fill,
  headerOf,
  headText,
  impersonate,
  mallory,
  networkKey,
  pair,
  rewrite,
  testCrypto,
  testHead,
  testSigner,
  transcriptOf,
} from '../../test/handshake-kit.ts'
import { encodeFrame } from '../frame.ts'
import type { SessionRequest } from '../messages.ts'
import { sealingNonce } from '../sealing.ts'
import { createHandshake, type HandshakeEvent } from './handshake.ts'
import { handshakeKey, knowledgeProof, type Role } from './transcript.ts'

describe('[T8] in between', () => {
  test('requests relayed to a third party: the dialler meets somebody it did not expect', async () => {
    const { identity: malloryIdentity } = await testSigner(mallory)
    const a = await createParty('dialler', alice, { expect: malloryIdentity })
    const b = await createParty('acceptor', bob, { demandProof: true })
    // Mallory, whom Alice dials, wants Bob to believe that Alice is dialling him.
    await exchange(a, b, (from, index, frame) => {
      if (from === 'acceptor' || index > 0) return frame
      const { challenge } = headerOf(frame) as unknown as SessionRequest
      return rewrite(frame, { to: knowledgeProof(testCrypto, bobIdentity, challenge) })
    })
    expect(typeof a.outcome).toBe('string')
    expect(a.signed.length).toBe(0)
    expect(b.outcome).toBe(null)
  })

  test('relayed byte for byte, the third party sees that somebody else is meant', async () => {
    const { identity: malloryIdentity } = await testSigner(mallory)
    const a = await createParty('dialler', alice, { expect: malloryIdentity })
    const b = await createParty('acceptor', bob, { demandProof: false })
    await exchange(a, b)
    expect([b.outcome, b.sent.length, b.signed.length]).toEqual(['proof', 1, 0])
    expect([a.outcome, a.sent.length, a.signed.length]).toEqual([null, 1, 0])
  })

  test('an auth made for Mallory is worth nothing at Bob', async () => {
    const { identity: malloryIdentity } = await testSigner(mallory)
    // Alice really dials Mallory, and proves herself to her.
    const a = await createParty('dialler', alice, { expect: malloryIdentity })
    const atAlice = await createParty('acceptor', mallory)
    await exchange(a, atAlice)
    const { keys } = established(atAlice)
    expect(keys).toEqual(established(a).keys)
    // Mallory dials Bob, and shows him Alice's auth, sealed anew.
    const b = await createParty('acceptor', bob, { demandProof: true })
    const atBob = await createParty('dialler', mallory, { expect: bobIdentity })
    await b.feed({ type: 'opened' })
    await atBob.feed({ type: 'opened' })
    await b.feed({ type: 'frame', frame: atBob.sent[0]! })
    await atBob.feed({ type: 'frame', frame: b.sent[0]! })
    const aliceAuth = testCrypto.open(
      handshakeKey(testCrypto, atAlice.agreedSecret!, transcriptOf(a, atAlice), 'dialler'),
      sealingNonce(0),
      new Uint8Array(0),
      a.sent[1]!,
    )!
    expect(headerOf(aliceAuth).identity).toBe(aliceIdentity)
    const key = handshakeKey(testCrypto, atBob.agreedSecret!, transcriptOf(atBob, b), 'dialler')
    const before = b.sent.length
    await b.feed({
      type: 'frame',
      frame: testCrypto.seal(key, sealingNonce(0), new Uint8Array(0), aliceAuth),
    })
    expect([b.outcome, b.sent.length]).toEqual(['signature', before])
  })

  test('who replaces both challenges cannot speak for either side', async () => {
    const [a, b] = await pair()
    const m = await createParty('acceptor', mallory)
    await a.feed({ type: 'opened' })
    await b.feed({ type: 'opened' })
    await m.feed({ type: 'opened' })
    await a.feed({ type: 'frame', frame: m.sent[0]! })
    // Bob's name over Mallory's signature.
    await a.feed({ type: 'frame', frame: await impersonate(m, a, mallory, { identity: bobIdentity }) })
    expect([a.outcome, a.sent.length, a.signed.length]).toEqual(['signature', 1, 0])
  })

  test('a peer is no signing oracle: whatever the other side chooses, only the session’s own words are signed', async () => {
    const head = headText(await testHead(bob))
    const wanted = utf8('effigy/entry/1\n{"v":1,"identity":"did:key:z6Mk')
    const random = new Uint8Array(32)
    random.set(wanted.subarray(0, 32))
    const b = await createParty('acceptor', bob, { head })
    const m = await createParty('dialler', mallory, {
      challenge: { publicKey: (await testCrypto.agreementKey(fill(mallory + 100))).publicKey, random },
    })
    await exchange(m, b)
    expect(b.signed.length).toBe(1)
    const text = new TextDecoder().decode(b.signed[0])
    const th = encodeBase64url(transcriptOf(m, b))
    expect(text).toBe(
      `effigy/session/1\n${JSON.stringify({ role: 'acceptor', th, identity: bobIdentity, head })}`,
    )
  })

  test('an acceptor’s signature does not pass as a dialler’s', async () => {
    // Bob accepts from Mallory; she shows what he signed to Carol, as if he had dialled her.
    const b = await createParty('acceptor', bob)
    const m = await createParty('dialler', mallory)
    await exchange(m, b)
    const bobAuth = testCrypto.open(
      handshakeKey(testCrypto, m.agreedSecret!, transcriptOf(m, b), 'acceptor'),
      sealingNonce(0),
      new Uint8Array(0),
      b.sent[1]!,
    )!
    const carol = await createParty('acceptor', 4)
    const again = await createParty('dialler', mallory)
    await carol.feed({ type: 'opened' })
    await again.feed({ type: 'opened' })
    await carol.feed({ type: 'frame', frame: again.sent[0]! })
    await again.feed({ type: 'frame', frame: carol.sent[0]! })
    const key = handshakeKey(testCrypto, again.agreedSecret!, transcriptOf(again, carol), 'dialler')
    await carol.feed({
      type: 'frame',
      frame: testCrypto.seal(key, sealingNonce(0), new Uint8Array(0), bobAuth),
    })
    expect(carol.outcome).toBe('signature')
  })

  test('a recorded handshake opens nothing', async () => {
    const [a, b] = await pair()
    await exchange(a, b)
    const fresh = await createParty('acceptor', bob, { demandProof: true }, 88)
    await fresh.feed({ type: 'opened' })
    for (const frame of a.sent) await fresh.feed({ type: 'frame', frame })
    expect(fresh.outcome).toBe('bad-seal')
    expect(fresh.sent.length).toBe(2)
  })
})

describe('altered frames', () => {
  /** Alters one frame; whoever gets it must refuse, and say nothing more. */
  async function refuses(
    from: Role,
    index: number,
    altered: Uint8Array,
    pairingSecret: Uint8Array | null,
  ): Promise<string> {
    const [a, b] = await pair({ pairingSecret }, { pairingSecret })
    const victim = from === 'dialler' ? b : a
    let sentBefore = -1
    await exchange(a, b, (sender, at, frame) => {
      if (sender !== from || at !== index) return frame
      sentBefore = victim.sent.length
      return altered
    })
    if (typeof victim.outcome === 'string' && victim.sent.length === sentBefore) return 'refused'
    return `${JSON.stringify(victim.outcome)}, ${victim.sent.length - sentBefore} frames more`
  }

  const places: [Role, number, boolean][] = [
    ['dialler', 0, false],
    ['dialler', 1, false],
    ['acceptor', 0, false],
    ['acceptor', 1, false],
    ['dialler', 1, true],
  ]

  test.each(places)(
    '[A2] [A5] every altered byte of the %s’s frame %i (pairing: %s) is refused',
    async (from, index, pairing) => {
      const secret = pairing ? fill(5, 16) : null
      const [a, b] = await pair({ pairingSecret: secret }, { pairingSecret: secret })
      await exchange(a, b)
      const frame = (from === 'dialler' ? a : b).sent[index]!
      let at = 0
      for (const altered of mutations(frame)) {
        // One bit a byte, each time another.
        if (at++ % 8 !== Math.floor(at / 8) % 8) continue
        expect.soft(await refuses(from, index, altered, secret), `bit ${at - 1}`).toBe('refused')
      }
    },
  )

  test('[A9] every altered byte of a commitment is refused before anything is signed', async () => {
    const pairingSecret = fill(5, 16)
    const [a] = await pair({ pairingSecret }, { pairingSecret })
    await a.feed({ type: 'opened' })
    for (let at = 0; at < a.sent[0]!.length; at++) {
      const altered = a.sent[0]!.slice()
      altered[at]! ^= 1
      const [again, victim] = await pair({ pairingSecret }, { pairingSecret })
      await exchange(again, victim, (from, index, frame) =>
        from === 'dialler' && index === 0 ? altered : frame,
      )
      expect.soft(['bad-frame', 'commitment'], `byte ${at}`).toContain(victim.outcome)
      expect.soft(victim.signed.length).toBe(0)
    }
  })

  test.each(places.slice(0, 4))(
    'truncated, lengthened or garbled: the %s’s frame %i',
    async (from, index) => {
      const [a, b] = await pair()
      await exchange(a, b)
      const frame = (from === 'dialler' ? a : b).sent[index]!
      const bad = [
        ...[...truncations(frame)].filter((_, length) => length % 29 === 0 || length === frame.length - 1),
        ...[...damaged(createRandom(`${from}${index}`), frame, 20)].filter((copy) => !equal(copy, frame)),
        new Uint8Array([...frame, 0]),
        new Uint8Array(4097).fill(0x20),
        encodeFrame({ type: 'ping', id: 1 }),
      ]
      for (const altered of bad) expect.soft(await refuses(from, index, altered, null)).toBe('refused')
    },
  )

  test('[M1] 4 KiB is the most, sealed or not', async () => {
    const a = await createParty('dialler', alice)
    await a.feed({ type: 'opened' })
    await a.feed({ type: 'frame', frame: fill(0x20, 4097) })
    expect(a.outcome).toBe('bad-frame')
  })

  test('never throws, whatever comes in whatever order', async () => {
    const event: fc.Arbitrary<HandshakeEvent> = fc.oneof(
      fc.uint8Array().map((frame) => ({ type: 'frame' as const, frame })),
      fc.constantFrom<HandshakeEvent>(
        { type: 'opened' },
        { type: 'timeout' },
        { type: 'agreed', secret: null },
        { type: 'agreed', secret: fill(3) },
        { type: 'signed', signature: fill(1, 64) },
        { type: 'verified', valid: true },
      ),
    )
    const key = await testCrypto.agreementKey(fill(1))
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 8 }),
        fc.constantFrom<Role>('dialler', 'acceptor'),
        fc.boolean(),
        (events, role, pairing) => {
          const machine = createHandshake({
            role,
            identity: aliceIdentity,
            expect: null,
            demandProof: false,
            networkKey,
            binding: utf8('memory'),
            challenge: { publicKey: key.publicKey, random: fill(2) },
            head: null,
            pairingSecret: pairing ? fill(5, 16) : null,
            crypto: testCrypto,
            timeoutMs: 10_000,
          })
          const effects = events.flatMap((next) => [...machine.step(next)])
          const closed = effects.findIndex(({ type }) => type === 'close')
          // Nothing follows a refusal, and nobody is let in without frames.
          expect(closed === -1 || closed === effects.length - 1).toBe(true)
          expect(effects.some(({ type }) => type === 'established')).toBe(false)
        },
      ),
    )
  })

  test('[A8] the time for a handshake ends it in every state', async () => {
    const [a] = await pair()
    await a.feed({ type: 'opened' })
    await a.feed({ type: 'timeout' })
    expect([a.outcome, a.sent.length]).toEqual(['timeout', 1])
    await a.feed({ type: 'frame', frame: fill(1) })
    expect(a.sent.length).toBe(1)
  })
})

const equal = (x: Uint8Array, y: Uint8Array): boolean => encodeBase64url(x) === encodeBase64url(y)
