/**
 * The program of the worker that has the peer (spec O10-O13). An app's own is two lines:
 *
 *     import { runPeerWorker } from '@effigy/peer/browser'
 *     runPeerWorker(self)
 *
 * @module
 */
import { borrowRtc } from '@effigy/links'
import { type Clock, type Log, silentLog, systemClock } from '@effigy/sync'
import { messagePort } from '../remote/port.ts'
import { type FromWorker, parseToWorker, type ToWorker } from '../remote/tab-messages.ts'
import { type Home, openHome } from './home.ts'
import type { BrowserPeerOptions } from './open-peer.ts'
import { serveTabs } from './serve-tabs.ts'

/** A dedicated worker, as seen from inside. */
export type WorkerScope = Pick<DedicatedWorkerGlobalScope, 'postMessage' | 'addEventListener' | 'close'>

export interface PeerWorkerOptions {
  readonly log?: Log
  readonly clock?: Clock
  readonly peer?: BrowserPeerOptions
}

type Start = Extract<ToWorker, { type: 'start' }>

/** Waits for its page to start it; ends when the page stops it. */
export function runPeerWorker(scope: WorkerScope, options: PeerWorkerOptions = {}): void {
  const { log = silentLog, clock = systemClock, peer = {} } = options
  const say = (message: FromWorker): void => scope.postMessage(message)
  let close: (() => Promise<void>) | null = null

  function start({ name, version, leader, port, rtc }: Start): () => Promise<void> {
    const lent = rtc === null ? {} : { rtc: borrowRtc(rtc) }
    const home: Home = openHome({
      ...{ name, clock, log },
      peer: { ...lent, ...peer },
      told: (state) => tabs.tell(state),
    })
    const tabs = serveTabs({ name, version, leader, home: () => home, log })
    tabs.add(messagePort(port))
    say({ type: 'started' })
    return async () => {
      await tabs[Symbol.asyncDispose]()
      await home[Symbol.asyncDispose]()
    }
  }

  scope.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = parseToWorker(data)
    switch (message?.type) {
      case 'start':
        close ??= start(message)
        return
      case 'ping':
        say({ type: 'pong' })
        return
      case 'stop': {
        const closing = close ?? (() => Promise.resolve())
        close = () => Promise.resolve()
        void closing().finally(() => {
          say({ type: 'stopped' })
          scope.close()
        })
        return
      }
      case undefined:
        return
    }
  })
}
