/**
 * Feeds that all grow, at the hub that ships, and sessions that watch all of them: heads told, coalesced, without a queue that
 * grows.
 *
 *     npm run bench -- hub-heads              2,000 feeds, 50 watchers
 *     npm run bench -- hub-heads 10000 1000   ten million heads each time
 *
 * Everybody is told of each feed once however often it grew meanwhile: of three times in a row not all are told.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Identity } from '@effigy/core'
import { hear } from '../tools/figures/hub-process.ts'
import { type Figure, figure } from './figure.ts'

export interface HeadsStart {
  readonly feeds: number
  readonly watchers: number
  readonly seed: string
}

export interface HeadsReady {
  readonly url: string
  readonly identity: Identity
}

export interface WatchersStart extends HeadsStart, HeadsReady {}

export interface HeadsUsage {
  readonly cpuSeconds: number
  readonly rss: number
}

/** Of all watchers together. */
export interface Heard {
  readonly frames: number
  readonly heads: number
  readonly ms: number
}

const [feeds = 2_000, watchers = 50] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number)

/** In a row, without waiting for those who watch. */
const times = 3

const sampleMs = 250

export async function* bench(): AsyncGenerator<Figure> {
  const start: HeadsStart = { feeds, watchers, seed: 'heads' }
  const hub = fork(new URL('hub-heads-source.ts', import.meta.url), [JSON.stringify(start)])
  const ready = await hear<HeadsReady>(hub)
  const people = fork(new URL('hub-watchers.ts', import.meta.url), [JSON.stringify({ ...start, ...ready })])
  const usage = (): Promise<HeadsUsage> => {
    const answer = hear<HeadsUsage>(hub)
    hub.send('usage')
    return answer
  }
  try {
    await hear(people)
    const name = `${feeds} heads to ${watchers} watchers`
    for (const [round, grown] of [1, times].entries()) {
      const before = await usage()
      const heard = hear<Heard>(people)
      people.send(round === 0 ? 2 : 2 + times)
      for (let time = 0; time < grown; time++) {
        const done = hear<number>(hub)
        hub.send('grow')
        await done
      }
      let peak = 0
      let isOver = false
      const over = heard.finally(() => {
        isOver = true
      })
      while (!isOver) {
        peak = Math.max(peak, (await usage()).rss)
        await Promise.race([over, new Promise((resolve) => setTimeout(resolve, sampleMs))])
      }
      const { heads, frames, ms } = await over
      const { cpuSeconds } = await usage()
      const what = grown === 1 ? name : `${name}, grown ${grown} times meanwhile`
      yield figure(
        `${what}, told in a CPU second of the hub`,
        heads / (cpuSeconds - before.cpuSeconds),
        'heads/s',
      )
      yield figure(`${what}, of all changes`, heads, 'heads', {
        ratio: heads / (feeds * watchers * grown),
        of: 'one for each change and watcher',
      })
      yield figure(`${what}, in a frame`, heads / frames, 'heads')
      yield figure(`${what}, until all had heard`, ms / 1000, 's')
      yield figure(`${what}, more memory at the peak`, Math.max(0, peak - before.rss) / 1e6, 'MB')
    }
  } finally {
    for (const child of [people, hub]) {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    }
  }
}
