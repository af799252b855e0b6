/** Sealed signed offers, and what hubs make of them (V67, V68, T7). */
import {
  encodeBase64url,
  identityOfKey,
  type JsonObject,
  offerId,
  parseBase64url,
  parseUtf8,
  signOffer,
  utf8,
} from '@effigy/core'
import { agePrefix, sealAge } from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxSignalBytes } from '../limits.ts'
import { maxOfferBytes, openOffer, type SealedOffer, sealOffer } from './offer.ts'
import { createOfferWindow, offerLifeMs } from './offer-window.ts'

const crypto = createNodeCrypto()
const atMs = 1_790_000_000_000

async function person() {
  const signer = await crypto.signer(crypto.randomBytes(32))
  const box = await crypto.agreementKey(crypto.randomBytes(32))
  return { signer, box, identity: identityOfKey(signer.publicKey) }
}
type Person = Awaited<ReturnType<typeof person>>
const [alice, bob, carol, hub] = await Promise.all([person(), person(), person(), person()])

const sdp = `v=0\r\na=fingerprint:sha-256 ${'AB:'.repeat(31)}AB\r\na=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\n`
const payload: JsonObject = { type: 'webrtc-offer', sdp }

async function seal(
  from: Person,
  to: Person,
  what: JsonObject = payload,
  now = atMs,
): Promise<SealedOffer['bytes']> {
  const sealed = await sealOffer(to.identity, [to.box.publicKey], what, {
    ...from,
    crypto,
    random: crypto.randomBytes,
    now: () => now,
  })
  if (!sealed.ok) throw new Error(sealed.error.code)
  return sealed.value.bytes
}

function receiver(who: Person, now: () => number = () => atMs, floor: number | null = null) {
  const kept: number[] = []
  const window = createOfferWindow({ now, floor, keepFloor: (at) => kept.push(at) })
  const open = async (bytes: Uint8Array, from = alice.identity): Promise<string> => {
    const opened = await openOffer(bytes, from, {
      identity: who.identity,
      keys: [who.box],
      crypto,
      window,
    })
    return opened.ok ? `ok ${String(opened.value.payload.type)}` : opened.error.code
  }
  return { open, kept }
}

/** As a hub does that has keys of its own: a body of its choice, for bob. */
async function forge(record: Uint8Array, text: string, from = alice.identity, context = 'offer') {
  const body = [parseUtf8(record) ?? '', text]
  const sealed = await sealAge({ from, context, body, recipients: [bob.box.publicKey], crypto })
  if (!sealed.ok) throw new Error(sealed.error.code)
  return parseBase64url(sealed.value.slice(agePrefix.length)) as Uint8Array
}

const text = JSON.stringify(payload)
const claim = {
  from: alice.identity,
  to: bob.identity,
  id: offerId(new Uint8Array(16).fill(1)),
  at: atMs,
  hash: encodeBase64url(crypto.sha256(utf8(text))),
}

test('[V67] an offer is opened by whom it is for, once, with its sender', async () => {
  const { open } = receiver(bob)
  const bytes = await seal(alice, bob)
  expect(bytes.length).toBeLessThanOrEqual(maxSignalBytes)
  expect(await open(bytes)).toBe('ok webrtc-offer')
  expect(await open(bytes)).toBe('seen')
})

