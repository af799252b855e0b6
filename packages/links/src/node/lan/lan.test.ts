import { randomBytes } from 'node:crypto'
import { silentLog } from '@effigy/sync'
import { createFakeClock, type FakeClock } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFakeMulticast, type FakeMulticastNetwork } from '../../../test/fake-multicast.ts'
import { type Neighbour, readAnnouncement } from './announcement.ts'
import { openLan } from './lan.ts'
import type { OwnAddress } from './nearness.ts'

const tagOf = (letter: string): string => letter.repeat(32)

interface World {
  readonly network: FakeMulticastNetwork
  readonly clock: FakeClock
  machine(address: string, tag: string | null, options?: { addresses?: () => OwnAddress[] }): Machine
}

interface Machine extends AsyncDisposable {
  readonly heard: Neighbour[]
}

function createWorld(): World {
  const network = createFakeMulticast()
  // A question and its answer take two turns of the loop.
  const clock = createFakeClock(undefined, { turns: 4 })
  return {
    network,
    clock,
    machine(address, tag, { addresses = () => [{ address, cidr: `${address}/24` }] } = {}) {
      const heard: Neighbour[] = []
      const lan = openLan({
        multicast: network.join(address),
        clock,
        log: silentLog,
        random: (count) => randomBytes(count),
        sign: tag === null ? null : () => ({ port: 7337, tag }),
        heard: (neighbour) => heard.push(neighbour),
        addresses,
      })
      return { heard, [Symbol.asyncDispose]: () => lan[Symbol.asyncDispose]() }
    },
  }
}

const whole = (network: FakeMulticastNetwork): string => Buffer.concat(network.packets).toString('latin1')

describe('finding', () => {
  test('[U1] who announces is heard by everybody, as a port at the address that the packet came from', async () => {
    const { clock, machine } = createWorld()
    await using first = machine('10.0.0.1', tagOf('a'))
    await clock.advance(100)
    await using second = machine('10.0.0.2', null)
    await clock.advance(100)
    expect(second.heard).toEqual([{ tag: tagOf('a'), url: 'ws://10.0.0.1:7337/effigy/1' }])
    // Oneself is heard too: who dials knows better.
    expect(first.heard).toEqual(second.heard)
    // In each round the library begins anew, and hears who is still there.
    await clock.advance(61_000)
    expect(new Set(second.heard.map(({ tag }) => tag))).toEqual(new Set([tagOf('a')]))
    expect(second.heard.length).toBeGreaterThan(1)
  })

  test('[U1] nothing but a port, a tag and a name by chance is told', async () => {
    const { clock, machine, network } = createWorld()
    await using _first = machine('10.0.0.1', tagOf('a'))
    await clock.advance(100)
    const said = whole(network)
    const words = said.match(/[\w=-]{3,}/g) ?? []
    const known = ['_effigy', '_tcp', 'local', 'v=1', `t=${tagOf('a')}`]
    const others = words.filter((word) => !known.some((one) => word.includes(one)))
    expect(others.every((word) => /^.?[0-9a-f]{16}$/.test(word))).toBe(true)
    expect(said).not.toContain(Buffer.from([10, 0, 0, 1]).toString('latin1'))
  })

  test('[U2] the name is another one after an hour, and in another network', async () => {
    const { clock, machine, network } = createWorld()
    let address = '10.0.0.1'
    await using _first = machine('10.0.0.1', tagOf('z'), {
      addresses: () => [{ address, cidr: `${address}/24` }],
    })
    const names = (): number => new Set(whole(network).match(/[0-9a-f]{16}/g)).size
    await clock.advance(3_599_000)
    expect(names()).toBe(1)
    await clock.advance(61_000)
    expect(names()).toBe(2)
    address = '192.168.7.7'
    await clock.advance(60_000)
    expect(names()).toBe(3)
  })

  test('[U2] who stops says good-bye, and is silent', async () => {
    const { clock, machine, network } = createWorld()
    const first = machine('10.0.0.1', tagOf('a'))
    await clock.advance(100)
    await first[Symbol.asyncDispose]()
    const said = network.packets.length
    await using second = machine('10.0.0.2', null)
    await clock.advance(200_000)
    expect(second.heard).toEqual([])
    expect(clock.pending()).toBe(1)
    expect(network.packets.length - said).toBe(4)
  })

  test('without a network nothing is said', async () => {
    const { clock, machine, network } = createWorld()
    await using _first = machine('10.0.0.1', tagOf('a'), { addresses: () => [] })
    await clock.advance(100)
    expect(whole(network)).not.toContain('v=1')
  })
})

