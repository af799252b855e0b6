/**
 * One client of a peer, at the worker's end of its port (spec O2-O9): it reaches what the table names, and nothing else.
 *
 *     port ─decode▶ call ─table▶ peer.timeline(…) ─▶ result, items as they are asked for, or an error with its code
 *
 * What a client holds (calls, streams, connections) is let go of when it goes.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Log } from '@effigy/sync'
import { createHostSources } from './host-sources.ts'
import { type AnyTable, constantsOf, isHandle, type Leaf, type Member, membersOf } from './members.ts'
import {
  decodeToHost,
  maxCalls,
  maxHandles,
  maxListed,
  maxReadAhead,
  type ToClient,
  type ToHost,
} from './messages.ts'
import type { PeerState } from './page-peer.ts'
import type { Port } from './port.ts'

export interface PortHostOptions {
  readonly port: Port
  readonly table: AnyTable
  /** What the table speaks of; a part that is null is not there now. Asked for each call. */
  readonly root: () => object
  /** Members whose first argument is bytes of the page, by path. */
  readonly sources: ReadonlyMap<string, ReadSource>
  readonly log: Log
}

/** The argument with its bytes, however many there are in it. Throws `EffigyError` 'port-argument'. */
export type ReadSource = (given: unknown, open: OpenSource) => unknown

export type OpenSource = (given: unknown) => AsyncIterable<Uint8Array>

export interface PortHost {
  /** How far the peer is. */
  tell(state: PeerState): void
  /** Ends the client, and tells it why. */
  end(code: string): void
  /** Resolves with the code when it ended and every handle that it held is let go of; calls may still be running. */
  readonly ended: Promise<string>
}

type Call = Extract<ToHost, { type: 'call' }>

interface Running {
  readonly stop: AbortController
  /** Items that the client takes. */
  credit: number
  wake: () => void
  /** By slot: its progress was taken. */
  readonly taken: Map<number, () => void>
  /** Tells the progress that waits: the last word of it comes before the answer. */
  readonly flush: (() => void)[]
}

interface Kept {
  readonly object: object
  readonly members: ReadonlyMap<string, Member>
}

