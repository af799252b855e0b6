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
import { createFakeClock } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dropMemoryMs, maxDropAheadMs, maxSealedDropBytes } from '../limits.ts'
import { createSeenDrops, openDrop, sealDrop } from './drop-seal.ts'

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

function receiver(who = bob, now = () => atMs) {
  const seen = createSeenDrops(1_000, now)
  return async (bytes: Uint8Array): Promise<string> => {
    const opened = await openDrop(bytes, new Set([who.identity]), [who.box], { crypto, seen, now })
    return opened.ok ? (opened.value.byHand ? 'by hand' : 'ok') : opened.error.code
  }
}

test('[V11] opened by any device of its receiver, and named by its sealed bytes', async () => {
  const phone = await person()
  const value = drop()
  const sealed = await sealDrop(value, alice.signer, [bob.box.publicKey, phone.box.publicKey], crypto)
  if (!sealed.ok) throw new Error(sealed.error.code)
  for (const { box } of [bob, phone]) {
    const ports = { crypto, seen: createSeenDrops(9, () => atMs), now: () => atMs }
    const opened = await openDrop(sealed.value.bytes, new Set([bob.identity]), [box], ports)
    expect(opened).toEqual({ ok: true, value: { drop: value, byHand: false } })
  }
  expect(await receiver(carol)(sealed.value.bytes)).toBe('not-for-us')
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
    expect(await receiver(carol)(await reseal(record, alice.identity))).toBe('not-for-us')
  })

  test('cannot write another receiver or sender into it', async () => {
    const record = await signDrop(drop(), bob.signer)
    expect(await receiver(bob)(await reseal(record, alice.identity, bob))).toBe('forged')
    const own = await signDrop(drop(), alice.signer)
    expect(await receiver(bob)(await reseal(own, carol.identity, bob))).toBe('forged')
  })

  test('cannot make a drop of what was sealed for another use', async () => {
    const record = await signDrop(drop(), alice.signer)
    expect(await receiver(bob)(await reseal(record, alice.identity, bob, 'note'))).toBe('encoding')
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
  const open = receiver(bob, clock.now)
  const bytes = await seal(drop({ at: clock.now() + maxDropAheadMs }))
  expect(await open(bytes)).toBe('ok')
  await clock.advance(dropMemoryMs)
  expect(await open(bytes)).toBe('seen')
  await clock.advance(maxDropAheadMs)
  expect(await open(bytes)).toBe('by hand')
})

test('[V26] memory of nonces is bounded', () => {
  const seen = createSeenDrops(3, () => 0)
  for (let n = 0; n < 10; n++) seen.remember(alice.identity, `${n}`, 10)
  expect([6, 7, 9].map((n) => seen.has(alice.identity, `${n}`))).toEqual([false, true, true])
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
