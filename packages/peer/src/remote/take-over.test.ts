/** What a page has under way when the peer goes on in another tab (spec O12). */
import { describe, expect, test } from 'vitest'
import { linkPage } from '../../test/remote-kit.ts'
import { createWorld, never, note } from '../../test/world.ts'
import type { Peer } from '../peer.ts'

/** The same peer, whose publishing and search never answer. */
const silent = (peer: Peer): Peer => {
  const forever = (): Promise<never> => new Promise(() => {})
  return { ...peer, publish: forever, joining: { ...peer.joining, isSigned: forever }, settled: forever }
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (reason: unknown) => reason,
  )

describe('a tab takes over', () => {
  test('[O12] reads are asked again; writes under way say that they may have happened', async () => {
    await using world = createWorld('take-over')
    const { peer } = await world.add('alice')
    const { remote, client, moveTo, posted } = linkPage(silent(peer))
    await using _remote = remote
    const writing = failure(remote.publish(note('lost?')))
    const reading = remote.settled(never)
    await expect.poll(() => posted.length).toBe(2)
    client.detach()
    expect(await writing).toMatchObject({ code: 'interrupted' })
    // Asked while nobody has the peer: it waits.
    const later = remote.publish(note('after'))
    moveTo(peer)
    await world.turn(reading)
    expect((await later).record.head.length).toBe(1)
  })

  test('[O12] a live query goes on, tells what is new and does not repeat itself', async () => {
    await using world = createWorld('take-over-live')
    const { peer } = await world.add('alice')
    const { remote, moveTo } = linkPage(peer)
    await using _remote = remote
    const stop = new AbortController()
    const seen: number[] = []
    for await (const { items } of remote.live('timeline', [], stop.signal)) {
      seen.push(items.length)
      if (items.length === 2) stop.abort()
      moveTo(peer)
      await remote.publish(note('another'))
    }
    expect(seen).toEqual([0, 1, 2])
  })

  test('[O12] what was read ahead of a file is not enough to go on with', async () => {
    await using world = createWorld('take-over-file')
    const { peer } = await world.add('alice')
    const { remote, moveTo } = linkPage(peer)
    await using _remote = remote
    const bytes = new Uint8Array(4_000_000).map((_, at) => (at * 7) % 253)
    const { root } = await remote.addFile([bytes], { signal: never })
    const pieces = remote.readFile(root, { signal: never })[Symbol.asyncIterator]()
    await pieces.next()
    moveTo(peer)
    const rest = async (): Promise<void> => {
      while ((await pieces.next()).done !== true);
    }
    expect(await failure(rest())).toMatchObject({ code: 'interrupted' })
  })

  test('[O12] a connection is made again by whoever has the peer now', async () => {
    await using world = createWorld('take-over-connection')
    const alice = await world.add('alice')
    const other = await world.add('other')
    const bob = await world.add('bob')
    const { remote, moveTo, host } = linkPage(alice.peer)
    await using _remote = remote
    const connection = await remote.connect(bob.address)
    await world.turn(connection.ready(never))
    host.end('leaving')
    moveTo(other.peer)
    // Nobody has to ask for it: a connection is kept for its own sake.
    await world.until(() => other.peer.status().sessions.length === 1)
    expect(await world.turn(connection.ready(never))).toBe(bob.identity)
    expect(other.peer.status().connections).toHaveLength(1)
    await world.turn(Promise.resolve(connection[Symbol.asyncDispose]()))
    await world.until(() => other.peer.status().connections.length === 0)
  })

  test('[O12] a page that is done rejects what it waits for', async () => {
    await using world = createWorld('take-over-closed')
    const { peer } = await world.add('alice')
    const { remote, host } = linkPage(silent(peer))
    const writing = failure(remote.publish(note('never')))
    await remote[Symbol.asyncDispose]()
    expect(await writing).toMatchObject({ code: 'closed' })
    expect(await failure(remote.pins())).toMatchObject({ code: 'closed' })
    expect(await host.ended).toBe('bye')
  })
})
