/** A receiver whose machine goes off while it takes drops: what it acknowledged is there (V42). */
import { expect, test } from 'vitest'
import { meet } from './account-kit.ts'
import { addMachine, boxHub, leaveFor } from './drops-kit.ts'
import { createWorld } from './world.ts'

const texts = ['one', 'two', 'three']

// Every write and sync of taking three drops, handing them on and forgetting them.
test.each(Array.from({ length: 24 }, (_, at) => at + 1))(
  '[V42] [T17] killed at step %d of taking: what was acknowledged is there, and is acted on',
  { timeout: 60_000 },
  async (step) => {
    await using world = createWorld(`taking ${step}`)
    const { hub } = await boxHub(world)
    const alice = await world.add('alice')
    const bob = await addMachine(world, 'bob', `taking ${step}`)
    // Strangers' drops, too, are never lost: the odd steps have them.
    if (step % 2 === 0) await bob.peer.peer.relate('follow', alice.identity, true)
    await meet(world, bob.peer, hub)
    await world.pass(500)
    await bob.crash()
    await meet(world, alice, hub)
    for (const text of texts) expect(await leaveFor(world, alice, bob.peer, text)).toEqual([hub.identity])

    const key = (text: unknown) => `done/${text}`
    const waitsAtBox = () => hub.store.drops?.unseen(bob.peer.identity, bob.peer.identity, 10).length ?? 0
    const waitsHere = () =>
      [false, true].flatMap((isRequest) => bob.peer.store.takenDrops?.list(isRequest, 10) ?? []).length
    const actedOn = () => texts.filter((text) => bob.peer.store.setting(key(text)) !== null).length
    const act = (): void => {
      const { peer, store } = bob.peer
      // Durable when it returns, and again no harm.
      peer.drops.handle('x-hello', ({ payload }) => store.saveSetting(key(payload.text), 'x'), {
        requests: true,
      })
    }

    bob.disk.failAt(bob.disk.steps + step, 'power-loss')
    let isDone = false
    for (let rounds = 0; rounds < 10 && !isDone; rounds++) {
      try {
        act()
        bob.peer.peer.connect(hub.address)
        const isOver = () => actedOn() === texts.length && waitsAtBox() === 0
        await world.until(() => bob.disk.isDead || isOver(), 120_000)
        isDone = isOver()
      } catch (cause) {
        if (!bob.disk.isDead) throw cause
        await bob.crash()
        // Nothing that is gone at the box is gone here.
        expect(waitsAtBox() + waitsHere() + actedOn()).toBeGreaterThanOrEqual(texts.length)
      }
    }
    expect(isDone).toBe(true)
  },
)