describe('[U5] bounds', () => {
  test('who is in no network of this machine is not heard', async () => {
    const { clock, machine } = createWorld()
    await using _far = machine('203.0.113.9', tagOf('f'), {
      addresses: () => [{ address: '203.0.113.9', cidr: '203.0.113.9/24' }],
    })
    await using near = machine('10.0.0.2', null)
    await clock.advance(120_000)
    expect(near.heard).toEqual([])
  })

  test('of one address ten announcements a minute are handed on, of all sixty', async () => {
    const { clock, machine, network } = createWorld()
    await using victim = machine('10.0.0.2', null)
    await clock.advance(100)
    const template = await announcementPacket()
    for (let at = 0; at < 600; at++) network.inject(renamed(template, at), '10.0.0.66')
    await clock.advance(10)
    expect(victim.heard.length).toBe(10)
    for (let at = 0; at < 600; at++) network.inject(renamed(template, 1000 + at), `10.0.0.${at % 200}`)
    await clock.advance(10)
    expect(victim.heard.length).toBe(60)
    // Others are heard again when it is over.
    await clock.advance(60_000)
    await using _honest = machine('10.0.0.3', tagOf('h'))
    await clock.advance(60_000)
    expect(victim.heard.at(-1)?.tag).toBe(tagOf('h'))
  })

  test('a packet of so many records that comparing them would take long is not read', async () => {
    const { clock, machine, network } = createWorld()
    await using victim = machine('10.0.0.2', null)
    await clock.advance(100)
    const packet = Buffer.from(await announcementPacket())
    const [header, records] = [packet.subarray(0, 12), packet.subarray(12)]
    const many = (times: number): Buffer => {
      const whole = Buffer.concat([header, ...Array.from({ length: times }, () => records)])
      whole.writeUInt16BE(header.readUInt16BE(6) * times, 6)
      return whole
    }
    network.inject(many(22), '10.0.0.66')
    await clock.advance(10)
    expect(victim.heard).toHaveLength(0)
    network.inject(many(21), '10.0.0.66')
    await clock.advance(10)
    expect(victim.heard.length).toBeGreaterThan(0)
  })

  test('who asks a thousand times gets few answers', async () => {
    const { clock, machine, network } = createWorld()
    await using _first = machine('10.0.0.1', tagOf('a'))
    await using second = machine('10.0.0.2', null)
    await clock.advance(100)
    void second
    const query = network.packets.find((packet) => !Buffer.from(packet).includes('v=1'))
    if (query === undefined) throw new Error('nobody asked')
    const before = network.packets.length
    for (let at = 0; at < 1000; at++) network.inject(query, `10.0.0.${at % 250}`)
    await clock.advance(10)
    expect(network.packets.length - before).toBeLessThanOrEqual(20)
  })

  test('packets of any kind end nothing', async () => {
    const { clock, machine, network } = createWorld()
    await using victim = machine('10.0.0.2', tagOf('v'))
    await clock.advance(100)
    const template = Buffer.from(await announcementPacket())
    const packet = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(template.length).map((length) => template.subarray(0, length)),
      fc.tuple(fc.nat(template.length - 1), fc.nat(255)).map(([at, byte]) => {
        const changed = Buffer.from(template)
        changed[at] = byte
        return changed
      }),
    )
    let from = 0
    await fc.assert(
      fc.asyncProperty(fc.array(packet, { maxLength: 20 }), async (some) => {
        for (const one of some) network.inject(one, `10.0.${0}.${(from++ % 250) + 3}`)
        await clock.advance(2_000)
      }),
      { numRuns: 50 },
    )
    await using _honest = machine('10.0.0.3', tagOf('h'))
    await clock.advance(120_000)
    expect(victim.heard.some(({ tag }) => tag === tagOf('h'))).toBe(true)
  })
})

test('[U1] an announcement is read only when all of it is as it should be', () => {
  const good = {
    name: '0123456789abcdef',
    port: 7337,
    txt: { v: '1', t: tagOf('a') },
    referer: { address: '10.0.0.1' },
  }
  expect(readAnnouncement(good)).toEqual({ tag: tagOf('a'), url: 'ws://10.0.0.1:7337/effigy/1' })
  for (const change of [
    { name: 'anna-laptop' },
    { name: '0123456789ABCDEF' },
    { name: undefined },
    { port: 80 },
    { port: 65_536 },
    { port: '7337' },
    { port: 7337.5 },
    { txt: undefined },
    { txt: null },
    { txt: { v: '2', t: tagOf('a') } },
    { txt: { v: '1', t: 'a'.repeat(31) } },
    { txt: { v: '1', t: `${'a'.repeat(31)}=` } },
    { txt: { v: '1' } },
    { referer: undefined },
    { referer: { address: 'fe80::1' } },
    { referer: { address: 'evil.example/' } },
  ]) {
    expect(readAnnouncement({ ...good, ...change })).toBeNull()
  }
  fc.assert(
    fc.property(fc.record({ name: fc.anything(), port: fc.anything(), txt: fc.anything() }), (any) => {
      expect(readAnnouncement({ ...any, referer: good.referer })).toBeNull()
    }),
  )
})

/** As it goes over the wire. */
async function announcementPacket(): Promise<Uint8Array> {
  const { clock, machine, network } = createWorld()
  await using _first = machine('10.0.0.1', tagOf('a'))
  await clock.advance(100)
  const packet = network.packets.find((one) => Buffer.from(one).includes('v=1'))
  if (packet === undefined) throw new Error('nobody announced')
  return packet
}

/** The same of another name: names are 16 digits, wherever they stand. */
function renamed(packet: Uint8Array, number: number): Uint8Array {
  const text = Buffer.from(packet).toString('latin1')
  const name = number.toString(16).padStart(16, '0')
  return Buffer.from(text.replaceAll(/[0-9a-f]{16}/g, name), 'latin1')
}
