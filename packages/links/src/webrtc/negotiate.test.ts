import { type Link, silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { all, take } from '../../test/contract.ts'
import { createFakeRtcWorld } from '../../test/fake-rtc.ts'
import { type RtcPairOptions, rtcPair } from '../../test/rtc-pair.ts'
import { negotiate } from './negotiate.ts'
import type { Negotiation } from './negotiation.ts'
import type { RtcPort } from './rtc-port.ts'
import type { SignalObject } from './signals.ts'

const turn = [{ urls: ['turn:turn.example:3478'], username: 'x', credential: 'y' }]

function world(options: Omit<RtcPairOptions, 'clock'> = {}, canRestart = true) {
  const clock = createFakeClock()
  const rtc = createFakeRtcWorld(clock)
  const machines = [rtc.machine({ canRestart }), rtc.machine({ canRestart })] as const
  const [a, b] = rtcPair(machines, { clock, ...options })
  const count = (type: string) => [...a.sent, ...b.sent].filter((signal) => signal.type === type).length
  return { clock, rtc, machines, a, b, count }
}

const types = (side: { readonly states: readonly { readonly type: string }[] }) =>
  side.states.map(({ type }) => type)

test('[M14] one offers, the other answers: both have a link, with the same binding', async () => {
  const { clock, a, b, count, machines } = world()
  a.negotiation.connect()
  a.negotiation.connect()
  await clock.advance(500)
  expect(a.links.map(({ role }) => role)).toEqual(['dialler'])
  expect(b.links.map(({ role }) => role)).toEqual(['acceptor'])
  expect(a.links[0]?.link.binding).toEqual(b.links[0]?.link.binding)
  expect([count('rtcoffer'), count('rtcanswer'), count('rtcend')]).toEqual([1, 1, 0])
  expect(types(a)).toEqual(['connecting', 'open'])
  expect(await a.negotiation.stats()).toMatchObject({ local: 'host', remote: 'host' })
  a.stop()
  await clock.advance(1_000)
  expect(await b.links[0]?.link.closed).toEqual({ code: 'closed' })
  expect(b.negotiation.state).toEqual({ type: 'idle' })
  expect(machines.map(({ connections }) => connections)).toEqual([0, 0])
  expect(clock.pending()).toBe(0)
})

test.each([1, 5, 10, 15, 20, 30, 60])(
  '[M15] both offer, %i ms apart: one link each, dialled by the impolite side or the earlier',
  async (ms) => {
    for (const first of [0, 1] as const) {
      const { clock, machines, ...sides } = world()
      const [early, late] = first === 0 ? [sides.a, sides.b] : [sides.b, sides.a]
      early.negotiation.connect()
      await clock.advance(ms)
      late.negotiation.connect()
      await clock.advance(2_000)
      const [left, right] = [sides.a.links.at(-1), sides.b.links.at(-1)]
      expect([left?.role, right?.role].sort()).toEqual(['acceptor', 'dialler'])
      expect(left?.link.binding).toEqual(right?.link.binding)
      left?.link.send(Uint8Array.of(1))
      const taken = take(right!.link, 1)
      await clock.advance(200)
      expect((await taken).length).toBe(1)
      await clock.advance(60_000)
      expect(machines.map(({ connections }) => connections)).toEqual([1, 1])
      sides.a.stop()
      sides.b.stop()
    }
  },
)

test('[M15] signals of any delay: always one connection in the end', async () => {
  for (let seed = 1; seed < 40; seed++) {
    let state = seed
    const random = () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    }
    const { clock, machines, a, b } = world({ delay: () => Math.floor(random() * 300) })
    a.negotiation.connect()
    await clock.advance(random() * 400)
    b.negotiation.connect()
    await clock.advance(50_000)
    // What was lost for good is begun again, as who uses it would.
    a.negotiation.connect()
    b.negotiation.connect()
    await clock.advance(60_000)
    expect([seed, ...machines.map(({ channels }) => channels)]).toEqual([seed, 1, 1])
    expect(a.links.at(-1)?.link.binding).toEqual(b.links.at(-1)?.link.binding)
    a.stop()
    b.stop()
  }
})

