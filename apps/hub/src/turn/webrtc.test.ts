/** Data channels through coturn, with the names that hubs give (T20): no end shows the other one an address of its own. */
import { networkInterfaces } from 'node:os'
import { openNodeRtc } from '@effigy/links/node'
import { systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { take } from '../../../../packages/links/test/contract.ts'
import { rtcPair } from '../../../../packages/links/test/rtc-pair.ts'
import { hasCoturn, startCoturn, testSecret, withCoturn } from '../../test/coturn.ts'
import { turnName } from './credentials.ts'

const rtc = await openNodeRtc()
const why = `${withCoturn}${rtc === null ? ' (left out: node-datachannel has no binary for this machine)' : ''}`
const clock = systemClock

/** Not on the loopback: from there Node's end reaches the other one's relay without an own (links, relay-way.ts). */
const host = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
const orNoAddress = host === undefined ? ' (left out: this machine has no IPv4 address)' : ''

test.skipIf(!hasCoturn || rtc === null || host === undefined)(
  `[M13] [T20] relays alone: 2 MB, both ends at the relay${why}${orNoAddress}`,
  async () => {
    if (rtc === null) return
    await using coturn = await startCoturn({ host: host ?? '' })
    const name = turnName(testSecret, Date.now() + 600_000, 'x')
    const server = { urls: coturn.settings.turnUrls, username: name.user, credential: name.password }
    const side = { policy: () => 'relay' as const, iceServers: async () => [server] }
    const [a, b] = rtcPair([rtc, rtc], { clock, sides: [side, side] })
    a.negotiation.connect()
    const [left, right] = await Promise.all([a.next(), b.next()])
    expect(left.binding).toEqual(right.binding)
    for (let index = 0; index < 4; index++) left.send(new Uint8Array(512 * 1024).fill(index))
    expect((await take(right, 4)).map((frame) => frame.at(-1))).toEqual([0, 1, 2, 3])
    const lines = [a, b].flatMap(({ sent }) =>
      sent.flatMap(({ candidates }) => (candidates ?? []) as string[]),
    )
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines)
      expect(line).toMatch(/^candidate:\S+ 1 udp \d+ [0-9.]+ \d+ typ relay raddr 0\.0\.0\.0 rport 0$/)
    expect(await a.negotiation.stats()).toMatchObject({ local: 'relay' })
    a.stop()
    b.stop()
  },
)
