/** Invites as they are shown to a hub in a session (W3). */
import { settle } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createWorld, open, openPair, openVictim } from '../../test/session-kit.ts'
import type { ServiceRefusal } from '../services/service.ts'
import { createDesk, createLobby, lobbyMs, type Redeem } from './desk.ts'
import { joinHub } from './join-hub.ts'

const invite = new Uint8Array(200).fill(7)
const never = new AbortController().signal
const noFailure = (error: unknown): void => expect.unreachable(String(error))
const accepting: Redeem = async () => null
const refusing =
  (code: string): Redeem =>
  async () => ({ code, retryMs: null })

test('[W3] a stranger shows an invite, hears that it joined, and the session is over', async () => {
  const world = createWorld()
  const [alice, bob] = await openPair(world)
  const shown: Uint8Array[] = []
  const lobby = createLobby({
    clock: world.clock,
    onFailure: noFailure,
    async redeem(remote, body) {
      expect(remote).toBe(bob.remote)
      shown.push(body)
      return null
    },
  })
  const served = lobby.serve(bob, never)
  expect(await joinHub(alice, invite, never)).toEqual({ ok: true, value: null })
  expect(await served).toBe(true)
  expect(shown).toEqual([invite])
  expect((await bob.closed).code).toBe('done')
})

test('[W4] a refusal comes with its code', async () => {
  const world = createWorld()
  const [alice, bob] = await openPair(world)
  const lobby = createLobby({ clock: world.clock, redeem: refusing('invite-used'), onFailure: noFailure })
  const served = lobby.serve(bob, never)
  const told = await joinHub(alice, invite, never)
  expect(told).toEqual({ ok: false, error: { code: 'invite-used', retryMs: null } satisfies ServiceRefusal })
  expect(await served).toBe(false)
})

test.for(['{"type":"provides"}\n\0\0', '{"type":"getheads","id":1,"count":0}\n', '{"type":"x","id":1}\n{}'])(
  '[W3] [T16] whoever says anything else is told to go: %j',
  async (text) => {
    const { victim, hostile, world } = await openVictim()
    const lobby = createLobby({ clock: world.clock, redeem: accepting, onFailure: noFailure })
    const served = lobby.serve(victim, never)
    hostile.sendText(text)
    await world.clock.advance(lobbyMs)
    await world.clock.advance(lobbyMs)
    expect(await served).toBe(false)
    let last = await hostile.next()
    while (last !== null && last.header.type !== 'bye') last = await hostile.next()
    expect(last?.header).toEqual({ type: 'bye', code: 'not-admitted' })
  },
)

test('[W3] [T16] whoever says nothing is not waited for', async () => {
  const { victim, world } = await openVictim()
  const lobby = createLobby({ clock: world.clock, redeem: accepting, onFailure: noFailure })
  const served = lobby.serve(victim, never)
  await world.clock.advance(lobbyMs)
  // Nor is it waited for to read our `bye`.
  await world.clock.advance(lobbyMs)
  expect(await served).toBe(false)
  expect(await victim.closed).toEqual({ code: 'not-admitted', local: true })
})

test('[W3] [T16] after three wrong ones a stranger has to come again', async () => {
  const { victim, hostile, world } = await openVictim()
  let asked = 0
  const lobby = createLobby({
    clock: world.clock,
    onFailure: noFailure,
    async redeem() {
      asked++
      return { code: 'invite-unknown', retryMs: null }
    },
  })
  const served = lobby.serve(victim, never)
  for (let id = 1; id <= 5; id++) hostile.sendText(`{"type":"join","id":${id}}\nguess`)
  await settle()
  await world.clock.advance(lobbyMs)
  expect(await served).toBe(false)
  expect(asked).toBe(3)
})

test('[W3] a desk takes one at a time, and few', async () => {
  const world = createWorld()
  const said: string[] = []
  const gate = Promise.withResolvers<void>()
  const desk = createDesk({
    remote: (await openPair(world))[1].remote,
    clock: world.clock,
    onFailure: noFailure,
    redeem: () => gate.promise.then(() => null),
    send: (message) => said.push('code' in message ? message.code : message.type),
  })
  desk.take({ type: 'join', id: 1 }, invite)
  desk.take({ type: 'join', id: 2 }, invite)
  gate.resolve()
  expect(await desk.idle()).toBe(true)
  for (let id = 3; id < 10; id++) {
    desk.take({ type: 'join', id }, invite)
    await desk.idle()
  }
  expect(said).toEqual(['busy', ...Array(5).fill('joined'), ...Array(3).fill('too-fast')])
})

test('[W3] a mistake of ours costs an answer, and says nothing of itself', async () => {
  const world = createWorld()
  const [alice, bob] = await openPair(world)
  const failures: unknown[] = []
  const lobby = createLobby({
    clock: world.clock,
    redeem: () => Promise.reject(new Error('disk')),
    onFailure: (error) => failures.push(error),
  })
  const served = lobby.serve(bob, never)
  expect(await joinHub(alice, invite, never)).toMatchObject({ error: { code: 'internal' } })
  expect(await served).toBe(false)
  expect(failures).toHaveLength(1)
})

test('[W3] [T16] of too many strangers the oldest goes', async () => {
  const world = createWorld()
  const lobby = createLobby({ clock: world.clock, redeem: accepting, onFailure: noFailure })
  const [, first] = await openPair(world)
  const ended: string[] = []
  const stub = (name: string) => ({
    ...first,
    receive: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }),
    end: async () => void ended.push(name),
  })
  for (let n = 0; n < 258; n++) void lobby.serve(stub(`s${n}`), never)
  expect(ended).toEqual(['s0', 's1'])
})

test('[W3] who joins hears why a session ended', async () => {
  const world = createWorld()
  const alice = await Promise.all([open(world, 'dialler'), open(world, 'acceptor')])
  const told = joinHub(alice[0], invite, never)
  await alice[1].end('not-admitted')
  expect(await told).toMatchObject({ ok: false, error: { code: 'not-admitted' } })
})