describe('[V67] [T7] a hub that rewrites offers ten ways: ten refused', async () => {
  const good = await seal(alice, bob)
  const flipped = good.slice()
  flipped[flipped.length - 20] = (flipped[flipped.length - 20] as number) ^ 1
  const signedByAlice = await signOffer(claim, alice.signer)
  const rewritten = text.replace('192.0.2.1', '198.51.100.1')
  const ownHash = encodeBase64url(crypto.sha256(utf8(rewritten)))
  const ways: readonly [string, Uint8Array, string, string?][] = [
    ['a bit of it flipped', flipped, 'encoding'],
    ['cut', good.subarray(0, good.length - 40), 'encoding'],
    ["another one's in its place, under this name", await seal(carol, bob), 'forged'],
    ['under another name', good, 'forged', carol.identity],
    ['meant for somebody else', await seal(alice, carol), 'not-for-us'],
    [
      'opened by whom it was for, sealed anew for us',
      await forge(await signOffer({ ...claim, to: carol.identity }, alice.signer), text),
      'not-for-us',
    ],
    ['its candidates rewritten, under the true signature', await forge(signedByAlice, rewritten), 'altered'],
    [
      "its fingerprint rewritten, signed by the hub in the sender's name",
      await forge(await signOffer({ ...claim, hash: ownHash }, hub.signer), rewritten),
      'forged',
    ],
    [
      "the hub's own, with the sender's name outside",
      await forge(await signOffer({ ...claim, from: hub.identity }, hub.signer), text),
      'forged',
    ],
    [
      'kept for over a minute',
      await forge(await signOffer({ ...claim, at: atMs - 60_001 }, alice.signer), text),
      'late',
    ],
  ]
  test.for(ways)('%s', async ([, bytes, code, from]) => {
    const { open } = receiver(bob)
    expect(await open(bytes, (from ?? alice.identity) as typeof alice.identity)).toBe(code)
    // And nothing of it is in the way of the true one.
    expect(await open(good)).toBe('ok webrtc-offer')
  })
})

test('[V67] [T1] another use of the seal, and bodies of another shape', async () => {
  const { open } = receiver(bob)
  const record = await signOffer(claim, alice.signer)
  expect(await open(await forge(record, text, alice.identity, 'drop'))).toBe('encoding')
  expect(await open(await forge(utf8('{}'), text))).toBe('encoding')
  for (const what of ['[]', '7', '{"type":7}', '{"type":""}', `{"type":"${'x'.repeat(65)}"}`, '{"a":1}']) {
    const hash = encodeBase64url(crypto.sha256(utf8(what)))
    expect(await open(await forge(await signOffer({ ...claim, hash }, alice.signer), what))).toBe('encoding')
  }
})

test('[V67] truncated at each length, random, oversize: refused, never thrown', async () => {
  const { open } = receiver(bob)
  const good = await seal(alice, bob, { type: 'x' })
  for (let length = 0; length < good.length; length += 7) {
    expect(await open(good.subarray(0, length))).not.toMatch(/^ok/)
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      expect(await open(bytes)).not.toMatch(/^ok/)
    }),
    { numRuns: 50 },
  )
  expect(await open(new Uint8Array(maxSignalBytes + 1))).toBe('too-large')
})

test('[V67] what cannot be offered is not', async () => {
  const ports = { ...alice, crypto, random: crypto.randomBytes, now: () => atMs }
  const codeOf = async (what: JsonObject, keys = [bob.box.publicKey]) => {
    const sealed = await sealOffer(bob.identity, keys, what, ports)
    return sealed.ok ? 'ok' : sealed.error.code
  }
  expect(await codeOf({ type: 'x', text: 'a'.repeat(maxOfferBytes - 25) })).toBe('ok')
  expect(await codeOf({ type: 'x', text: 'a'.repeat(maxOfferBytes) })).toBe('too-large')
  // Written twice as JSON each of these takes seven bytes.
  expect(await codeOf({ type: 'x', text: '\u0001'.repeat(1_350) })).toBe('ok')
  expect(await codeOf({ text: 'x' })).toBe('invalid')
  expect(await codeOf({ type: 'x', at: 0.5 })).toBe('invalid')
  expect(await codeOf({ type: 'x' }, [])).toBe('no-recipients')
  expect(await codeOf({ type: 'x' }, [new Uint8Array(32)])).toBe('bad-recipient')
})

