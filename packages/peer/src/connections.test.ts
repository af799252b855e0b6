/** What goes wrong in one session stays in it. */
import { EffigyError, identityOfKey } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import type { Session } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createConnections } from './connections.ts'
import type { Serve } from './sessions.ts'

const identityOf = (byte: number) => identityOfKey(new Uint8Array(32).fill(byte))

/** As much of a session as connections look at. */
function fakeSession(ended: string[]): Session {
  const closed = Promise.withResolvers<{ code: string; local: boolean }>()
  return {
    remote: identityOf(1),
    dialler: identityOf(1),
    closed: closed.promise,
    async end(code: string) {
      ended.push(code)
      closed.resolve({ code, local: true })
    },
  } as Partial<Session> as Session
}

function world(serve: Serve) {
  const ended: string[] = []
  const warned: string[] = []
  const clock = createFakeClock()
  const connections = createConnections({
    isBlocked: () => false,
    clock,
    random: (length) => new Uint8Array(length),
    log: { info: () => {}, warn: (event) => void warned.push(event) },
    dial: async () => memoryPair()[0],
    open: async () => fakeSession(ended),
    serve,
    changed: () => {},
  })
  return { connections, ended, warned, clock }
}

const failing: Serve = (_session, serving) => serving.failed(new EffigyError('storage', 'the disk is full'))

test('[T16] a session that fails is ended and reported; nothing is left rejected', async () => {
  const { connections, ended, warned } = world(failing)
  await connections.accept(memoryPair()[0])
  expect(ended[0]).toBe('internal')
  expect(warned).toEqual(['session.failed'])
  await connections.close()
})

test('a dialled session that fails is dialled again', async () => {
  const { connections, ended, clock } = world(failing)
  const connection = connections.connect('ws://hub.example', null, true)
  await clock.runUntil(() => ended.filter((code) => code === 'internal').length === 3, 60_000)
  expect(connection.state.type).not.toBe('closed')
  await connections.close()
})

test.for([true, false])(
  '[C1] [T30] whoever is at an address that was given is chosen as long as it is kept, whom one found is not: %s',
  async (isChosen) => {
    const { connections, clock } = world((_session, serving) => serving.over('done'))
    const connection = connections.connect('ws://hub.example', null, isChosen)
    expect(connections.isChosen(identityOf(1))).toBe(false)
    await clock.advance(500)
    expect(connections.isChosen(identityOf(1))).toBe(isChosen)
    expect(connections.isChosen(identityOf(2))).toBe(false)
    await connection[Symbol.asyncDispose]()
    await clock.runUntil(() => !connections.isChosen(identityOf(1)), 1_000)
    await connections.close()
  },
)
