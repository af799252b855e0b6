import { networkInterfaces } from 'node:os'
import { type IceUrl, systemClock } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { type Coturn, hasCoturn, startCoturn, withCoturn } from '../../test/coturn.ts'
import { samplesOf } from './coturn-ranges.ts'
import { type TurnName, turnName } from './credentials.ts'
import { contains, formatIp, parseIp, parsePrefix } from './ip-range.ts'
import { specialRanges } from './special-ranges.ts'
import { type Endpoint, formatEndpoint } from './stun-message.ts'
import { openTurnClient, type TurnClient } from './turn-client.ts'

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)
const hosts = ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])] as const

const inMinutes = (minutes: number): number => Date.now() + minutes * 60_000

function open(
  coturn: Coturn,
  { user, password }: TurnName,
  onData: (from: Endpoint, data: Uint8Array) => void = () => {},
  transport: IceUrl['transport'] = 'udp',
): Promise<TurnClient> {
  return openTurnClient({
    url: { scheme: 'turn', host: coturn.host, port: coturn.port, transport },
    user,
    password,
    onData,
    clock: systemClock,
    signal: AbortSignal.timeout(30_000),
  })
}

const familyOf = ({ host }: Coturn): 4 | 6 => (host.includes(':') ? 6 : 4)

function address(text: string) {
  const parsed = parseIp(text)
  if (parsed === null) throw new Error(text)
  return parsed
}

describe.skipIf(!hasCoturn)(`coturn with the hub's configuration${withCoturn}`, { timeout: 60_000 }, () => {
  test.for([
    ['127.0.0.1', 'udp'],
    ['127.0.0.1', 'tcp'],
    ...(hasIpv6 ? ([['::1', 'udp']] as const) : []),
  ] as const)('relays between two, at %s over %s', async ([host, transport]) => {
    await using coturn = await startCoturn({ host })
    const heard: string[] = []
    const hear = (from: Endpoint, data: Uint8Array): void => {
      heard.push(`${formatEndpoint(from)} ${Buffer.from(data)}`)
    }
    using alice = await open(coturn, turnName(coturn.secret, inMinutes(10), 'alice'), hear, transport)
    using bob = await open(coturn, turnName(coturn.secret, inMinutes(10), 'bob'), hear, transport)
    const [atAlice, atBob] = [await alice.allocate(familyOf(coturn)), await bob.allocate(familyOf(coturn))]
    if (!atAlice.ok || !atBob.ok) throw new Error(JSON.stringify([atAlice, atBob], replaceBigint))
    expect([await alice.permit(atBob.value.address), await bob.permit(atAlice.value.address)]).toEqual([
      { ok: true, value: null },
      { ok: true, value: null },
    ])
    alice.send(atBob.value, Buffer.from('hello'))
    await expect.poll(() => heard).toEqual([`${formatEndpoint(atAlice.value)} hello`])
    bob.send(atAlice.value, Buffer.from('hello back'))
    await expect.poll(() => heard[1]).toBe(`${formatEndpoint(atBob.value)} hello back`)
    expect(await alice.refresh(0)).toEqual({ ok: true, value: null })
  })

  test.for(hosts)(
    '[V84] [T19] at %s every special range is refused, and public addresses are not',
    async (host) => {
      await using coturn = await startCoturn({ host, ownAddresses: ['1.1.1.1', '2606:4700::1111'] })
      using client = await open(coturn, turnName(coturn.secret, inMinutes(10), 'x'))
      const family = familyOf(coturn)
      expect(await client.allocate(family)).toMatchObject({ ok: true })
      const relay = address(host)
      const open4 = ['9.9.9.9', '1.0.0.1', '223.255.255.255', '172.32.0.1', '100.128.0.0', '11.0.0.0']
      const open6 = ['2a00:1::', '2606:4700::1', '2001:200::', '2003::', '3ffe::ffff', '2001:db7::1']
      for (const other of family === 4 ? open4 : open6) {
        expect(await client.permit(address(other)), other).toEqual({ ok: true, value: null })
      }
      const own = parsePrefix(family === 4 ? '1.1.1.1' : '2606:4700::1111')
      const ranges = [...specialRanges.map(({ range }) => range), ...(own === null ? [] : [own])]
      let channel = 0x4000
      let tried = 0
      for (const range of ranges.filter((one) => one.family === family)) {
        for (const peer of samplesOf(range)) {
          if (peer.value === relay.value) continue
          const permitted = await client.permit(peer)
          expect(permitted, formatIp(peer)).toMatchObject({ error: { type: 'refused', code: 403 } })
          tried++
        }
        const peer = { family, value: range.last } as const
        if (contains(range, relay) && range.last === relay.value) continue
        const bound = await client.bind(channel++, { address: peer, port: 53 })
        expect(bound, `channel to ${formatIp(peer)}`).toMatchObject({ error: { type: 'refused', code: 403 } })
      }
      expect(tried).toBeGreaterThan(family === 4 ? 100 : 500)
      // None of that has ended the session.
      expect(await client.refresh(600)).toEqual({ ok: true, value: null })
    },
  )

  test('[V81] [T19] wrong, expired, foreign and unknown names: 401', async () => {
    await using coturn = await startCoturn()
    const good = turnName(coturn.secret, inMinutes(10), 'x')
    const names: Readonly<Record<string, TurnName>> = {
      'wrong password': { ...good, password: turnName(coturn.secret, inMinutes(10), 'y').password },
      'longer life': { ...good, user: `${Math.floor(inMinutes(100) / 1000)}:x` },
      expired: turnName(coturn.secret, inMinutes(-1), 'x'),
      foreign: turnName('another-secret-of-another-hub-0123456789', inMinutes(10), 'x'),
      plain: { user: 'bob', password: 'bob' },
      empty: { user: '', password: '' },
      'a text for the time': { user: 'x:x', password: good.password },
    }
    for (const [name, given] of Object.entries(names)) {
      using client = await open(coturn, given)
      expect(await client.allocate(), name).toMatchObject({ error: { type: 'refused', code: 401 } })
    }
    using client = await open(coturn, good)
    expect(await client.allocate()).toMatchObject({ ok: true })
  })

  test('more ways than a name may have: 486', async () => {
    await using coturn = await startCoturn({ settings: { turnQuotaPerUser: 2 } })
    const name = turnName(coturn.secret, inMinutes(10), 'x')
    using one = await open(coturn, name)
    using two = await open(coturn, name)
    using three = await open(coturn, name)
    expect([await one.allocate(), await two.allocate()]).toMatchObject([{ ok: true }, { ok: true }])
    expect(await three.allocate()).toMatchObject({ error: { type: 'refused', code: 486 } })
    using other = await open(coturn, turnName(coturn.secret, inMinutes(10), 'y'))
    expect(await other.allocate()).toMatchObject({ ok: true })
  })

  test('who asks is told the own address', async () => {
    await using coturn = await startCoturn()
    using client = await open(coturn, { user: '', password: '' })
    const mapped = await client.binding()
    expect(mapped.ok && formatEndpoint(mapped.value)).toMatch(/^127\.0\.0\.1:\d+$/)
  })
})

const replaceBigint = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value