test('[M15] a new offer takes the place of what stands, once it stands itself', async () => {
  let reloaded: Negotiation | null = null
  const { clock, rtc, a, b, machines } = world({
    alter(signal, from) {
      if (from === 1) clock.after(5, () => void reloaded?.receive(signal))
      return signal
    },
  })
  a.negotiation.connect()
  await clock.advance(500)
  // The page is loaded anew: it knows nothing of before.
  machines[0].kill()
  a.stop()
  const links: Link[] = []
  const stop = new AbortController()
  reloaded = negotiate({
    rtc: rtc.machine(),
    clock,
    randomBytes: (length) => new Uint8Array(length).fill(255),
    log: silentLog,
    polite: false,
    policy: () => 'all',
    iceServers: async () => [],
    send: (signal) => void clock.after(5, () => b.negotiation.receive(signal)),
    onLink: (link) => void links.push(link),
    signal: stop.signal,
  })
  reloaded.connect()
  await clock.advance(20)
  expect(b.negotiation.state).toEqual({ type: 'open', role: 'acceptor' })
  await clock.advance(500)
  expect([b.links.length, links.length, b.negotiation.state.type]).toEqual([2, 1, 'open'])
  expect(await b.links[0]?.link.closed).toEqual({ code: 'replaced' })
  expect(b.links[1]?.link.binding).toEqual(links[0]?.binding)
  await clock.advance(60_000)
  expect([b.negotiation.state.type, machines[1].connections]).toEqual(['open', 1])
  stop.abort()
})

test('[M15] what stands goes on when a new offer comes to nothing', async () => {
  const { clock, a, b } = world()
  a.negotiation.connect()
  await clock.advance(500)
  b.negotiation.receive({ ...a.sent[0], connection: 'ab'.repeat(16), ufrag: 'other' })
  await clock.advance(60_000)
  expect([b.links.length, b.negotiation.state.type, a.negotiation.state.type]).toEqual([1, 'open', 'open'])
})

test('[M15] [T16] offers without end make a handful of connections', async () => {
  const { clock, a, b, machines } = world()
  a.negotiation.connect()
  await clock.advance(500)
  let most = 0
  for (let index = 0; index < 200; index++) {
    const connection = index.toString(16).padStart(32, '0')
    b.negotiation.receive({ ...a.sent[0], connection, ufrag: `ufrag${index}` })
    most = Math.max(most, machines[1].connections)
  }
  await clock.advance(100)
  expect(b.sent.filter(({ type }) => type === 'rtcanswer').length).toBeLessThanOrEqual(9)
  expect(most).toBeLessThanOrEqual(3)
  await clock.advance(60_000)
  expect(machines[1].connections).toBe(1)
})

test.each(['rtcoffer', 'rtcrestart'] as const)(
  '[M15] [T16] further rounds without end, by %s, are taken as slowly as new offers',
  async (type) => {
    const { clock, a, b } = world()
    a.negotiation.connect()
    await clock.advance(500)
    const lastOffer = () => a.sent.findLast((signal) => signal.type === 'rtcoffer')!
    const offer = lastOffer()
    for (let round = 1; round <= 200; round++) {
      if (type === 'rtcoffer') b.negotiation.receive({ ...offer, round, ufrag: `uuu${1000 + round}` })
      else a.negotiation.receive({ type, connection: offer.connection, round: lastOffer().round })
      await clock.advance(20)
    }
    const [side, kind] = type === 'rtcoffer' ? [b, 'rtcanswer'] : [a, 'rtcoffer']
    const count = side.sent.filter((signal) => signal.type === kind).length
    // The first, 8 at once, and those of four seconds.
    expect(count).toBeGreaterThan(1)
    expect(count).toBeLessThan(16)
    a.stop()
    b.stop()
  },
)

test('[M13] [T20] an address of this machine alone is neither said nor knocked at', async () => {
  const line = (address: string) => `candidate:1 1 udp 2000 ${address} 9 typ host`
  for (const takesLocal of [false, true]) {
    const told: string[] = []
    const clock = createFakeClock()
    const rtc = createFakeRtcWorld(clock)
    const machine = rtc.machine()
    const port: RtcPort = {
      ...machine,
      takesLocal,
      open(options, events) {
        const connection = machine.open(options, {
          ...events,
          onCandidate(candidate) {
            events.onCandidate(candidate)
            events.onCandidate({ ...candidate, line: line('127.0.0.1') })
          },
        })
        return { ...connection, addCandidate: ({ line }) => void told.push(line) }
      },
    }
    const [a, b] = rtcPair([rtc.machine(), port], {
      clock,
      alter: (signal) =>
        signal.type === 'rtccandidates' && signal.ufrag !== undefined
          ? {
              ...signal,
              candidates: [...(signal.candidates as string[]), line('169.254.169.254'), line('::1')],
            }
          : signal,
    })
    a.negotiation.connect()
    await clock.advance(500)
    expect(told.some((text) => text.includes('10.0.'))).toBe(true)
    expect(told.filter((text) => /169\.254|::1/.test(text)).length > 0).toBe(takesLocal)
    expect(JSON.stringify(b.sent).includes('127.0.0.1')).toBe(takesLocal)
    a.stop()
    b.stop()
  }
})

