/**
 * Half-open sockets by the thousand: an honest client still comes in, soon (RELIABILITY T16).
 *
 *     N sockets that stop half way, and come again ─▶ hub ◀─ an honest client, time and again
 *
 * @module
 */
import { dialWebSocket } from '@effigy/links/node'
import { systemClock } from '@effigy/sync'
import { createFailures, type Figure, replay } from '../figure.ts'
import { openAsStranger, openHub } from '../hub-world.ts'
import { openHalf } from './half-open.ts'

/** Ms from dialling to a session that stands. */
const soonMs = 1_000

/** Honest clients, one after the other, while the sockets stand. */
const attempts = 20

export const sockets: Figure = {
  name: 'sockets',
  what: 'half-open sockets at a hub with the settings that ship, stopped at each stage up to half a handshake: an honest client has a session within a second [T16]',
  unit: 'sockets',
  short: 5_000,
  long: 9_000,
  notCovered: 'floods of the line or of the system below the sockets; attackers with identities of their own',
  async run({ n, seed, tell = () => {} }) {
    const failures = createFailures()
    await using world = await openHub()
    const before = process.memoryUsage().rss
    using half = await openHalf(world, n)
    tell(n)
    let slowestMs = 0
    let late = 0
    let keptOut = 0
    for (let attempt = 0; attempt < attempts; attempt++) {
      const startedMs = performance.now()
      const failure = await connectOnce(world.url, world.hub.identity)
      const ms = Math.round(performance.now() - startedMs)
      slowestMs = Math.max(slowestMs, ms)
      if (ms >= soonMs) late++
      if (failure === null) continue
      keptOut++
      failures.add(`${failure} after ${ms} ms with ${half.open} open; ${replay('sockets', n, seed)}`)
    }
    const rss = process.memoryUsage().rss
    return {
      counts: {
        'kept out': keptOut,
        'later than a second': late,
        'honest clients': attempts,
        'sockets standing at the end': half.open,
        'ms for the slowest': slowestMs,
        'MB more, both ends': Math.round((rss - before) / 1e6),
      },
      failures: failures.list,
    }
  },
}

/** What kept it out, or null. */
async function connectOnce(url: string, hub: Parameters<typeof openAsStranger>[1]): Promise<string | null> {
  const signal = AbortSignal.timeout(15_000)
  try {
    const link = await dialWebSocket(url, { clock: systemClock, signal })
    await using session = await openAsStranger(link, hub, signal)
    return session.remote === hub ? null : 'somebody else'
  } catch (cause) {
    return cause instanceof Error ? `${cause.name} ${cause.message}` : String(cause)
  }
}
