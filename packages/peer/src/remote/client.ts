/**
 * The page's end of a port (spec O2-O9, O12): calls and streams that outlive the tab which has the peer.
 *
 *     peer.query.timeline() ─▶ waiting ─gate open▶ sent ─▶ answered
 *                                ▲──────────────────┘ the port is lost: reads and streams are asked again,
 *                                                     what may have been done rejects with 'interrupted'
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { whenAnyAborted } from '@effigy/sync'
import { type SplitArguments, splitArguments } from './arguments.ts'
import { type ClientHandle, openHandle } from './client-handle.ts'
import { type ClientSources, createClientSources } from './client-sources.ts'
import { type ClientStream, createClientStream } from './client-stream.ts'
import type { HandleCrossing } from './crossing.ts'
import { interrupted } from './interrupted.ts'
import { type AnyTable, isHandle, type Leaf } from './members.ts'
import { decodeToClient, maxCalls, type ToClient, type ToHost } from './messages.ts'
import type { Port } from './port.ts'

export interface PortClientOptions {
  /** Whether the other end can be asked for that path now; asked again at `flush`. */
  readonly isReady: (path: string) => boolean
  /** How far the other end is. */
  readonly told: (state: Readonly<Record<string, unknown>>) => void
  /** Something came. */
  readonly heard?: () => void
  /** The other end is done with this one. */
  readonly ended: (code: string) => void
}

export interface PortClient {
  /** Answers a member of the root as its word in the table says. */
  invoke(path: string, how: Leaf, args: readonly unknown[]): unknown
  readonly sources: Pick<ClientSources, 'offer'>
  /** Speaks over this port from now on; what went over the one before is asked again, or rejects. */
  attach(port: Port): void
  /** No port until the next one. */
  detach(): void
  /** The other end stays, and what stood behind these paths is another one from now on: as if the port had been lost for them. */
  lapse(isGone: (path: string) => boolean): void
  /** Has it tell how far it is. */
  ping(): void
  /** Something may be ready now. */
  flush(): void
  /** Rejects everything, now and later. */
  close(code: string, message: string): void
}

/** Something that waits for the other end. */
interface Pending {
  readonly path: string
  readonly target: number
  readonly split: SplitArguments
  /** Whether it is asked again when the port is lost. */
  readonly isAgain: boolean
  /** Null while it waits. */
  id: number | null
  heard(message: ToClient): void
  sent(id: number): void
  /** The port is gone, and it will be asked again. */
  lost(): void
  fail(reason: unknown): void
}

