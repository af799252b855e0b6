/** What hubs can have this device do: dial own devices through a chosen one, and nothing else. */
import { type Identity, identityKey, identityOfKey } from '@effigy/core'
import { createFakeClock, settle } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { Connection } from './peer.ts'
import { createReach } from './reach.ts'

const someone = (number: number): Identity => {
  const key = new Uint8Array(32)
  key.set([number & 255, number >> 8, 7])
  return identityOfKey(key)
}

const hub = someone(1)
const [self, own] = [someone(2), someone(3)].toSorted() as [Identity, Identity]
const friend = someone(4)

async function meet(isChosen: boolean, present: readonly Identity[]) {
  const clock = createFakeClock()
  const dialled: Identity[] = []
  const heard: Identity[] = []
  const connection = {
    address: `wss://hub.example/effigy/1#${hub}`,
    state: { type: 'connected', identity: hub },
    async [Symbol.asyncDispose]() {},
  } as unknown as Connection
  using reach = createReach({
    clock,
    self,
    visibility: () => ({ show: [own, friend], hear: [own, friend], room: false }),
    onMessage: (_hub, from) => void heard.push(from),
    onAttempts() {},
    onPresence() {},
    isOwn: (other) => other === own,
    isAsked: () => false,
    hasSession: () => false,
    connect(_address, expect) {
      if (expect !== null) dialled.push(expect)
      return connection
    },
    connections: () => [connection],
    accept() {},
    signal: new AbortController().signal,
  })
  const sent: string[] = []
  using port = reach.open({
    remote: hub,
    hubRole: 'acceptor',
    isChosen,
    send: ({ type }) => void sent.push(type),
    token: async () => ({ ok: true, value: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  })
  port.provided(['signalling', 'relaying'])
  await clock.advance(10)
  await settle()
  const bytes = new Uint8Array(present.length * 32)
  for (const [at, one] of present.entries()) bytes.set(identityKey(one), at * 32)
  port.take({ type: 'presence', on: true, room: false, count: present.length }, bytes)
  await clock.advance(10)
  await settle()
  const message = new Uint8Array(33)
  message.set(identityKey(friend))
  port.take({ type: 'messagefrom' }, message)
  return { dialled, sent, heard, present: reach.signallers.flatMap((hub) => [...hub.present]) }
}

test('[V61] own devices that a chosen hub shows are dialled through it', async () => {
  expect(await meet(true, [own, friend])).toEqual({
    dialled: [own],
    sent: ['online'],
    heard: [friend],
    present: [own, friend],
  })
})

test('[V61] [T30] a hub that was found on the way learns from presence that it makes up whose devices we have: nothing', async () => {
  expect(await meet(false, [own, friend])).toEqual({ dialled: [], sent: [], heard: [], present: [] })
})

test('[V61] [T16] of whom nobody asked a hub is believed nothing', async () => {
  const strangers = Array.from({ length: 100 }, (_, index) => someone(100 + index))
  expect((await meet(true, strangers)).present).toEqual([])
})
