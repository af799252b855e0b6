/**
 * The tab that has the peer: starts its worker, watches over it, and ends it (spec O11, O13).
 *
 *     lock held ─▶ worker ─start▶ serves this page and all others ─stop▶ closed ─▶ lock free
 *
 * @module
 */
import { type Clock, whenAborted } from '@effigy/sync'
import { type FromWorker, parseFromWorker, type ToWorker } from '../remote/tab-messages.ts'

export interface LeadOptions {
  readonly createWorker: () => Worker
  readonly name: string
  readonly version: number
  readonly leader: string
  /** The worker's end of the port to this page. */
  readonly port: MessagePort
  /** Over which the page lends what only a page has. */
  readonly rtc: MessagePort | null
  readonly clock: Clock
  /** While it is not, the worker may be busy for long: a migration gives no answers. */
  readonly isOpen: () => boolean
  /** Closes the peer and then the worker. */
  readonly signal: AbortSignal
  /** Ends the worker at once, whatever it does: all that was acknowledged is on the disk. */
  readonly cut: AbortSignal
}

/** `failed`: it never ran. `hung`: it stopped answering. */
export type WorkerEnd = 'stopped' | 'cut' | 'failed' | 'hung'

/** Ms between two looks at whether it still answers. */
const beatMs = 10_000

/** Looks without an answer; the longest work of an open peer between two messages is some seconds. */
const maxMissedBeats = 3

/** Ms for closing the store. */
const stopMs = 2_000

/** Resolves when the worker is gone, and with it every lock and file that it held. */
export async function leadPeer(options: LeadOptions): Promise<WorkerEnd> {
  const { createWorker, clock, isOpen, signal, cut, port, rtc } = options
  const { promise: end, resolve } = Promise.withResolvers<WorkerEnd>()
  const worker = createWorker()
  const say = (message: ToWorker, transfer: Transferable[] = []): void =>
    worker.postMessage(message, transfer)
  let isStarted = false
  let missed = 0
  let timer: Disposable | null = null
  using _timer = { [Symbol.dispose]: () => timer?.[Symbol.dispose]() }

  function beat(): void {
    missed = isOpen() ? missed + 1 : 0
    if (missed > maxMissedBeats) {
      resolve('hung')
      return
    }
    say({ type: 'ping' })
    timer = clock.after(beatMs, beat)
  }

  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message: FromWorker | null = parseFromWorker(data)
    if (message === null) return
    // Anything it says shows that it runs.
    missed = 0
    if (message.type === 'started' && !isStarted) {
      isStarted = true
      timer = clock.after(beatMs, beat)
    }
    if (message.type === 'stopped') resolve('stopped')
  }
  worker.onerror = (event) => {
    // Later ones are in its log, and it goes on.
    if (!isStarted) {
      event.preventDefault()
      resolve('failed')
    }
  }

  using _stopping = whenAborted(signal, () => {
    say({ type: 'stop' })
    timer?.[Symbol.dispose]()
    timer = clock.after(stopMs, () => resolve('stopped'))
  })
  using _cut = whenAborted(cut, () => resolve('cut'))
  const { name, version, leader } = options
  say({ type: 'start', name, version, leader, port, rtc }, rtc === null ? [port] : [port, rtc])
  if (signal.aborted) say({ type: 'stop' })
  if (cut.aborted) resolve('cut')
  try {
    return await end
  } finally {
    worker.terminate()
  }
}
