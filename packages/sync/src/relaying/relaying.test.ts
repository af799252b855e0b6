/** Circuits through a hub (V70-V76), honest and not. */
import { describe, expect, test } from 'vitest'
import { createTestHub, type Member, someone } from '../../test/signal-kit.ts'
import { maxRelayedFrameBytes, relayUntoldBytes, relayWindowBytes, sealBytes } from '../limits.ts'
import type { Circuit } from './circuits.ts'

const never = new AbortController().signal
const longest = maxRelayedFrameBytes + sealBytes

function listenTo(circuit: Circuit, reads = true) {
  const heard = { frames: [] as number[], end: null as string | null }
  circuit.listen({
    onFrame(frame) {
      heard.frames.push(frame.length)
      if (reads) circuit.read(frame.length)
    },
    onRoom() {},
    onEnd: (code) => {
      heard.end = code
    },
  })
  return heard
}

async function pair(limits: Parameters<typeof createTestHub>[0] = {}) {
  const world = createTestHub(limits)
  const [alice, bob] = [world.join(1), world.join(2)]
  await bob.signals.choose({ show: [alice.identity], hear: [], open: false, room: false })
  const opened = await alice.circuits.open(bob.identity, never)
  if (!opened.ok) throw new Error(opened.error.code)
  return { ...world, alice, bob, ours: opened.value, theirs: bob.arrived[0] as Circuit }
}

describe('opening', () => {
  test('[V71] reached by whom it shows itself to; everybody else hears absent, as for who is not there', async () => {
    const { join } = createTestHub()
    const [alice, bob, mallory] = [join(1), join(2), join(3)]
    await bob.signals.choose({ show: [alice.identity], hear: [], open: false, room: false })
    const codeOf = async (who: Member, to = bob.identity) => {
      const opened = await who.circuits.open(to, never)
      return opened.ok ? 'open' : opened.error.code
    }
    expect(await codeOf(alice)).toBe('open')
    expect(bob.arrived.map(({ remote }) => remote)).toEqual([alice.identity])
    expect([await codeOf(mallory), await codeOf(mallory, someone(99))]).toEqual(['absent', 'absent'])
    await bob.signals.choose({ show: [], hear: [], open: true, room: false })
    expect([await codeOf(mallory), await codeOf(alice)]).toEqual(['open', 'open'])
  })

  test('[V71] [T16] so many a session, so many a minute, so many in all', async () => {
    const { join, hub, clock } = createTestHub({
      relays: { circuitsPerSession: 3, openBurst: 5, opensPerMinute: 1, circuits: 4 },
    })
    const [alice, bob, carol, dave] = [join(1), join(2), join(3), join(4)]
    for (const one of [bob, carol]) await one.signals.choose({ show: [], hear: [], open: true, room: false })
    const codes = async (who: Member, to: Member, times: number) => {
      const all = []
      for (let n = 0; n < times; n++) {
        const opened = await who.circuits.open(to.identity, never)
        all.push(opened.ok ? 'open' : opened.error.code)
      }
      return all
    }
    // What is full at the other side is told as absent.
    expect(await codes(alice, bob, 6)).toEqual(['open', 'open', 'open', 'absent', 'absent', 'too-fast'])
    expect(await codes(dave, carol, 2)).toEqual(['open', 'busy'])
    expect(hub.circuits).toBe(4)
    alice[Symbol.dispose]()
    expect(hub.circuits).toBe(1)
    await clock.advance(120_000)
  })

  test('[V75] a circuit without a frame ends by itself', async () => {
    const { hub, clock, ours, theirs } = await pair({ relays: { idleMs: 60_000 } })
    const [a, b] = [listenTo(ours), listenTo(theirs)]
    await clock.advance(50_000)
    ours.send(new Uint8Array(1))
    await clock.advance(50_000)
    expect(hub.circuits).toBe(1)
    await clock.advance(60_000)
    expect([hub.circuits, a.end, b.end]).toEqual([0, 'idle', 'idle'])
    expect(clock.pending()).toBe(0)
  })
})

