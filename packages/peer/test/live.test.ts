/** Queries that stay true. */

import type { QueryStore } from '@effigy/store'
import { describe, expect, test } from 'vitest'
import { createWorld, never, note, textOf } from './world.ts'

const newest = (query: QueryStore) => query.timeline({ limit: 200 }).items.map(textOf)

describe('live', () => {
  test('the first answer at once, then each that differs, none missed, none twice', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    const over = new AbortController()
    const seen: (readonly string[])[] = []
    const reading = (async () => {
      for await (const answer of peer.live(newest, over.signal)) seen.push(answer)
    })()
    await world.pass(20)
    expect(seen).toEqual([[]])
    for (let index = 0; index < 20; index++) {
      await peer.publish(note(`${index}`))
      if (index % 3 === 0) await world.pass(20)
    }
    await world.pass(100)
    expect(seen.at(-1)?.length).toBe(20)
    expect(new Set(seen.map(String)).size).toBe(seen.length)
    // What does not matter to it, and what changes nothing, is not told.
    const count = seen.length
    await peer.publish({ type: 'x-other', at: 1 } as never)
    await world.pass(500)
    expect(seen.length).toBe(count)
    over.abort()
    await world.turn(reading)
    await peer.publish(note('unseen'))
    expect(seen.length).toBe(count)
  })

  test('a search that is live finds what was indexed after it came', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    const over = new AbortController()
    const seen: number[] = []
    const reading = (async () => {
      for await (const { items } of peer.live((query) => query.search('needle'), over.signal)) {
        seen.push(items.length)
      }
    })()
    await world.pass(20)
    await peer.publish(note('a needle in the hay'))
    await world.pass(2_000)
    expect(seen).toEqual([0, 1])
    over.abort()
    await world.turn(reading)
  })

  test('a slow reader gets the newest answer, not a queue', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    const answers = peer.live(newest, never)[Symbol.asyncIterator]()
    expect((await answers.next()).value).toEqual([])
    for (let index = 0; index < 5; index++) await peer.publish(note(`${index}`))
    expect((await answers.next()).value).toEqual(['4', '3', '2', '1', '0'])
    await answers.return?.()
  })

  test('what is published between two answers is not missed', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    let publishing = Promise.resolve() as Promise<unknown>
    let isFirst = true
    const answers = peer
      .live((query) => {
        const answer = newest(query)
        // After the question was answered, before anybody waits for changes.
        if (isFirst) publishing = peer.publish(note('meanwhile'))
        isFirst = false
        return answer
      }, never)
      [Symbol.asyncIterator]()
    expect((await answers.next()).value).toEqual([])
    await publishing
    expect((await answers.next()).value).toEqual(['meanwhile'])
    await answers.return?.()
  })

  test('started twice, as React does: each by itself, the first ended before it began', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    const first = new AbortController()
    const ended: (readonly string[])[] = []
    const kept: (readonly string[])[] = []
    const over = new AbortController()
    const read = async (into: (readonly string[])[], signal: AbortSignal) => {
      for await (const answer of peer.live(newest, signal)) into.push(answer)
    }
    const reading = [read(ended, first.signal), read(kept, over.signal)]
    first.abort()
    await peer.publish(note('hello'))
    await world.pass(50)
    expect(ended.length).toBeLessThanOrEqual(1)
    expect(kept.at(-1)).toEqual(['hello'])
    over.abort()
    await world.turn(Promise.all(reading))
  })

  test('ends with the peer; a question that fails ends it with its error', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const reading = (async () => {
      for await (const _ of alice.peer.live(newest, never)) {
        // Until it ends.
      }
    })()
    const failing = (async () => {
      for await (const _ of alice.peer.live(() => {
        throw new Error('no such thing')
      }, never)) {
        // Never.
      }
    })()
    await expect(failing).rejects.toThrow('no such thing')
    await alice.stop()
    await world.turn(reading)
    expect(world.clock.pending()).toBe(0)
  })
})
