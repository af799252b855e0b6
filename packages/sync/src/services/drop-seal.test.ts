/** Sealed drops, and those who lift, forward or repeat them (V11, V26, T28). */
import {
  type Drop,
  dropNonce,
  encodeBase64url,
  type Identity,
  identityOfKey,
  parseUtf8,
  signDrop,
} from '@effigy/core'
import { agePrefix, sealAge } from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createMemorySeen, type SeenDrops } from '@effigy/store'
import { createFakeClock } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dropMemoryMs, maxDropAheadMs, maxSealedDropBytes } from '../limits.ts'
import { openDrop, rememberDrop, sealDrop } from './drop-seal.ts'

const crypto = createNodeCrypto()
const atMs = 1_790_000_000_000

async function person() {
  const signer = await crypto.signer(crypto.randomBytes(32))
  const box = await crypto.agreementKey(crypto.randomBytes(32))
  return { signer, box, identity: identityOfKey(signer.publicKey) }
}
const [alice, bob, carol] = await Promise.all([person(), person(), person()])

function drop(changes: Partial<Drop> = {}): Drop {
  return {
    from: alice.identity,
    to: bob.identity,
    nonce: dropNonce(crypto.randomBytes(16)),
    at: atMs,
    payload: { type: 'private_note', text: 'hello' },
    ...changes,
  }
}

async function seal(value: Drop, to = bob): Promise<Uint8Array> {
  const sealed = await sealDrop(value, alice.signer, [to.box.publicKey], crypto)
  if (!sealed.ok) throw new Error(sealed.error.code)
  return sealed.value.bytes
}

interface Receiving {
  readonly who?: typeof bob
  readonly now?: () => number
  readonly seen?: SeenDrops
  readonly listedSince?: (from: Identity) => number | null
}

/** Opens, and remembers what it acts on. */
function receiver({
  who = bob,
  now = () => atMs,
  seen = createMemorySeen(),
  listedSince = () => null,
}: Receiving = {}) {
  const ports = { crypto, seen, now, listedSince }
  return async (bytes: Uint8Array): Promise<string> => {
    const opened = await openDrop(bytes, new Set([who.identity]), [who.box], ports)
    if (!opened.ok) return opened.error.code
    if (opened.value.byHand) return 'by hand'
    return rememberDrop(opened.value.drop, ports) ? 'ok' : 'seen'
  }
}

test('[V11] opened by any device of its receiver, and named by its sealed bytes', async () => {
  const phone = await person()
  const value = drop()
  const sealed = await sealDrop(value, alice.signer, [bob.box.publicKey, phone.box.publicKey], crypto)
  if (!sealed.ok) throw new Error(sealed.error.code)
  for (const { box } of [bob, phone]) {
    const ports = { crypto, seen: createMemorySeen(), now: () => atMs, listedSince: () => null }
    const opened = await openDrop(sealed.value.bytes, new Set([bob.identity]), [box], ports)
    expect(opened).toEqual({ ok: true, value: { drop: value, byHand: false } })
  }
  expect(await receiver({ who: carol })(sealed.value.bytes)).toBe('not-for-us')
})

describe('[T28] who opened a drop', () => {
  /** Seals a record anew, as whoever has opened it can. */
  async function reseal(
    record: Uint8Array,
    from: Identity,
    to = carol,
    context = 'drop',
  ): Promise<Uint8Array> {
    const body = parseUtf8(record) ?? ''
    const sealed = await sealAge({ from, context, body, recipients: [to.box.publicKey], crypto })
    if (!sealed.ok) throw new Error(sealed.error.code)
    return Uint8Array.from(
      atob(sealed.value.slice(agePrefix.length).replaceAll('-', '+').replaceAll('_', '/')),
      (c) => c.charCodeAt(0),
    )
  }

  test('cannot pass it on to somebody else', async () => {
    const record = await signDrop(drop(), alice.signer)
    expect(await receiver({ who: carol })(await reseal(record, alice.identity))).toBe('not-for-us')
  })

  test('cannot write another receiver or sender into it', async () => {
    const record = await signDrop(drop(), bob.signer)
    expect(await receiver()(await reseal(record, alice.identity, bob))).toBe('forged')
    const own = await signDrop(drop(), alice.signer)
    expect(await receiver()(await reseal(own, carol.identity, bob))).toBe('forged')
  })

  test('cannot make a drop of what was sealed for another use', async () => {
    const record = await signDrop(drop(), alice.signer)
    expect(await receiver()(await reseal(record, alice.identity, bob, 'note'))).toBe('encoding')
  })

  test('cannot send it twice, sealed anew or not', async () => {
    const open = receiver()
    const value = drop()
    const bytes = await seal(value)
    const record = await signDrop(value, alice.signer)
    expect([
      await open(bytes),
      await open(bytes),
      await open(await reseal(record, alice.identity, bob)),
    ]).toEqual(['ok', 'seen', 'seen'])
  })
})

test.for([
  [0, 'ok'],
  [-dropMemoryMs + 1, 'ok'],
  [-dropMemoryMs, 'by hand'],
  [maxDropAheadMs, 'ok'],
  [maxDropAheadMs + 1, 'by hand'],
] as const)('[V26] %d ms from our clock: %s', async ([offset, verdict]) => {
  expect(await receiver()(await seal(drop({ at: atMs + offset })))).toBe(verdict)
})

