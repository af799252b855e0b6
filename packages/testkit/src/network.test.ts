import type { Link } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { createFakeClock } from './clock.ts'
import { createNetwork, type NetworkOptions } from './network.ts'
import { createRandom } from './seed.ts'

const frame = (...bytes: number[]) => Uint8Array.from(bytes)

function world(options: Partial<NetworkOptions> = {}) {
  const clock = createFakeClock()
  const network = createNetwork({ clock, random: createRandom('network'), ...options })
  return { clock, network }
}

/** Collects what arrives: `first byte@time`. */
function listen(link: Link, monotonic: () => number): string[] {
  const seen: string[] = []
  void (async () => {
    for await (const bytes of link.receive()) seen.push(`${bytes[0]}@${monotonic()}`)
    seen.push(`end@${monotonic()}`)
  })()
  return seen
}

describe('createNetwork', () => {
  test('frames arrive after the latency, in order, as copies', async () => {
    const { clock, network } = world({ latencyMs: 30 })
    const [a, b] = network.pair('a', 'b')
    const seen = listen(b, clock.monotonic)
    const reused = frame(1)
    a.send(reused)
    reused[0] = 2
    a.send(reused)
    await clock.advance(29)
    expect(seen).toEqual([])
    await clock.advance(1)
    expect(seen).toEqual(['1@30', '2@30'])
    expect(network.traffic('a', 'b')).toEqual({ frames: 2, bytes: 2 })
    expect(network.traffic('b', 'a')).toEqual({ frames: 0, bytes: 0 })
    expect(network.total()).toEqual({ frames: 2, bytes: 2 })
  })

  test('both ends of a connection have one binding, another connection another', () => {
    const { network } = world()
    const [[a, b], [c]] = [network.pair('a', 'b'), network.pair('a', 'b')]
    expect(a.binding).toHaveLength(32)
    expect(a.binding).toEqual(b.binding)
    expect(c.binding).not.toEqual(a.binding)
  })

  test('jitter keeps the order of one link', async () => {
    const { clock, network } = world({ latencyMs: 5, jitterMs: 100 })
    const [a, b] = network.pair('a', 'b')
    const seen = listen(b, () => 0)
    for (let n = 0; n < 100; n++) {
      a.send(frame(n))
      await clock.advance(1)
    }
    await clock.advance(200)
    expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => `${n}@0`))
  })

  test('latency may differ by direction', async () => {
    const { clock, network } = world({ latencyMs: (from) => (from === 'a' ? 10 : 70) })
    const [a, b] = network.pair('a', 'b')
    const [atA, atB] = [listen(a, clock.monotonic), listen(b, clock.monotonic)]
    a.send(frame(1))
    b.send(frame(2))
    await clock.advance(100)
    expect([atA, atB]).toEqual([['2@70'], ['1@10']])
  })

  test('bandwidth makes bytes wait; drained tells when they have left', async () => {
    const { clock, network } = world({ latencyMs: 10, bytesPerSecond: 1000 })
    const [a, b] = network.pair('a', 'b')
    const seen = listen(b, clock.monotonic)
    a.send(new Uint8Array(100))
    a.send(new Uint8Array(100))
    expect(a.bufferedBytes).toBe(200)
    let drainedAt = 0
    void a.drained(new AbortController().signal).then(() => {
      drainedAt = clock.monotonic()
    })
    await clock.advance(150)
    expect([seen, a.bufferedBytes]).toEqual([['0@110'], 100])
    await clock.advance(100)
    expect([seen, drainedAt, a.bufferedBytes]).toEqual([['0@110', '0@210'], 200, 0])
  })

  test('[T16] a reader that never reads makes the sender wait at the window', async () => {
    const { clock, network } = world({ windowBytes: 1000 })
    const [a, b] = network.pair('a', 'b')
    for (let n = 0; n < 20; n++) a.send(new Uint8Array(100))
    await clock.advance(10_000)
    expect([a.bufferedBytes, network.total().bytes]).toEqual([1000, 1000])
    listen(b, clock.monotonic)
    await clock.advance(10_000)
    expect([a.bufferedBytes, network.total().bytes]).toEqual([0, 2000])
  })

  test('drained gives up with the signal, and returns when the link closes', async () => {
    const { clock, network } = world({ bytesPerSecond: 1 })
    const [a] = network.pair('a', 'b')
    a.send(new Uint8Array(1000))
    const stop = new AbortController()
    const given = a.drained(stop.signal)
    stop.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    await expect(a.drained(stop.signal)).rejects.toThrow('enough')
    const waiting = a.drained(new AbortController().signal)
    a.close()
    await waiting
    expect(clock.monotonic()).toBe(0)
  })

  test('close delivers what was sent, then its code', async () => {
    const { clock, network } = world({ latencyMs: 10 })
    const [a, b] = network.pair('a', 'b')
    const [atA, atB] = [listen(a, clock.monotonic), listen(b, clock.monotonic)]
    b.send(frame(9))
    a.send(frame(1))
    a.close('done')
    a.send(frame(2))
    a.close('again')
    expect(await a.closed).toEqual({ code: 'done' })
    await clock.advance(10)
    expect(await b.closed).toEqual({ code: 'done' })
    expect([atA, atB]).toEqual([['end@0'], ['1@10', 'end@10']])
    expect(network.connections()).toBe(0)
  })

  test('a cut is silent and holds what is under way; healing delivers it in order', async () => {
    const { clock, network } = world({ latencyMs: 10, jitterMs: 8 })
    const [a, b] = network.pair('a', 'b')
    const seen = listen(b, () => 0)
    for (let n = 0; n < 10; n++) {
      a.send(frame(n))
      await clock.advance(1)
      if (n === 4) network.cut('b', 'a')
    }
    await clock.advance(1000)
    expect(seen).toEqual([])
    expect(a.bufferedBytes).toBe(5)
    network.heal('a', 'b')
    a.send(frame(10))
    await clock.advance(1000)
    expect(seen).toEqual(Array.from({ length: 11 }, (_, n) => `${n}@0`))
  })

  test('closing into a cut is heard by the other side after it is healed', async () => {
    const { clock, network } = world()
    const [a, b] = network.pair('a', 'b')
    const seen = listen(b, clock.monotonic)
    network.cut('a', 'b')
    a.close()
    await clock.advance(100)
    expect(seen).toEqual([])
    network.heal()
    await clock.advance(100)
    expect(seen).toEqual(['end@120'])
  })

  test('a partition cuts between groups; those not named are a group too', () => {
    const { network } = world()
    network.partition([['a', 'b'], ['c']])
    expect(network.reachable('a', 'b')).toBe(true)
    expect(network.reachable('a', 'c')).toBe(false)
    expect(network.reachable('c', 'x')).toBe(false)
    expect(network.reachable('x', 'y')).toBe(true)
    network.heal()
    expect(network.reachable('a', 'c')).toBe(true)
  })

  test('a connection across a cut is unreachable', async () => {
    const { network } = world()
    network.cut('a', 'b')
    const [a, b] = network.pair('a', 'b')
    expect([await a.closed, await b.closed]).toEqual([{ code: 'unreachable' }, { code: 'unreachable' }])
  })

  test('a lost connection ends both sides; what had arrived can still be read', async () => {
    const { clock, network } = world({ latencyMs: 10 })
    const [a, b] = network.pair('a', 'b')
    a.send(frame(1))
    await clock.advance(10)
    a.send(frame(2))
    network.lose('b', 'a')
    expect([await a.closed, await b.closed]).toEqual([{ code: 'lost' }, { code: 'lost' }])
    const seen = listen(b, clock.monotonic)
    await clock.advance(100)
    expect(seen).toEqual(['1@10', 'end@10'])
  })

  test('loseAll ends the connections of one machine only', async () => {
    const { network } = world()
    const [ab] = network.pair('a', 'b')
    network.pair('b', 'c')
    network.loseAll('a')
    expect(await ab.closed).toEqual({ code: 'lost' })
    expect(network.connections()).toBe(1)
  })

  test('faults are switched on by name, and the same seed replays exactly', async () => {
    const run = async (seed: string) => {
      const faults = { drop: 0.1, duplicate: 0.1, reorder: 0.3, lose: 0.002 }
      const { clock, network } = world({ random: createRandom(seed), latencyMs: 5, jitterMs: 50, faults })
      const [a, b] = network.pair('a', 'b')
      const seen = listen(b, clock.monotonic)
      for (let n = 0; n < 200; n++) {
        a.send(frame(n))
        await clock.advance(1)
      }
      await clock.advance(1000)
      return seen
    }
    const [first, second, other] = [await run('one'), await run('one'), await run('two')]
    expect(first).toEqual(second)
    expect(first).not.toEqual(other)
    const order = other.map((event) => Number.parseInt(event, 10)).filter((n) => n >= 0)
    expect(new Set(order).size).toBeLessThan(order.length)
    expect(order).not.toEqual(order.toSorted((x, y) => x - y))
  })

  test('another connection does not change what happens to the first', async () => {
    const run = async (crowd: number) => {
      const { clock, network } = world({ jitterMs: 50 })
      const [a, b] = network.pair('a', 'b')
      for (let n = 0; n < crowd; n++) network.pair(`x${n}`, 'a')[0].send(frame(7))
      const seen = listen(b, clock.monotonic)
      a.send(frame(1))
      await clock.advance(100)
      return seen
    }
    expect(await run(0)).toEqual(await run(20))
  })
})
