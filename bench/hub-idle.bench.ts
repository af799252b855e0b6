/**
 * Idle authenticated connections at the hub that ships: what they cost it, and how soon a heartbeat is answered.
 *
 *     npm run bench -- hub-idle            5,000 for 5 s
 *     npm run bench -- hub-idle 19000 60   below the 20,000 descriptors that a process may have here
 *
 * @module
 */
import { setTimeout as wait } from 'node:timers/promises'
import { startHubProcess } from '../tools/figures/hub-process.ts'
import { bareIdleBytes } from './bare-idle.ts'
import { type Figure, figure } from './figure.ts'
import { startCrowd } from './hub-crowd.ts'

const [count = 5_000, seconds = 5] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number)

/** Bytes: what 19,000 may cost. */
const allowedBytes: number = 400e6
const allowedFor = 19_000
const soonMs = 1_000

export async function* bench(): AsyncGenerator<Figure> {
  const room = count + 100
  await using hub = await startHubProcess({
    changes: { maxConnections: room, maxPerAddress: room, maxMembers: room },
  })
  const base = await hub.usage()
  await using crowd = await startCrowd(hub, count)
  const openedMs = await crowd.open()
  const opened = await hub.usage()
  const measured = crowd.beat(seconds * 1000)
  let peak = 0
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    await wait(500)
    peak = Math.max(peak, (await hub.usage()).rss)
  }
  const beats = await measured
  const held = await hub.usage()
  yield figure('hub idle, connections held', held.sessions, 'sessions', {
    ratio: held.sessions / count,
    of: `${count} opened`,
  })
  yield figure('hub idle, memory of the hub', peak / 1e6, 'MB', {
    ratio: peak / allowedBytes,
    of: `the ${allowedBytes / 1e6} MB that ${allowedFor} may cost`,
  })
  yield figure('hub idle, memory of a connection', (peak - base.rss) / count / 1e3, 'KB', {
    ratio: (peak - base.rss) / count / (allowedBytes / allowedFor),
    of: 'its part of those, beside what a hub takes alone',
  })
  yield figure('hub idle, slowest heartbeat', beats.slowestMs, 'ms', {
    ratio: beats.slowestMs / soonMs,
    of: 'a second',
  })
  yield figure('hub idle, p99 heartbeat', beats.p99Ms, 'ms', { ratio: beats.p99Ms / soonMs, of: 'a second' })
  yield figure(
    'hub idle, processor time of the hub',
    (100 * (held.cpuSeconds - opened.cpuSeconds)) / seconds,
    '% of a core',
  )
  yield figure('hub idle, until all were in', openedMs / 1000, 's')
  yield figure('hub idle, memory at the end', held.rss / 1e6, 'MB', {
    ratio: held.rss / allowedBytes,
    of: `the ${allowedBytes / 1e6} MB that ${allowedFor} may cost`,
  })
  await crowd.close()
  const ofSession = (held.rss - base.rss) / count
  for (const kind of ['ws', 'net'] as const) {
    const bytes = await bareIdleBytes(kind, count)
    yield figure(`hub idle, memory of a bare ${kind} connection`, bytes / 1e3, 'KB', {
      ratio: bytes / ofSession,
      of: 'that of a session at the end',
    })
  }
}