export function serveClient({ port, table, root, sources: readers, log }: PortHostOptions): PortHost {
  const members = membersOf(table)
  const calls = new Map<number, Running>()
  const handles = new Map<number, Kept>()
  const { promise: ended, resolve: tellEnd } = Promise.withResolvers<string>()
  const releasing = new Set<Promise<void>>()
  let nextHandle = 1
  let isOver = false
  let newest: PeerState | null = null

  const sources = createHostSources((source, count) => post({ type: 'pull', source, count }))

  function post(message: ToClient, transfer?: readonly Transferable[]): void {
    if (!isOver) port.post(message, transfer)
  }

  function fail(id: number, reason: unknown, path: string): void {
    const { code, message } = describe(reason, path, log)
    post({ type: 'error', id, code, message })
  }

  function end(code: string): void {
    if (isOver) return
    post({ type: 'over', code })
    isOver = true
    for (const { stop, wake } of calls.values()) {
      stop.abort(new EffigyError('port-closed', 'the page is gone'))
      wake()
    }
    sources[Symbol.dispose]()
    for (const { object } of handles.values()) letGoOf(letGo(object))
    handles.clear()
    void Promise.allSettled([...releasing]).then(() => {
      port.close()
      tellEnd(code)
    })
  }

  function letGoOf(work: Promise<void>): void {
    const safe = work.catch((reason: unknown) => void describe(reason, 'release', log))
    releasing.add(safe)
    void safe.then(() => releasing.delete(safe))
  }

  function hear(raw: unknown): void {
    if (isOver) return
    const decoded = decodeToHost(raw)
    if (!decoded.ok) {
      const { code, id } = decoded.error
      if (code === 'port-malformed') {
        end(code)
        return
      }
      fail(id, new EffigyError(code, 'this version knows no such message'), 'message')
      return
    }
    const message = decoded.value
    switch (message.type) {
      case 'call':
        begin(message)
        return
      case 'next': {
        const call = calls.get(message.id)
        // It ended meanwhile.
        if (call === undefined) return
        if (call.credit + message.count > maxReadAhead) {
          end('port-malformed')
          return
        }
        call.credit += message.count
        call.wake()
        return
      }
      case 'taken':
        calls.get(message.id)?.taken.get(message.slot)?.()
        return
      case 'cancel': {
        const call = calls.get(message.id)
        call?.stop.abort(new DOMException('nobody waits for it', 'AbortError'))
        call?.wake()
        return
      }
      case 'release':
        release(message.id, message.handle)
        return
      case 'piece':
        if (!sources.piece(message.source, message.bytes)) end('port-malformed')
        return
      case 'piece-end':
        sources.end(message.source, message.code)
        return
      case 'ping':
        if (newest !== null) tell(newest)
        return
      case 'bye':
        end('bye')
        return
    }
  }

  function begin(call: Call): void {
    const { id, path } = call
    if (calls.has(id)) {
      end('port-malformed')
      return
    }
    if (calls.size >= maxCalls) {
      fail(id, new EffigyError('port-busy', 'too many calls at once'), path)
      return
    }
    const run: Running = {
      stop: new AbortController(),
      credit: 0,
      wake: () => {},
      taken: new Map(),
      flush: [],
    }
    calls.set(id, run)
    void answer(call, run)
      .catch((reason: unknown) => {
        if (!run.stop.signal.aborted) fail(id, reason, path)
      })
      .finally(() => calls.delete(id))
  }

  async function answer(call: Call, run: Running): Promise<void> {
    const { id, path } = call
    const { parent, name, how } = reach(call)
    if (how === 'value') return give(id, await Reflect.get(parent, name))
    const method: unknown = Reflect.get(parent, name)
    if (typeof method !== 'function') throw new EffigyError('port-unknown', `${path} cannot be called`)
    const value: unknown = Reflect.apply(method, parent, argumentsOf(call, run))
    if (how === 'stream' || how === 'bytes') return giveItems(call, run, value, how)
    const result = await value
    for (const flush of run.flush) flush()
    if (!isHandle(how)) return give(id, result)
    if (typeof result !== 'object' || result === null) throw new Error(`${path} gave no object`)
    if (isOver || run.stop.signal.aborted) return letGo(result)
    if (handles.size >= maxHandles) {
      await letGo(result)
      throw new EffigyError('port-busy', 'too many connections at once')
    }
    const handle = nextHandle++
    handles.set(handle, { object: result, members: membersOf(how.handle) })
    post({ type: 'handle', id, handle, constants: constantsOf(how.handle, result) })
  }

  function reach({ target, path }: Call): { parent: object; name: string; how: Leaf } {
    const kept = target === 0 ? { object: root(), members } : handles.get(target)
    if (kept === undefined) throw new EffigyError('port-unknown', 'it was released')
    const member = kept.members.get(path)
    if (member === undefined) throw new EffigyError('port-unknown', `nothing is called ${path} here`)
    let parent: unknown = kept.object
    for (const segment of member.segments.slice(0, -1)) {
      parent = typeof parent === 'object' && parent !== null ? Reflect.get(parent, segment) : null
    }
    if (typeof parent !== 'object' || parent === null) throw new EffigyError('not-open', 'no peer is open')
    return { parent, name: member.segments.at(-1) ?? '', how: member.how }
  }

  function argumentsOf({ id, path, args: given, slots, target }: Call, run: Running): unknown[] {
    const args = [...given]
    for (const [index, { argument, name }] of slots.entries()) {
      const filling = name === null || name === 'signal' ? run.stop.signal : teller(id, index, run, name)
      if (name === null) args[argument] = filling
      else args[argument] = { ...(args[argument] as object | undefined), [name]: filling }
    }
    const read = target === 0 ? readers.get(path) : undefined
    if (read !== undefined) args[0] = read(args[0], (given) => sources.open(given, run.stop.signal))
    return args
  }

  /** Answers go one by one; of progress, what the client has not taken yet is replaced by what is newer. */
  function teller(id: number, slot: number, run: Running, name: string): (value: unknown) => void {
    const tell = (value: unknown): void => {
      if (calls.has(id) && !run.stop.signal.aborted) post({ type: 'progress', id, slot, value })
    }
    if (name === 'onAnswer') return tell
    let newest: { readonly value: unknown } | null = null
    let isFree = true
    const tellNewest = (): void => {
      if (newest !== null) tell(newest.value)
      newest = null
    }
    run.flush.push(tellNewest)
    run.taken.set(slot, () => {
      isFree = newest === null
      tellNewest()
    })
    return (value) => {
      if (!isFree) newest = { value }
      else tell(value)
      isFree = false
    }
  }

  function give(id: number, value: unknown): void {
    post({ type: 'result', id, value: listed(value) })
  }

  async function giveItems(call: Call, run: Running, value: unknown, how: Leaf): Promise<void> {
    const items = value as AsyncIterable<unknown>
    const { signal } = run.stop
    const iterator = items[Symbol.asyncIterator]()
    try {
      for (;;) {
        while (run.credit === 0 && !signal.aborted) {
          const { promise, resolve } = Promise.withResolvers<void>()
          run.wake = resolve
          await promise
        }
        if (signal.aborted) return
        const next = await iterator.next()
        if (next.done === true) {
          for (const flush of run.flush) flush()
          return post({ type: 'end', id: call.id, value: next.value })
        }
        run.credit--
        if (how === 'bytes') giveBytes(call.id, next.value)
        else post({ type: 'item', id: call.id, value: next.value })
      }
    } finally {
      await iterator.return?.()
    }
  }

  /** The piece is the reader's to keep: what is not a part of something larger is given away. */
  function giveBytes(id: number, value: unknown): void {
    if (!(value instanceof Uint8Array)) {
      post({ type: 'item', id, value })
      return
    }
    const isWhole = value.byteLength === value.buffer.byteLength && value.buffer instanceof ArrayBuffer
    const piece = isWhole ? value : value.slice()
    post({ type: 'item', id, value: piece }, [piece.buffer as ArrayBuffer])
  }

  function release(id: number, handle: number): void {
    const kept = handles.get(handle)
    handles.delete(handle)
    letGoOf(
      (kept === undefined ? Promise.resolve() : letGo(kept.object)).then(
        () => give(id, null),
        (reason: unknown) => fail(id, reason, 'release'),
      ),
    )
  }

  function tell(state: PeerState): void {
    newest = state
    post({ type: 'state', state: { ...state } })
  }

  port.listen(hear)
  return { tell, end, ended }
}

async function letGo(object: object): Promise<void> {
  if (Symbol.asyncDispose in object) await (object as AsyncDisposable)[Symbol.asyncDispose]()
  else if (Symbol.dispose in object) (object as Disposable)[Symbol.dispose]()
}

/** Generators cannot be copied, what they give can. */
function listed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('next' in value) || !(Symbol.iterator in value))
    return value
  const list: unknown[] = []
  for (const item of value as Iterable<unknown>) {
    if (list.length >= maxListed) throw new EffigyError('port-too-large', `more than ${maxListed} items`)
    list.push(item)
  }
  return list
}

/** What of a failure leaves the worker: a code, and words that were written for people. */
function describe(
  reason: unknown,
  path: string,
  log: Log,
): { readonly code: string; readonly message: string } {
  if (reason instanceof EffigyError) return { code: reason.code, message: reason.message }
  const { name } = reason instanceof Error ? reason : { name: typeof reason }
  if (name === 'DataCloneError') return { code: 'port-argument', message: 'this cannot be copied' }
  if (name === 'AbortError') return { code: 'aborted', message: 'it was given up' }
  log.warn('port.failed', { path, error: name })
  return { code: 'internal', message: 'something failed that should not' }
}
