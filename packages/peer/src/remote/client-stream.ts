/**
 * A stream at the page's end of a port (spec O7): items come as they are asked for, so that a slow page slows the worker
 * down and nothing grows.
 *
 *     for await ─next▶ worker ─item▶ for await        bytes: a few pieces ahead
 *
 * @module
 */
import { whenAnyAborted } from '@effigy/sync'
import { maxReadAhead } from './messages.ts'

export interface ClientStreamPorts {
  readonly isBytes: boolean
  /** The same answer again, after the port was lost, is no news. */
  readonly isLive: boolean
  /** Asks for so many more. */
  readonly next: (count: number) => void
  /** Asks for the stream itself. */
  readonly begin: () => void
  /** Nobody reads on. */
  readonly stop: () => void
  readonly signals: readonly AbortSignal[]
}

export interface ClientStream {
  readonly items: AsyncGenerator<unknown, unknown, void>
  sent(): void
  item(value: unknown): void
  end(value: unknown): void
  lost(): void
  fail(reason: unknown): void
}

export function createClientStream(ports: ClientStreamPorts): ClientStream {
  const { isBytes, isLive, signals } = ports
  const ready: unknown[] = []
  /** Items asked for that did not come yet. */
  let asked = 0
  let isWanted = false
  let isAgain = false
  let last: { readonly value: unknown } | null = null
  let over: { readonly value: unknown } | { readonly reason: unknown } | null = null
  let wake: () => void = () => {}

  function ask(): void {
    const ahead = isBytes ? maxReadAhead - ready.length : Number(isWanted && ready.length === 0)
    if (ahead <= asked) return
    const count = ahead - asked
    asked = ahead
    ports.next(count)
  }

  function finish(how: { readonly value: unknown } | { readonly reason: unknown }): void {
    over ??= how
    wake()
  }

  async function* read(): AsyncGenerator<unknown, unknown, void> {
    // As in the worker: what is asked live ends with its signal, what is read rejects.
    const stop = (): void =>
      finish(isBytes ? { reason: signals.find(({ aborted }) => aborted)?.reason } : { value: undefined })
    using _listening = whenAnyAborted(signals, stop)
    if (signals.some(({ aborted }) => aborted)) stop()
    if (over === null) ports.begin()
    try {
      for (;;) {
        if (ready.length > 0 && !signals.some(({ aborted }) => aborted)) {
          const value = ready.shift()
          last = isLive ? { value } : null
          yield value
          continue
        }
        if (over !== null) {
          if ('reason' in over) throw over.reason
          return over.value
        }
        isWanted = true
        ask()
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
        isWanted = false
      }
    } finally {
      ports.stop()
    }
  }

  return {
    items: read(),
    sent: ask,
    item(value) {
      asked--
      const isSame = isAgain && last !== null && JSON.stringify(last.value) === JSON.stringify(value)
      isAgain = false
      if (isSame) return ask()
      ready.push(value)
      wake()
    },
    end: (value) => finish({ value }),
    lost() {
      asked = 0
      isAgain = true
    },
    fail: (reason) => finish({ reason }),
  }
}
