/**
 * Clients of one hub in processes of their own, so that its figures are its own (hub-clients.ts).
 *
 * @module
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { HubReady } from '../tools/figures/hub-process.ts'
import { hear } from '../tools/figures/hub-process.ts'

export interface CrowdStart extends Pick<HubReady, 'url' | 'identity'> {
  readonly count: number
}

/** Ms are those from a ping to its answer. */
export interface Beats {
  readonly beats: number
  readonly lost: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly slowestMs: number
}

export interface Crowd extends AsyncDisposable {
  /** Resolves with the ms that it took until all were in; the same people each time. */
  open(): Promise<number>
  /** Says goodbye. */
  close(): Promise<void>
  /** The worst of each process. */
  beat(forMs: number): Promise<Beats>
}

/** Below the descriptors that one process may have. */
const mostInOne = 10_000

export async function startCrowd(hub: Pick<HubReady, 'url' | 'identity'>, count: number): Promise<Crowd> {
  const processes = Math.max(1, Math.ceil(count / mostInOne))
  const children = Array.from({ length: processes }, (_, index) => {
    const part = Math.floor((count * (index + 1)) / processes) - Math.floor((count * index) / processes)
    const start: CrowdStart = { url: hub.url, identity: hub.identity, count: part }
    return fork(new URL('hub-clients.ts', import.meta.url), [JSON.stringify(start)])
  })
  await Promise.all(children.map((child) => hear(child)))
  async function order(what: 'open' | 'close'): Promise<void> {
    await Promise.all(
      children.map(async (child) => {
        child.send(what)
        await hear(child)
      }),
    )
  }

  return {
    async open() {
      const started = performance.now()
      await order('open')
      return performance.now() - started
    },
    close: () => order('close'),
    async beat(beatMs) {
      const all = await Promise.all(
        children.map(async (child) => {
          child.send({ beatMs })
          return hear<Beats>(child)
        }),
      )
      const worst = (of: (beats: Beats) => number): number => Math.max(...all.map(of))
      return {
        beats: all.reduce((sum, { beats }) => sum + beats, 0),
        lost: all.reduce((sum, { lost }) => sum + lost, 0),
        medianMs: worst(({ medianMs }) => medianMs),
        p99Ms: worst(({ p99Ms }) => p99Ms),
        slowestMs: worst(({ slowestMs }) => slowestMs),
      }
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) {
        const gone = once(child, 'exit')
        child.disconnect()
        await gone
      }
    },
  }
}
