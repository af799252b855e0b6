/**
 * One running process of a simulated machine: the clock and the links it was given stop with it.
 *
 *     clock ─gate▶ timers      network ─gate▶ links      kill ─▶ nothing that it waits for ever comes
 *
 * What is killed is not told: it stops between two steps, like a process that gets SIGKILL.
 *
 * @module
 */
import type { Clock, Link } from '@effigy/sync'

export interface Process {
  readonly isAlive: boolean
  readonly clock: Clock
  /** The same link, for as long as the process lives. */
  gate(link: Link): Link
  kill(): void
  /** Resolves when it was killed. */
  readonly killed: Promise<void>
  /** Timers that are set. */
  readonly timers: number
  /** Links that are open at this side. */
  readonly links: ReadonlySet<Link>
}

const never = <Value>(): Promise<Value> => new Promise(() => {})

export function startProcess(outer: Clock): Process {
  const timers = new Set<Disposable>()
  const links = new Set<Link>()
  const killed = Promise.withResolvers<void>()
  let isAlive = true

  const clock: Clock = {
    now: () => outer.now(),
    monotonic: () => outer.monotonic(),
    after(ms, run) {
      if (!isAlive) return { [Symbol.dispose]() {} }
      const timer = outer.after(ms, () => {
        timers.delete(timer)
        if (isAlive) run()
      })
      timers.add(timer)
      return {
        [Symbol.dispose]() {
          timers.delete(timer)
          timer[Symbol.dispose]()
        },
      }
    },
  }

  async function* receive(link: Link): AsyncGenerator<Uint8Array> {
    for await (const frame of link.receive()) {
      if (!isAlive) await never()
      yield frame
    }
    if (!isAlive) await never()
  }

  function gate(link: Link): Link {
    links.add(link)
    const closed = link.closed.then((end) => {
      links.delete(link)
      return isAlive ? end : never<{ readonly code: string }>()
    })
    return {
      kind: link.kind,
      binding: link.binding,
      send(frame) {
        if (isAlive) link.send(frame)
      },
      get bufferedBytes() {
        return link.bufferedBytes
      },
      drained: (signal) => (isAlive ? link.drained(signal) : never()),
      receive: () => receive(link),
      close(code) {
        if (isAlive) link.close(code)
      },
      closed,
    }
  }

  return {
    get isAlive() {
      return isAlive
    },
    clock,
    gate,
    kill() {
      isAlive = false
      for (const timer of timers) timer[Symbol.dispose]()
      timers.clear()
      killed.resolve()
    },
    killed: killed.promise,
    get timers() {
      return timers.size
    },
    links,
  }
}
