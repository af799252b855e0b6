/**
 * The hub as a process of its own, for benchmarks and for what is killed (hub-child.ts).
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Identity } from '@effigy/core'
import type { HubConfig } from '../../apps/hub/src/config/options.ts'

export interface HubStart {
  readonly changes?: Partial<HubConfig>
  /** Stays when the hub ends; one that goes with it when omitted. */
  readonly home?: string
}

export interface HubReady {
  readonly url: string
  readonly port: number
  readonly identity: Identity
}

export interface HubUsage {
  readonly cpuSeconds: number
  /** Bytes. */
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
  readonly sessions: number
}

export interface HubProcess extends HubReady, AsyncDisposable {
  usage(): Promise<HubUsage>
  /** Ends it where it stands. */
  kill(): Promise<void>
}

export async function startHubProcess(start: HubStart = {}): Promise<HubProcess> {
  const child = fork(new URL('hub-child.ts', import.meta.url), [JSON.stringify(start)])
  const ready = await hear<HubReady>(child)
  const gone = once(child, 'exit')
  return {
    ...ready,
    usage() {
      const answer = hear<HubUsage>(child)
      child.send('usage')
      return answer
    },
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.send('stop')
      await gone
    },
  }
}

/** The next message of a child. Throws when it ends without one. */
export async function hear<Message>(child: ChildProcess): Promise<Message> {
  const heard = new AbortController()
  const { signal } = heard
  const ended = once(child, 'exit', { signal }).then(() => null)
  // Heard in time: nobody waits for its end.
  ended.catch(() => {})
  const came = await Promise.race([once(child, 'message', { signal }), ended])
  heard.abort()
  if (came === null) throw new Error('the process ended')
  return came[0] as Message
}