export function createPortClient({ isReady, told, heard, ended }: PortClientOptions): PortClient {
  const pending = new Set<Pending>()
  const sent = new Map<number, Pending>()
  const handles = new Set<ClientHandle>()
  let port: Port | null = null
  let nextId = 1
  let closed: EffigyError | null = null
  const sources = createClientSources((message, transfer) => port?.post(message, transfer))

  function post(message: ToHost): void {
    port?.post(message)
  }

  function add(one: Pending): void {
    if (closed !== null) {
      one.fail(closed)
      return
    }
    if (pending.size >= maxCalls) {
      one.fail(new EffigyError('port-busy', 'too many calls at once'))
      return
    }
    pending.add(one)
    send(one)
  }

  function send(one: Pending): void {
    if (port === null || one.id !== null || !pending.has(one)) return
    if (one.target === 0 && !isReady(one.path)) return
    const id = nextId++
    const { args, slots } = one.split
    try {
      port.post({ type: 'call', id, target: one.target, path: one.path, args, slots } satisfies ToHost)
    } catch (cause) {
      drop(one, new EffigyError('port-argument', `what ${one.path} was given cannot be copied`, { cause }))
      return
    }
    one.id = id
    sent.set(id, one)
    one.sent(id)
  }

  function forget(one: Pending): void {
    pending.delete(one)
    if (one.id !== null) sent.delete(one.id)
    sources.close(one.split.args.flatMap(offeredIn))
  }

  function drop(one: Pending, reason: unknown): void {
    if (!pending.has(one)) return
    forget(one)
    one.fail(reason)
  }

  /** Nobody waits for it any more. */
  function cancel(one: Pending): void {
    if (!pending.has(one)) return
    if (one.id !== null) post({ type: 'cancel', id: one.id })
    forget(one)
  }

  function hear(raw: unknown): void {
    heard?.()
    const decoded = decodeToClient(raw)
    // A newer version may say more than this one understands.
    if (!decoded.ok) {
      decoded.error.code === 'port-unknown' ? undefined : ended('port-malformed')
      return
    }
    const message = decoded.value
    switch (message.type) {
      case 'state':
        told(message.state)
        return
      case 'over':
        ended(message.code)
        return
      case 'pull':
        sources.pull(message.source, message.count)
        return
      case 'progress': {
        const one = sent.get(message.id)
        if (one === undefined) return
        one.split.listeners.get(message.slot)?.(message.value)
        post({ type: 'taken', id: message.id, slot: message.slot })
        return
      }
      case 'error': {
        const one = sent.get(message.id)
        if (one !== undefined) drop(one, new EffigyError(message.code, message.message))
        return
      }
      case 'handle':
        // Nobody waits for it any more.
        if (!sent.has(message.id)) post({ type: 'release', id: nextId++, handle: message.handle })
        sent.get(message.id)?.heard(message)
        return
      case 'result':
      case 'item':
      case 'end':
        sent.get(message.id)?.heard(message)
        return
    }
  }

  function lose(): void {
    const before = port
    port = null
    before?.close()
    for (const one of [...pending]) unsend(one)
    for (const handle of handles) if (handle.id !== null) handle.lost()
  }

  /** Whatever comes for it now is of before. */
  function unsend(one: Pending): void {
    if (one.id === null) return
    sent.delete(one.id)
    one.id = null
    if (one.isAgain && one.target === 0) one.lost()
    else drop(one, interrupted())
  }

  function lapse(isGone: (path: string) => boolean): void {
    for (const one of [...pending]) {
      if (one.id === null || !(one.target !== 0 || isGone(one.path))) continue
      post({ type: 'cancel', id: one.id })
      unsend(one)
    }
    for (const handle of handles) {
      if (handle.id === null) continue
      post({ type: 'release', id: nextId++, handle: handle.id })
      handle.lost()
    }
  }

  /** Resolves with the last message of a call. */
  function ask(path: string, target: number, split: SplitArguments, isAgain: boolean): Promise<ToClient> {
    const { promise, resolve, reject } = Promise.withResolvers<ToClient>()
    const one: Pending = {
      path,
      target,
      split,
      isAgain,
      id: null,
      sent: () => {},
      lost: () => {},
      fail: reject,
      heard(message) {
        forget(one)
        resolve(message)
      },
    }
    return abortable(
      split.signals,
      promise,
      () => {
        cancel(one)
        reject(reasonOf(split.signals))
      },
      () => add(one),
    )
  }

  async function call(path: string, target: number, how: Leaf, args: readonly unknown[]): Promise<unknown> {
    const message = await ask(path, target, splitArguments(args), how !== 'once')
    return message.type === 'result' ? message.value : null
  }

  function open(path: string, how: HandleCrossing<AnyTable>, args: readonly unknown[]): Promise<object> {
    return openHandle(how, {
      async make() {
        const message = await ask(path, 0, splitArguments(args), how.call === 'again')
        if (message.type !== 'handle') throw new EffigyError('port-malformed', `${path} gave nothing`)
        return { id: message.handle, constants: message.constants }
      },
      call,
      stream,
      release,
      handles,
    })
  }

  async function release(handle: number): Promise<void> {
    if (port === null) return
    const id = nextId++
    const { promise, resolve } = Promise.withResolvers<void>()
    // When the port is lost, it is released as well.
    const done = (): void => {
      pending.delete(one)
      sent.delete(id)
      resolve()
    }
    const one: Pending = {
      path: 'release',
      target: handle,
      split: splitArguments([]),
      isAgain: false,
      id,
      sent: () => {},
      lost: done,
      heard: done,
      fail: done,
    }
    pending.add(one)
    sent.set(id, one)
    post({ type: 'release', id, handle })
    await promise
  }

  function stream(
    path: string,
    target: number,
    how: 'stream' | 'bytes',
    args: readonly unknown[],
  ): AsyncGenerator<unknown, unknown, void> {
    const split = splitArguments(args)
    const flow: ClientStream = createClientStream({
      isBytes: how === 'bytes',
      isLive: path === livePath,
      next: (count) => one.id !== null && post({ type: 'next', id: one.id, count }),
      begin: () => add(one),
      stop: () => cancel(one),
      signals: split.signals,
    })
    const one: Pending = {
      path,
      target,
      split,
      isAgain: how === 'stream',
      id: null,
      sent: flow.sent,
      lost: flow.lost,
      fail: flow.fail,
      heard(message) {
        if (message.type === 'item') return flow.item(message.value)
        forget(one)
        flow.end(message.type === 'end' ? message.value : undefined)
      },
    }
    return flow.items
  }

  function flush(): void {
    for (const one of [...pending]) send(one)
  }

  return {
    invoke(path, how, args) {
      if (how === 'stream' || how === 'bytes') return stream(path, 0, how, args)
      return isHandle(how) ? open(path, how, args) : call(path, 0, how, args)
    },
    sources,
    attach(next) {
      lose()
      port = next
      next.listen((raw) => {
        if (port === next) hear(raw)
      })
      flush()
    },
    detach: lose,
    lapse,
    ping: () => post({ type: 'ping' }),
    flush,
    close(code, message) {
      closed = new EffigyError(code, message)
      post({ type: 'bye' })
      for (const one of [...pending]) drop(one, closed)
      lose()
    },
  }
}

export const livePath = 'pages.live'

function reasonOf(signals: readonly AbortSignal[]): unknown {
  return signals.find(({ aborted }) => aborted)?.reason
}

async function abortable<Value>(
  signals: readonly AbortSignal[],
  answer: Promise<Value>,
  abort: () => void,
  begin: () => void,
): Promise<Value> {
  for (const signal of signals) signal.throwIfAborted()
  using _listening = whenAnyAborted(signals, abort)
  begin()
  return await answer
}

function offeredIn(argument: unknown): readonly unknown[] {
  if (!Array.isArray(argument)) return [argument]
  return argument.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'content' in one ? one.content : null,
  )
}