test('[V26] what could come again is remembered until it would be shown by hand', async () => {
  const clock = createFakeClock()
  const seen = createMemorySeen()
  let backMs = 0
  const open = receiver({ now: () => clock.now() - backMs, seen })
  const bytes = await seal(drop({ at: clock.now() + maxDropAheadMs }))
  expect(await open(bytes)).toBe('ok')
  await clock.advance(dropMemoryMs)
  expect(await open(bytes)).toBe('seen')
  await clock.advance(maxDropAheadMs)
  expect(await open(bytes)).toBe('seen')
  seen.expire(clock.now(), 9)
  expect(await open(bytes)).toBe('by hand')
  // T24: a clock that goes back brings nothing back.
  backMs = dropMemoryMs
  expect(await open(bytes)).toBe('by hand')
})

test('[V26] nothing is remembered by opening: what is lost before it was copied comes again, and is acted on once', async () => {
  const ports = { crypto, seen: createMemorySeen(), now: () => atMs, listedSince: () => null }
  const bytes = await seal(drop())
  const open = () => openDrop(bytes, new Set([bob.identity]), [bob.box], ports)
  const both = await Promise.all([open(), open()])
  const acted = both.map((opened) => opened.ok && rememberDrop(opened.value.drop, ports))
  expect(acted).toEqual([true, false])
  expect(await open()).toMatchObject({ error: { code: 'seen' } })
})

describe('[V27] [T17] [T28] a flood of drops', () => {
  const room = { listed: 3, others: 3 }
  const at = (offset: number) => seal(drop({ at: atMs + offset }))

  test('from others makes nobody act twice: what may have been here is shown by hand', async () => {
    const open = receiver({ seen: createMemorySeen(room) })
    const first = await at(0)
    expect(await open(first)).toBe('ok')
    for (let n = 1; n <= 3; n++) expect(await open(await at(n))).toBe('ok')
    expect(await open(first)).toBe('by hand')
    expect(await open(await at(1))).toBe('ok')
    expect(await open(await at(-1))).toBe('by hand')
  })

  test('of far times leaves no mark that puts all later ones into doubt', async () => {
    const seen = createMemorySeen()
    const clock = { ms: atMs }
    const ports = { crypto, seen, now: () => clock.ms, listedSince: () => null }
    const open = (bytes: Uint8Array) => openDrop(bytes, new Set([bob.identity]), [bob.box], ports)
    for (const ahead of [2 ** 52, dropMemoryMs + 1]) {
      expect(await open(await at(ahead))).toMatchObject({ error: { code: 'ahead' } })
    }
    const far = await at(dropMemoryMs)
    const opened = await open(far)
    expect(opened).toMatchObject({ ok: true, value: { byHand: true } })
    if (opened.ok) rememberDrop(opened.value.drop, ports)
    // Until its own time is long over it comes no second time.
    for (clock.ms = atMs; clock.ms < atMs + 3 * dropMemoryMs; clock.ms += maxDropAheadMs) {
      seen.expire(clock.ms, 9)
      const again = await open(far)
      expect(again.ok && !again.value.byHand).toBe(false)
      expect(await open(await at(clock.ms - atMs))).toMatchObject({ ok: true, value: { byHand: false } })
    }
  })

  test('from others takes no room from those on the list', async () => {
    let listed = atMs - 2 * maxDropAheadMs
    const others = new Set<Identity>()
    const open = receiver({
      seen: createMemorySeen(room),
      listedSince: (from) => (others.has(from) ? null : listed),
    })
    const first = await at(0)
    expect(await open(first)).toBe('ok')
    others.add(alice.identity)
    for (let n = 1; n <= 9; n++) await open(await at(n))
    others.clear()
    expect(await open(first)).toBe('seen')
    expect(await open(await at(0))).toBe('ok')
    // Who was no friend yet when it was sent may have been one of those that were forgotten.
    listed = atMs
    expect(await open(await at(0))).toBe('by hand')
  })
})

test('[V11] damaged, cut and made-up bytes are refused, never thrown at', async () => {
  const bytes = await seal(drop())
  const open = receiver()
  for (let length = 0; length < bytes.length; length += 13)
    expect(await open(bytes.slice(0, length))).not.toBe('ok')
  for (let bit = 0; bit < bytes.length * 8; bit += 97) {
    const flipped = new Uint8Array(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
    expect(await open(flipped)).not.toBe('ok')
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (any) => {
      expect(await open(any)).not.toBe('ok')
    }),
  )
  expect(await open(new Uint8Array(maxSealedDropBytes + 1))).toBe('too-large')
  expect(encodeBase64url(bytes).length).toBeGreaterThan(0)
})

test('[V11] too much text, too many devices and a bad box key are refused before anything is sent', async () => {
  const long = drop({ payload: { type: 'x-long', text: '"'.repeat(30_000) } })
  const tooLong = await sealDrop(long, alice.signer, [bob.box.publicKey], crypto)
  expect(tooLong).toMatchObject({ error: { code: 'too-large' } })
  const none = await sealDrop(drop(), alice.signer, [], crypto)
  expect(none).toMatchObject({ error: { code: 'no-recipients' } })
  const bad = await sealDrop(drop(), alice.signer, [new Uint8Array(32)], crypto)
  expect(bad).toMatchObject({ error: { code: 'bad-recipient' } })
})