describe('the window', () => {
  test('[V68] 60 s of both clocks, and not a ms more', async () => {
    const { open } = receiver(bob)
    for (const [ms, code] of [
      [-offerLifeMs - 1, 'late'],
      [-offerLifeMs, 'ok webrtc-offer'],
      [offerLifeMs, 'ok webrtc-offer'],
      [offerLifeMs + 1, 'early'],
    ] as const) {
      expect(await open(await seal(alice, bob, payload, atMs + ms))).toBe(code)
    }
  })

  test('[V68] no time, no clock that is set back, no restart makes one new again', async () => {
    let now = atMs
    const { open, kept } = receiver(bob, () => now)
    const one = await seal(alice, bob, payload, atMs + 5)
    expect(await open(one)).toBe('ok webrtc-offer')
    now += offerLifeMs + 10
    expect(await open(one)).toBe('late')
    expect(await open(await seal(alice, bob, payload, now))).toBe('ok webrtc-offer')
    now = atMs
    expect(await open(one)).toBe('late')
    expect(kept).toEqual([atMs + 5, atMs + offerLifeMs + 10])
    const restarted = receiver(bob, () => atMs, atMs + 5)
    expect(await restarted.open(one)).toBe('late')
    expect(await restarted.open(await seal(alice, bob, payload, atMs + 6))).toBe('ok webrtc-offer')
  })

  test('[V68] a clock that was years ahead makes offers late for a minute after it is set right, whatever restarts', async () => {
    const years = 5 * 365 * 24 * 60 * 60 * 1000
    let now = atMs + years
    const first = receiver(bob, () => now)
    expect(await first.open(await seal(alice, bob, payload, now))).toBe('ok webrtc-offer')
    const offerIn = (ms: number) => seal(alice, bob, payload, atMs + ms)
    const [atOnce, soon] = [await offerIn(0), await offerIn(offerLifeMs + 1)]
    now = atMs
    expect(await first.open(atOnce)).toBe('late')
    now = atMs + offerLifeMs + 1
    expect(await first.open(soon)).toBe('ok webrtc-offer')
    expect(first.kept).toEqual([atMs + years, atMs + offerLifeMs, atMs + offerLifeMs + 1])

    // It was set right while nothing ran; and nothing runs for long.
    let floor: number = atMs + years
    for (const [ms, code] of [
      [0, 'late'],
      [30_000, 'late'],
      [offerLifeMs + 1, 'ok webrtc-offer'],
    ] as const) {
      const short = receiver(bob, () => atMs + ms, floor)
      expect(await short.open(await offerIn(ms))).toBe(code)
      floor = short.kept.at(-1) ?? floor
    }
  })

  test('[V68] what is up to two minutes ahead is taken for a clock that was set back a little: none comes twice', async () => {
    let now = atMs
    const { open, kept } = receiver(bob, () => now)
    const one = await seal(alice, bob, payload, atMs + offerLifeMs)
    expect(await open(one)).toBe('ok webrtc-offer')
    now = atMs - offerLifeMs
    expect(await open(await seal(alice, bob, payload, now))).toBe('ok webrtc-offer')
    expect(kept).toEqual([atMs + offerLifeMs])
    const restarted = receiver(bob, () => atMs, kept[0])
    expect([await open(one), await restarted.open(one)]).toEqual(['early', 'late'])
    now = atMs
    expect(await open(one)).toBe('seen')
  })

  test('[V68] [T16] what came while the clock was years ahead takes no places when it is set right', () => {
    let now = 2 * atMs
    const window = createOfferWindow({ now: () => now, floor: null, keepFloor() {} })
    const admit = (n: number) => window.admit('a' as never, String(n), now)
    for (let n = 0; n < 256; n++) expect(admit(n)).toBe('new')
    now = atMs
    expect(admit(256)).toBe('late')
    now += offerLifeMs + 1
    expect(admit(256)).toBe('new')
  })

  test('[V68] [T16] of one sender 256 are remembered, of all 16,384; what is forgotten makes room', () => {
    let now = atMs
    const window = createOfferWindow({ now: () => now, floor: null, keepFloor() {} })
    const admit = (from: string, n: number) => window.admit(from as never, String(n), now)
    for (let n = 0; n < 256; n++) expect(admit('a', n)).toBe('new')
    expect(admit('a', 256)).toBe('full')
    expect(admit('b', 0)).toBe('new')
    for (let n = 257; n < 16_384; n++) expect(admit(`c${n}`, n)).toBe('new')
    expect(admit('d', 0)).toBe('full')
    now += offerLifeMs + 1
    expect(admit('a', 0)).toBe('new')
  })
})
