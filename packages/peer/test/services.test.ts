/** Services between whole peers (V). */
import { ok } from '@effigy/core'
import { atLeast, type Service } from '@effigy/sync'
import { expect, test } from 'vitest'
import { createWorld, never } from './world.ts'

const voice: Service = {
  name: 'voice',
  isFor: atLeast('friend'),
  methods: { echo: async ({ value, trust }) => ok({ value: { ...value, trust }, bytes: Uint8Array.of(7) }) },
}

test('[V1] [V4] a friend may call, once both follow; a stranger may not, and the session lives', async () => {
  await using world = createWorld('services')
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  using _voice = bob.peer.serve(voice)
  await alice.peer.relate('follow', bob.identity, true)
  const ask = () => world.turn(alice.peer.call(bob.identity, 'voice', 'echo', { n: 1 }, { signal: never }))
  expect(await ask()).toMatchObject({ error: { code: 'not-connected' } })
  alice.peer.connect(bob.address)
  await world.until(() => alice.peer.status().sessions.length > 0)
  expect(await ask()).toMatchObject({ error: { code: 'unknown-service' } })
  await bob.peer.relate('follow', alice.identity, true)
  await world.until(() => bob.peer.query.relations(alice.identity, 'follow').includes(bob.identity))
  await world.pass(1_000)
  expect(await ask()).toEqual({
    ok: true,
    value: { value: { n: 1, trust: 'friend' }, bytes: Uint8Array.of(7) },
  })
  expect(alice.peer.status().sessions).toHaveLength(1)
})

test('[V6] the end of a session ends its calls', async () => {
  await using world = createWorld('services that end')
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  const hang: Service = {
    name: 'voice',
    isFor: () => true,
    methods: {
      hang: ({ signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(ok({ value: {} })))),
    },
  }
  using _hang = bob.peer.serve(hang)
  alice.peer.connect(bob.address)
  await world.until(() => alice.peer.status().sessions.length > 0)
  const hanging = alice.peer.call(bob.identity, 'voice', 'hang', {}, { signal: never })
  await world.pass(500)
  world.network.loseAll('bob')
  expect(await world.turn(hanging)).toMatchObject({ ok: false, error: { code: 'cut' } })
})