test('[M16] where nothing goes through, both say so in time', async () => {
  const { clock, rtc, a, b } = world()
  rtc.route('none')
  a.negotiation.connect()
  await clock.advance(21_000)
  expect(a.negotiation.state).toEqual({ type: 'failed', code: 'timeout' })
  expect(b.negotiation.state).toEqual({ type: 'failed', code: 'timeout' })
  rtc.route('direct')
  a.negotiation.connect()
  await clock.advance(500)
  expect(a.negotiation.state.type).toBe('open')
})

test('[M16] an offer that nobody hears is over in time', async () => {
  const { clock, a, b, machines } = world({ delay: () => null })
  a.negotiation.connect()
  await clock.advance(20_000)
  expect(a.negotiation.state).toEqual({ type: 'failed', code: 'timeout' })
  expect([b.states.length, machines[0].connections]).toEqual([0, 0])
})

test('[M13] [T20] relays alone: no other candidate leaves, none is taken in', async () => {
  const relayed = { policy: () => 'relay' as const, iceServers: async () => turn }
  const { clock, a, b } = world({ sides: [relayed, { iceServers: async () => turn }] })
  a.negotiation.connect()
  await clock.advance(1_000)
  const lines = (side: { readonly sent: readonly SignalObject[] }) =>
    side.sent
      .filter(({ type }) => type === 'rtccandidates')
      .flatMap(({ candidates }) => candidates as string[])
  expect(lines(a).length).toBeGreaterThan(0)
  expect(lines(a).filter((line) => !line.includes('typ relay'))).toEqual([])
  expect(lines(b).filter((line) => line.includes('typ host')).length).toBeGreaterThan(0)
  expect(await a.negotiation.stats()).toMatchObject({ local: 'relay', remote: 'relay' })
})

test('[M13] [T20] who hides the address while a link stands shows no new one: the link ends', async () => {
  let isHidden = false
  const policy = () => (isHidden ? ('relay' as const) : ('all' as const))
  const { clock, a, machines } = world({ sides: [{ policy, iceServers: async () => turn }, {}] })
  a.negotiation.connect()
  await clock.advance(1_000)
  isHidden = true
  const before = a.sent.length
  machines[0].changeNetwork()
  await clock.advance(20_000)
  expect(a.sent.slice(before).map(({ type }) => type)).toEqual(['rtcend'])
  expect(await a.links[0]?.link.closed).toEqual({ code: 'lost' })
})

test('[M13] relays alone, and there is none: told at once', async () => {
  const { clock, a } = world({ sides: [{ policy: () => 'relay' }, {}] })
  a.negotiation.connect()
  await clock.advance(10)
  expect(a.negotiation.state).toEqual({ type: 'failed', code: 'no-relay' })
})

test('servers that do not answer hold nobody up', async () => {
  const { clock, a } = world({
    sides: [
      {
        iceServers: (signal) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      },
      { iceServers: () => Promise.reject(new Error('no')) },
    ],
  })
  a.negotiation.connect()
  await clock.advance(7_000)
  expect(a.negotiation.state.type).toBe('open')
})

test.each([0, 1] as const)(
  '[M17] a new network on side %i: the link goes on, over a new way',
  async (index) => {
    const { clock, a, b, machines, count } = world()
    b.negotiation.connect()
    await clock.advance(500)
    const links = [a.links[0]!.link, b.links[0]!.link] as const
    links[0].send(new Uint8Array(100_000))
    machines[index].changeNetwork()
    links[1].send(Uint8Array.of(7))
    const taken = [take(links[0], 1), take(links[1], 1)]
    await clock.advance(3_000)
    expect((await Promise.all(taken)).map(([frame]) => frame?.length).sort()).toEqual([1, 100_000])
    expect([a.links.length, b.links.length, count('rtcend')]).toEqual([1, 1, 0])
    expect(count('rtcoffer')).toBe(2)
    await clock.advance(120_000)
    expect([a.negotiation.state.type, b.negotiation.state.type, count('rtcoffer')]).toEqual([
      'open',
      'open',
      2,
    ])
  },
)

test('[M17] a way that is gone for long ends the link on both sides; a short while does not', async () => {
  const { clock, rtc, a, b } = world()
  a.negotiation.connect()
  await clock.advance(500)
  rtc.route('none')
  await clock.advance(6_000)
  expect(a.negotiation.state.type).toBe('interrupted')
  rtc.route('direct')
  await clock.advance(10_000)
  expect([a.negotiation.state.type, b.negotiation.state.type]).toEqual(['open', 'open'])
  rtc.route('none')
  await clock.advance(60_000)
  expect(a.negotiation.state).toEqual({ type: 'failed', code: 'lost' })
  expect(await a.links[0]?.link.closed).toEqual({ code: 'lost' })
  expect(await b.links[0]?.link.closed).toEqual({ code: 'lost' })
  expect(a.links.length).toBe(1)
})