describe('frames', () => {
  test('[V72] both ways, in order, up to the longest; a window lets through what was read', async () => {
    const { ours, theirs } = await pair()
    const [a, b] = [listenTo(ours), listenTo(theirs)]
    const sizes = [1, longest, 2, longest, longest, 3]
    for (const size of sizes) ours.send(new Uint8Array(size))
    for (const size of sizes) theirs.send(new Uint8Array(size))
    expect([a.frames, b.frames]).toEqual([sizes, sizes])
    ours.end('done')
    expect([a.end, b.end]).toEqual(['done', 'done'])
  })

  test('[V72] who reads nothing holds one window; the rest waits at the sender and goes on when it is read', async () => {
    const { ours, theirs } = await pair()
    const b = listenTo(theirs, false)
    for (let n = 0; n < 40; n++) ours.send(new Uint8Array(relayUntoldBytes))
    const through = Math.floor(relayWindowBytes / relayUntoldBytes)
    expect(b.frames).toHaveLength(through)
    expect(ours.waitingBytes).toBe((40 - through) * relayUntoldBytes)
    let ends = false
    ours.end('done')
    for (let n = 0; n < 40; n++) {
      ends ||= b.end !== null && b.frames.length < 40
      theirs.read(relayUntoldBytes)
    }
    expect([b.frames.length, b.end, ends]).toEqual([40, 'done', false])
  })

  test('[V73] a receiver whose line is full is waited for, and holds no more than the bound', async () => {
    const { alice, bob, ours, theirs, hub } = await pair({ relays: { waitingBytes: 6_000 } })
    const b = listenTo(theirs)
    bob.isBusy = true
    ours.send(new Uint8Array(1_000))
    ours.send(new Uint8Array(1_500))
    expect(b.frames).toEqual([])
    bob.drain()
    await Promise.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    expect(b.frames).toEqual([1_000, 1_500])
    bob.isBusy = true
    ours.send(new Uint8Array(2_000))
    ours.send(new Uint8Array(2_000))
    expect([hub.circuits, alice.got.at(-1)]).toEqual([0, 'relayend'])
    bob.drain()
    await new Promise((resolve) => setImmediate(resolve))
    expect([b.frames.at(-1), b.end]).toEqual([2_000, 'busy'])
  })

  test('[V73] [T16] what short frames cost beside their bytes counts, too', async () => {
    const { bob, ours, theirs, hub } = await pair({ relays: { waitingBytes: 64 * 1024 } })
    listenTo(theirs)
    bob.isBusy = true
    for (let n = 0; n < 1_000; n++) ours.send(new Uint8Array(1))
    expect(hub.circuits).toBe(0)
    bob.drain()
  })

  test('[V73] [T16] whoever reads nothing leaves room for those who read late', async () => {
    const { join, hub } = createTestHub({ relays: { waitingBytes: 100_000 } })
    const [alice, carol] = [join(1), join(3)]
    const ends = []
    for (const number of [10, 11, 12]) {
      const [mallory, sink] = [join(number), join(number + 100)]
      await sink.signals.choose({ show: [], hear: [], open: true, room: false })
      sink.isBusy = true
      const opened = await mallory.circuits.open(sink.identity, never)
      if (!opened.ok) throw new Error(opened.error.code)
      ends.push(listenTo(opened.value))
      for (let n = 0; n < 100; n++) opened.value.send(new Uint8Array(1_000))
    }
    expect(ends.map(({ end }) => end)).toEqual(['busy', 'busy', 'busy'])
    await carol.signals.choose({ show: [], hear: [], open: true, room: false })
    const opened = await alice.circuits.open(carol.identity, never)
    carol.isBusy = true
    if (opened.ok) for (let n = 0; n < 4; n++) opened.value.send(new Uint8Array(1_000))
    expect(hub.circuits).toBe(1)
  })

  test('[V73] [T16] who tells each byte that was read does not fill the line of a slow sender', async () => {
    const { alice, bob, ours, theirs } = await pair()
    const b = listenTo(theirs, false)
    ours.send(new Uint8Array(10_000))
    const before = alice.got.length
    alice.isBusy = true
    for (let n = 0; n < 9_000; n++) bob.say({ type: 'relayread', circuit: 2, bytes: 1 })
    expect(alice.got.slice(before)).toEqual([])
    alice.drain()
    await new Promise((resolve) => setImmediate(resolve))
    expect(alice.got.slice(before)).toEqual(['relayread'])
    // All of it, or the sender would wait for ever.
    alice.circuits.take({ type: 'relayread', circuit: 2, bytes: 1_001 }, new Uint8Array(0))
    expect([b.end, alice.got.at(-1)]).toEqual(['too-much', 'relayread'])
  })

  test('[V74] bytes are counted to who opened it, and above the quota it ends', async () => {
    const counted: [string, number][] = []
    const { ours, theirs, alice } = await pair({
      carries: (opener, bytes) => counted.push([opener, bytes]) < 3,
    })
    const a = listenTo(ours)
    listenTo(theirs)
    ours.send(new Uint8Array(5))
    theirs.send(new Uint8Array(7))
    ours.send(new Uint8Array(9))
    expect(counted).toEqual([
      [alice.identity, 5],
      [alice.identity, 7],
      [alice.identity, 9],
    ])
    expect(a.end).toBe('quota')
  })

  test('[V76] [T16] more than the window, credit for nothing, numbers of others: the circuit ends, the hub lives', async () => {
    const { hub, alice, bob, ours, theirs, join } = await pair()
    const b = listenTo(theirs, false)
    alice.say({ type: 'relay', circuit: 2 }, new Uint8Array(longest))
    alice.say({ type: 'relay', circuit: 2 }, new Uint8Array(longest))
    expect([hub.circuits, b.end]).toEqual([0, 'too-much'])
    const again = await alice.circuits.open(bob.identity, never)
    expect(again.ok).toBe(true)
    alice.say({ type: 'relayread', circuit: 4, bytes: 1 })
    expect(hub.circuits).toBe(0)
    const third = await alice.circuits.open(bob.identity, never)
    const mallory = join(9)
    for (const circuit of [1, 2, 3, 4, 6]) {
      mallory.say({ type: 'relay', circuit }, new Uint8Array(1))
      mallory.say({ type: 'relayend', circuit, code: 'x' })
    }
    expect([third.ok, hub.circuits, ours.waitingBytes]).toEqual([true, 1, 0])
  })

  test('[V76] a hub that sends more than a window, or credit for nothing, loses the circuit', async () => {
    const { alice } = await pair()
    const [circuit] = alice.arrived
    expect(circuit).toBeUndefined()
    alice.circuits.take({ type: 'relay', circuit: 2 }, new Uint8Array(longest))
    expect(alice.circuits.take({ type: 'relay', circuit: 2 }, new Uint8Array(longest))).toBe(true)
    alice.circuits.take({ type: 'relayed', circuit: 8 }, new Uint8Array(32))
    expect(alice.arrived).toHaveLength(1)
    const heard = listenTo(alice.arrived[0] as Circuit)
    alice.circuits.take({ type: 'relayread', circuit: 8, bytes: 1 }, new Uint8Array(0))
    expect(heard.end).toBe('too-much')
    for (let circuit = 10; circuit < 210; circuit++) {
      alice.circuits.take({ type: 'relayed', circuit }, new Uint8Array(32))
    }
    expect(alice.arrived).toHaveLength(65)
  })

  test('[V76] [T16] a hub that brings circuits and takes them away has us begin few handshakes', async () => {
    const { alice, clock } = await pair()
    const bring = (first: number, count: number): void => {
      for (let circuit = first; circuit < first + 2 * count; circuit += 2) {
        alice.circuits.take({ type: 'relayed', circuit }, new Uint8Array(32))
        alice.circuits.take({ type: 'relayend', circuit, code: 'x' }, new Uint8Array(0))
      }
    }
    bring(10, 10_000)
    expect(alice.arrived.length).toBeLessThanOrEqual(128)
    await clock.advance(3_600_000)
    const before = alice.arrived.length
    bring(20_000, 1)
    expect(alice.arrived.length).toBe(before + 1)
  })
})
