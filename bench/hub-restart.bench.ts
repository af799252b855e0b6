/**
 * The hub that ships ends and starts again under 1,000 who keep connected: how soon all are back, with the pauses and the
 * chance that ship.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { steadyMs } from '../packages/peer/src/connection.ts'
import { type HubProcess, startHubProcess } from '../tools/figures/hub-process.ts'
import { type Figure, figure } from './figure.ts'
import type { CrowdStart } from './hub-crowd.ts'

const count = 1_000
const soonMs = 10_000
const patienceMs = 180_000

export async function* bench(): AsyncGenerator<Figure> {
  const home = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  const room = { maxConnections: 2 * count, maxPerAddress: 2 * count, maxMembers: 2 * count }
  let hub: HubProcess = await startHubProcess({ home, changes: room })
  const { url, identity, port } = hub
  const start: CrowdStart = { url, identity, count }
  const people = fork(new URL('hub-keepers.ts', import.meta.url), [JSON.stringify(start)])
  const crowd = follow(people)
  try {
    await crowd.until((connected) => connected === count)
    for (const how of ['stopped', 'killed'] as const) {
      // Earlier failures are forgotten then.
      await wait(steadyMs)
      if (how === 'stopped') await hub[Symbol.asyncDispose]()
      else await hub.kill()
      const gone = performance.now()
      await crowd.until((connected) => connected === 0)
      hub = await startHubProcess({ home, changes: { ...room, port } })
      const back = performance.now()
      await crowd.until((connected) => connected === count)
      const ms = performance.now() - back
      yield figure(`hub ${how} and started again, until all were back`, ms / 1000, 's', {
        ratio: ms / soonMs,
        of: `${soonMs / 1000} s`,
      })
      yield figure(`hub ${how}, until it listened again`, (back - gone) / 1000, 's')
    }
  } finally {
    const left = once(people, 'exit')
    people.disconnect()
    await left
    await hub[Symbol.asyncDispose]()
    rmSync(home, { recursive: true, force: true })
  }
}

/** How many of them are connected. */
function follow(people: ChildProcess): { until(condition: (connected: number) => boolean): Promise<void> } {
  let connected = 0
  people.on('message', (now: number) => {
    connected = now
  })
  return {
    async until(condition) {
      const last = performance.now() + patienceMs
      while (!condition(connected)) {
        if (performance.now() > last) throw new Error(`${connected} of ${count} are connected`)
        await wait(20)
      }
    },
  }
}