test('[M17] where ICE cannot be restarted the link ends, and a new one can be had', async () => {
  const { clock, a, b, machines, count } = world({}, false)
  a.negotiation.connect()
  await clock.advance(500)
  machines[0].changeNetwork()
  await clock.advance(20_000)
  expect([a.negotiation.state, b.negotiation.state]).toEqual([
    { type: 'failed', code: 'lost' },
    { type: 'failed', code: 'lost' },
  ])
  expect(count('rtcoffer')).toBe(1)
  b.negotiation.connect()
  await clock.advance(500)
  expect(a.links.length).toBe(2)
})

test('[M17] a lost offer of a restart is made again', async () => {
  let lost = 0
  const { clock, a, machines } = world({
    delay: ({ type, round }) => (type === 'rtcoffer' && round === 1 && ++lost ? null : 5),
  })
  a.negotiation.connect()
  await clock.advance(500)
  machines[0].changeNetwork()
  await clock.advance(15_000)
  expect([a.negotiation.state.type, lost]).toEqual(['open', 1])
})

test('[M17] a side that forgot the connection says so', async () => {
  const { clock, a, b } = world()
  a.negotiation.connect()
  await clock.advance(500)
  const { connection } = a.sent[0] as SignalObject
  b.negotiation.receive({ ...a.sent[0], connection: 'cd'.repeat(16), round: 3 })
  expect(b.sent.at(-1)).toEqual({ type: 'rtcend', connection: 'cd'.repeat(16), code: 'unknown' })
  a.negotiation.receive({ type: 'rtcend', connection, code: 'unknown' })
  expect(a.negotiation.state).toEqual({ type: 'failed', code: 'unknown' })
  expect(await a.links[0]?.link.closed).toEqual({ code: 'lost' })
})

const flip = (hex: unknown): string => `${String(hex).startsWith('0') ? '1' : '0'}${String(hex).slice(1)}`

test.each([
  [
    'the fingerprint of the offer',
    'rtcoffer',
    (signal: SignalObject) => ({ ...signal, fingerprint: flip(signal.fingerprint) }),
  ],
  [
    'the fingerprint of the answer',
    'rtcanswer',
    (signal: SignalObject) => ({ ...signal, fingerprint: flip(signal.fingerprint) }),
  ],
])('[M12] [T7] somebody who swaps %s makes no link', async (_name, type, change) => {
  const { clock, a, b } = world({ alter: (signal) => (signal.type === type ? change(signal) : signal) })
  a.negotiation.connect()
  await clock.advance(30_000)
  expect([a.links.length, b.links.length]).toEqual([0, 0])
  expect(a.negotiation.state.type).toBe('failed')
})

test('[M12] [T7] a restart with another certificate ends the link', async () => {
  const { clock, a, b, machines } = world({
    alter: (signal) =>
      signal.type === 'rtcoffer' && signal.round === 1
        ? { ...signal, fingerprint: flip(signal.fingerprint) }
        : signal,
  })
  a.negotiation.connect()
  await clock.advance(500)
  machines[0].changeNetwork()
  await clock.advance(100)
  expect(b.negotiation.state).toEqual({ type: 'failed', code: 'fingerprint' })
  expect(await a.links[0]?.link.closed).toEqual({ code: 'lost' })
})

test('[M14] closing tells the other side, before the link stands and after', async () => {
  const { clock, a, b, machines } = world()
  a.negotiation.connect()
  await clock.advance(12)
  a.negotiation.close('declined')
  await clock.advance(10)
  expect(b.negotiation.state).toEqual({ type: 'failed', code: 'declined' })
  a.negotiation.connect()
  await clock.advance(500)
  a.negotiation.close('moved')
  expect(a.negotiation.state).toEqual({ type: 'idle' })
  await clock.advance(100)
  expect(await b.links.at(-1)?.link.closed).toEqual({ code: 'moved' })
  await clock.advance(5_000)
  expect(machines.map(({ connections }) => connections)).toEqual([0, 0])
})

test('a process that is killed: the other side notices', async () => {
  const { clock, a, b, machines } = world()
  a.negotiation.connect()
  await clock.advance(500)
  a.links[0]?.link.send(new Uint8Array(1000))
  const reading = all(b.links[0]!.link)
  machines[0].kill()
  a.stop()
  await clock.advance(60_000)
  expect(await b.links[0]?.link.closed).toEqual({ code: 'lost' })
  expect((await reading).length).toBeLessThanOrEqual(1)
})
