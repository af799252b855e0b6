import { encodeBase64url, parseBase64url, utf8 } from '@effigy/core'
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
  type Party,
  pair,
  rewrite,
  testCrypto,
  testHead,
  transcriptOf,
} from '../../test/handshake-kit.ts'
import { encodeFrame } from '../frame.ts'
import type { SessionRequest } from '../messages.ts'
import { sealingNonce } from '../sealing.ts'
import { exporterKey, handshakeKey, nextTranscript } from './transcript.ts'

describe('two honest sides', () => {
  test('[A1] [A5] [A6] come to the same keys and know each other', async () => {
    const [aliceHead, bobHead] = [await testHead(alice), await testHead(bob)]
    const [a, b] = await pair({ head: headText(aliceHead) }, { head: headText(bobHead) })
    await exchange(a, b)
    expect(established(a).keys).toEqual(established(b).keys)
    expect(established(a)).toMatchObject({ identity: bobIdentity, head: bobHead })
    expect(established(b)).toMatchObject({ identity: aliceIdentity, head: aliceHead })
    const { dialler, acceptor, exporter } = established(a).keys
    expect(dialler).not.toEqual(acceptor)
    expect(exporterKey(testCrypto, exporter, 'emoji')).not.toEqual(exporterKey(testCrypto, exporter, 'want'))
  })

  test('[A8] at first contact the dialler takes whoever is there', async () => {
    const [a, b] = await pair({ expect: null }, { demandProof: false })
    await exchange(a, b)
    expect(established(a).identity).toBe(bobIdentity)
  })

  test('[A1] each sends its request at once, and one sealed auth', async () => {
    const [a, b] = await pair()
    await exchange(a, b)
    expect([a.sent.length, b.sent.length]).toEqual([2, 2])
    for (const party of [a, b]) expect(new TextDecoder().decode(party.sent[1])).not.toContain('did:key')
  })
})

