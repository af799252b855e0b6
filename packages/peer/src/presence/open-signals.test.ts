/** Readers, paces and a medium that fails, without a network (V68, V69). */
import { EffigyError, type Identity, identityOfKey } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { sealOffer, silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { Signaller } from '../reach.ts'
import { openSignals } from './open-signals.ts'

const crypto = createNodeCrypto()
const never = new AbortController().signal

async function person() {
  const signer = await crypto.signer(crypto.randomBytes(32))
  const box = await crypto.agreementKey(crypto.randomBytes(32))
  return { signer, box, identity: identityOfKey(signer.publicKey) }
}
const bob = await person()
const hub = { hub: (await person()).identity } as Signaller

function world(saveSetting = (_key: string, _value: string | null) => {}) {
  const clock = createFakeClock()
  const warned: string[] = []
  const attempted: Identity[] = []
  const signals = openSignals({
    store: { setting: () => null, saveSetting, profile: () => null },
    self: bob.identity,
    signer: bob.signer,
    boxKey: bob.box,
    crypto,
    random: crypto.randomBytes,
    clock,
    log: silentLog,
    isBlocked: () => false,
    signallers: () => [],
    presence: {
      welcomes: (_hub, from) => from !== bob.identity,
      attempted: (_hub, { from }) => void attempted.push(...from),
      warn: (_hub, code) => void warned.push(code),
    },
    signal: never,
  })
  const from = async (
    one: Awaited<ReturnType<typeof person>>,
    number: number,
    type = 'x',
  ): Promise<Uint8Array> => {
    const ports = { ...one, crypto, random: crypto.randomBytes, now: clock.now }
    const sealed = await sealOffer(bob.identity, [bob.box.publicKey], { type, number }, ports)
    if (!sealed.ok) throw new Error(sealed.error.code)
    return sealed.value.bytes
  }
  return { clock, warned, attempted, signals, from }
}

test('[V69] [T16] who reads slowly misses the oldest, and is told how many', async () => {
  const { clock, signals, from, warned } = world()
  const reader = signals.api.messages(never)[Symbol.asyncIterator]()
  for (let sender = 0; sender < 6; sender++) {
    const one = await person()
    for (let n = 0; n < 50; n++) signals.take(hub, one.identity, await from(one, sender * 50 + n))
    await signals.idle()
    await clock.advance(1_000)
  }
  expect(warned).toEqual([])
  expect((await reader.next()).value).toMatchObject({ payload: { number: 44 }, missed: 44 })
  expect((await reader.next()).value).toMatchObject({ payload: { number: 45 }, missed: 0 })
})

test('[V69] [T16] one who says too much takes nobody else’s place', async () => {
  const { signals, from, warned } = world()
  const [loud, calm] = [await person(), await person()]
  const reader = signals.api.messages(never)[Symbol.asyncIterator]()
  const same = await from(loud, 1)
  for (let n = 0; n < 500; n++) signals.take(hub, loud.identity, same)
  signals.take(hub, calm.identity, await from(calm, 2))
  await signals.idle()
  expect((await reader.next()).value).toMatchObject({ from: loud.identity })
  expect((await reader.next()).value).toMatchObject({ from: calm.identity })
  expect(warned.filter((code) => code === 'too-fast')).toHaveLength(450)
})

test('[V68] [R27] what one hub brings twice is told of it; what a second hub brings too is not', async () => {
  const { signals, from, warned } = world()
  const one = await person()
  const other = { hub: (await person()).identity } as Signaller
  const same = await from(one, 1)
  for (const by of [hub, other]) signals.take(by, one.identity, same)
  await signals.idle()
  expect(warned).toEqual([])
  signals.take(other, one.identity, same)
  await signals.idle()
  expect(warned).toEqual(['seen'])
})

test('[R20] words between devices are no messages for apps', async () => {
  const { signals, from } = world()
  const one = await person()
  const messages = signals.api.messages(never)[Symbol.asyncIterator]()
  const words = signals.words(never)[Symbol.asyncIterator]()
  for (const [number, type] of ['rtcoffer', 'x'].entries())
    signals.take(hub, one.identity, await from(one, number, type))
  expect((await messages.next()).value).toMatchObject({ payload: { type: 'x' } })
  expect((await words.next()).value).toMatchObject({ payload: { type: 'rtcoffer' } })
})

test('[V68] what cannot be remembered is not acted on, and the next one is', async () => {
  let isFull = true
  const { signals, from } = world(() => {
    if (isFull) throw new EffigyError('storage-full', 'full')
  })
  const reader = signals.api.messages(never)[Symbol.asyncIterator]()
  const one = await person()
  signals.take(hub, one.identity, await from(one, 1))
  await signals.idle()
  isFull = false
  signals.take(hub, one.identity, await from(one, 2))
  await signals.idle()
  expect((await reader.next()).value).toMatchObject({ payload: { number: 2 } })
})

test('[V69] what was not for this device to hear is counted, never opened', async () => {
  const { signals, attempted, warned } = world()
  signals.take(hub, bob.identity, new Uint8Array(100))
  await signals.idle()
  expect(attempted).toEqual([bob.identity])
  expect(warned).toEqual([])
})