describe('[A2] refused without a further byte', () => {
  /** Sends frames to a party that is already open; tells what it said after that. */
  async function answerTo(party: Party, ...frames: Uint8Array[]) {
    await party.feed({ type: 'opened' })
    const before = party.sent.length
    for (const frame of frames) await party.feed({ type: 'frame', frame })
    return { refusal: party.outcome, answers: party.sent.length - before }
  }

  async function diallerRequest(changes: Partial<SessionRequest> = {}): Promise<Uint8Array> {
    const [a] = await pair()
    await a.feed({ type: 'opened' })
    return rewrite(a.sent[0]!, changes)
  }

  test('the request as it is, is answered', async () => {
    const [, b] = await pair()
    expect(await answerTo(b, await diallerRequest())).toEqual({ refusal: null, answers: 1 })
  })

  test.each<[string, Partial<SessionRequest>, string]>([
    ['no common version', { v: [2, 3] }, 'version'],
    ['own role', { role: 'acceptor' }, 'role'],
    ['another network', { network: encodeBase64url(fill(1)) }, 'network'],
    ['no proof where one is demanded', { to: null }, 'proof'],
    ['a proof for somebody else', { to: encodeBase64url(fill(1, 16)) }, 'proof'],
    ['an all-zero key', { challenge: encodeBase64url(fill(0, 64)), to: null }, 'proof'],
    ['versions out of order', { v: [2, 1] }, 'bad-frame'],
    ['a challenge that is too short', { challenge: encodeBase64url(fill(5, 63)) }, 'bad-frame'],
  ])('%s', async (_name, changes, code) => {
    const [, b] = await pair()
    expect(await answerTo(b, await diallerRequest(changes))).toEqual({ refusal: code, answers: 0 })
  })

  test('a newer version beside ours is no reason', async () => {
    const [, b] = await pair()
    expect(await answerTo(b, await diallerRequest({ v: [1, 9] }))).toEqual({ refusal: null, answers: 1 })
  })

  test('every key of small order gives an all-zero secret', async () => {
    const smallOrder = [fill(0), Uint8Array.of(1, ...fill(0, 31))]
    for (const publicKey of smallOrder) {
      const [, b] = await pair({}, { demandProof: false })
      const challenge = encodeBase64url(new Uint8Array([...publicKey, ...fill(7)]))
      expect(await answerTo(b, await diallerRequest({ challenge, to: null }))).toEqual({
        refusal: 'agreement',
        answers: 0,
      })
    }
  })

  test('another network key', async () => {
    const [a, b] = await pair({ networkKey: fill(77) })
    await exchange(a, b)
    expect([a.outcome, b.outcome]).toEqual(['network', 'network'])
    expect([a.sent.length, b.sent.length]).toEqual([1, 1])
  })

  test('our own request, or one with our key or our random bytes', async () => {
    const [a] = await pair()
    await a.feed({ type: 'opened' })
    const own = a.sent[0]!
    const challenge = parseBase64url(headerOf(own).challenge as string)!
    const ownKey = encodeBase64url(new Uint8Array([...challenge.subarray(0, 32), ...fill(9)]))
    const ownRandom = encodeBase64url(new Uint8Array([...fill(9), ...challenge.subarray(32)]))
    const reflections: [Uint8Array, string][] = [
      [own, 'role'],
      [rewrite(own, { role: 'acceptor', to: null }), 'reflected'],
      [rewrite(own, { role: 'acceptor', to: null, challenge: ownKey }), 'reflected'],
      [rewrite(own, { role: 'acceptor', to: null, challenge: ownRandom }), 'reflected'],
    ]
    for (const [frame, code] of reflections) {
      const [victim] = await pair()
      expect(await answerTo(victim, frame)).toEqual({ refusal: code, answers: 0 })
    }
  })

  test('own identity, expected or met', async () => {
    const [lonely] = await pair({ expect: aliceIdentity })
    expect(await answerTo(lonely)).toEqual({ refusal: 'self', answers: 0 })
    const a = await createParty('dialler', alice)
    const twin = await createParty('acceptor', alice, {}, 60)
    await exchange(a, twin)
    expect([a.outcome, a.sent.length, a.signed.length]).toEqual(['self', 1, 0])
  })

  test('another channel binding', async () => {
    const [a, b] = await pair({ binding: utf8('ws') })
    await exchange(a, b)
    expect([a.outcome, a.sent.length, b.outcome]).toEqual(['bad-seal', 1, null])
  })
})

describe('who is shown what', () => {
  test('[A8] the dialler shows nothing of itself to anybody but the one it expected', async () => {
    const a = await createParty('dialler', alice, {
      expect: bobIdentity,
      head: headText(await testHead(alice)),
    })
    const m = await createParty('acceptor', mallory)
    // Mallory knows Bob's name, so she passes the proof on to be taken for him.
    await exchange(a, m, (from, _index, frame) => (from === 'dialler' ? rewrite(frame, { to: null }) : frame))
    expect(a.outcome).toBe('bad-seal')
    const honest = await createParty('acceptor', mallory)
    const again = await createParty('dialler', alice, {
      expect: bobIdentity,
      head: headText(await testHead(alice)),
    })
    await again.feed({ type: 'opened' })
    await honest.feed({ type: 'opened' })
    await again.feed({ type: 'frame', frame: honest.sent[0]! })
    await again.feed({ type: 'frame', frame: await impersonate(honest, again, mallory) })
    expect(again.outcome).toBe('identity')
    for (const victim of [a, again]) {
      expect(victim.sent.length).toBe(1)
      expect(victim.signed.length).toBe(0)
      expect(new TextDecoder().decode(victim.sent[0])).not.toContain(aliceIdentity)
    }
  })

  test('[A2] an acceptor that demands proof shows and signs nothing without it', async () => {
    const stranger = await createParty('dialler', mallory, { expect: null })
    const b = await createParty('acceptor', bob, { demandProof: true })
    await exchange(stranger, b)
    expect([b.outcome, b.sent.length, b.signed.length]).toEqual(['proof', 1, 0])
  })

  test('[A5] a head record that is false or another identity’s refuses the session', async () => {
    const forged = headText({ ...(await testHead(bob)), signature: fill(1, 64) })
    for (const [head, code] of [
      [forged, 'signature'],
      [headText(await testHead(mallory)), 'head'],
      ['{}\n', 'head'],
    ] as const) {
      const [a, b] = await pair({}, { head })
      await exchange(a, b)
      expect([a.outcome, a.sent.length]).toEqual([code, 1])
    }
  })
})

test('[A5] [E3] a head record of a later version is none', async () => {
  const head = headText(await testHead(bob)).replace('{"v":1,', '{"v":2,"more":[],')
  const [a, b] = await pair({}, { head })
  await exchange(a, b)
  expect(established(a)).toMatchObject({ identity: bobIdentity, head: null })
  expect(established(b).keys).toEqual(established(a).keys)
})

describe('[A9] pairing', () => {
  const secret = fill(5, 16)

  test('both sides come to the same keys; commit, request, request, auth, auth', async () => {
    const [a, b] = await pair({ pairingSecret: secret }, { pairingSecret: secret })
    await exchange(a, b)
    expect(established(a).keys).toEqual(established(b).keys)
    expect(a.sent.slice(0, 2).map((frame) => headerOf(frame).type)).toEqual([
      'sessioncommit',
      'sessionrequest',
    ])
    expect(headerOf(b.sent[0]!).type).toBe('sessionrequest')
  })

  test('the acceptor is silent before the commitment, the dialler before the acceptor’s request', async () => {
    const [a, b] = await pair({ pairingSecret: secret }, { pairingSecret: secret })
    await a.feed({ type: 'opened' })
    await b.feed({ type: 'opened' })
    expect([a.sent.length, b.sent.length]).toEqual([1, 0])
    await b.feed({ type: 'frame', frame: a.sent[0]! })
    expect([a.sent.length, b.sent.length]).toEqual([1, 1])
  })

  test('[A4] [T8] who dials without the code learns not even who is there, and gets no session', async () => {
    for (const guess of [fill(6, 16), new Uint8Array(0)]) {
      const known = { demandProof: false, pairingSecret: secret }
      const [a, b] = await pair({ expect: null, pairingSecret: guess }, known)
      await exchange(a, b)
      // The dialler shows nothing either; the acceptor waits until its time is over.
      expect([a.outcome, a.sent.length, a.signed.length, b.outcome]).toEqual(['bad-seal', 2, 0, null])
      const th1 = transcriptOf({ ...a, sent: a.sent.slice(1) }, b)
      const key = handshakeKey(testCrypto, a.agreedSecret!, th1, 'acceptor')
      expect(testCrypto.open(key, sealingNonce(0), new Uint8Array(0), b.sent[1]!)).toBe(null)
      await b.feed({
        type: 'frame',
        frame: testCrypto.seal(key, sealingNonce(0), new Uint8Array(0), fill(1)),
      })
      expect([b.outcome, b.sent.length]).toEqual(['bad-seal', 2])
    }
  })

  test('a request other than the one committed to is refused', async () => {
    const [a, b] = await pair({ pairingSecret: secret }, { pairingSecret: secret })
    await exchange(a, b, (from, index, frame) =>
      from === 'dialler' && index === 0
        ? encodeFrame({ type: 'sessioncommit', hash: encodeBase64url(fill(1)) })
        : frame,
    )
    expect([b.outcome, b.sent.length, b.signed.length]).toEqual(['commitment', 1, 0])
  })

  test('a commitment outside pairing is refused, and its absence inside', async () => {
    const [a, b] = await pair({ pairingSecret: secret })
    await exchange(a, b)
    expect([b.outcome, b.signed.length]).toEqual(['bad-frame', 0])
    const [plain, pairing] = await pair({}, { pairingSecret: secret })
    await exchange(plain, pairing)
    expect([pairing.outcome, pairing.sent.length]).toEqual(['bad-frame', 0])
  })
})

test('[A6] the transcript takes in both auths', async () => {
  const [a, b] = await pair()
  await exchange(a, b)
  const second = nextTranscript(testCrypto, transcriptOf(a, b), b.sent[1]!)
  expect(new TextDecoder().decode(a.signed[0])).toContain(encodeBase64url(second))
})
