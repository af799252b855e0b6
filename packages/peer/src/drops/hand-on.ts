/**
 * Hands taken drops to whoever acts on their type (spec V43).
 *
 *     waits here ─▶ handler ─resolves▶ removed
 *                      └─ rejects ─▶ waits; again later, and after the next start
 *
 * @module
 */
import { EffigyError, type RawCid } from '@effigy/core'
import type { TakenDrop, TakenDrops } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import { knockType } from '../private/knock.ts'
import type { DropHandler, HandleDropOptions, ReceivedDrop } from './drops.ts'

export interface HandOn {
  handle(type: string, handler: DropHandler, options?: HandleDropOptions): Disposable
  /** It waits here now, or may be acted on now. */
  offer(drop: TakenDrop): void
  /** Whether something here acts on such drops, or shows them. */
  isFor(drop: Pick<TakenDrop, 'type' | 'isRequest' | 'byHand'>): boolean
  /** Types that wait here for something: of requests those that are shown alone, others do not wait. */
  types(isRequest: boolean): readonly string[]
  readonly isIdle: boolean
  idle(): Promise<unknown>
}

export interface HandOnPorts {
  readonly taken: TakenDrops
  readonly read: (id: RawCid) => Promise<ReceivedDrop | null>
  readonly clock: Clock
  readonly log: Log
  /** One is gone, or `isIdle` says something else. */
  readonly changed: () => void
  readonly signal: AbortSignal
}

/** A handler that failed is tried again after so long, ms. */
const againMs = 600_000

interface Handler {
  readonly act: DropHandler
  readonly requests: boolean
  /** Its own, one after the other: a slow type holds up no other. */
  turn: Promise<void>
  retry: Disposable | null
}

const mayAct = (
  { requests }: Handler,
  { isRequest, byHand }: Pick<TakenDrop, 'isRequest' | 'byHand'>,
): boolean => !isRequest || (requests && !byHand)

/** What nobody is handed, and something here shows as it waits. */
const shown: readonly string[] = [knockType]

/** All that can wait. */
const most = 10_000

export function createHandOn({ taken, read, clock, log, changed, signal }: HandOnPorts): HandOn {
  const handlers = new Map<string, Handler>()
  const inHand = new Set<RawCid>()

  function offer(drop: TakenDrop): void {
    const handler = handlers.get(drop.type)
    if (handler === undefined || signal.aborted || inHand.has(drop.id)) return
    if (!mayAct(handler, drop)) return
    inHand.add(drop.id)
    handler.turn = handler.turn.then(async () => {
      try {
        if (!signal.aborted && handlers.get(drop.type) === handler) await give(drop.id, handler)
      } catch (cause) {
        if (!signal.aborted) fail(handler, cause)
      } finally {
        inHand.delete(drop.id)
        changed()
      }
    })
  }

  async function give(id: RawCid, handler: Handler): Promise<void> {
    const drop = await read(id)
    if (signal.aborted) return
    if (drop === null) {
      if (taken.get(id) === null) return
      throw new EffigyError('own-key', 'No key that can be used now opens it.')
    }
    await handler.act(drop, { signal })
    taken.remove(id)
  }

  /** What is in a drop may stand in the message of an error: T22. */
  function fail(handler: Handler, cause: unknown): void {
    const code = cause instanceof EffigyError ? cause.code : 'unknown'
    log.warn('drop.unhandled', { code })
    handler.retry ??= clock.after(againMs, () => {
      handler.retry = null
      offerAll()
    })
  }

  function offerAll(): void {
    for (const drop of [...taken.list(false, most), ...taken.list(true, most)]) offer(drop)
  }

  return {
    handle(type, act, { requests = false } = {}) {
      if (handlers.has(type)) {
        throw new EffigyError('drop-handled', `Something else acts on drops of the type ${type} already.`)
      }
      const handler: Handler = { act, requests, turn: Promise.resolve(), retry: null }
      handlers.set(type, handler)
      offerAll()
      return {
        [Symbol.dispose]() {
          if (handlers.get(type) === handler) handlers.delete(type)
          handler.retry?.[Symbol.dispose]()
        },
      }
    },
    offer,
    isFor(drop) {
      const handler = handlers.get(drop.type)
      return shown.includes(drop.type) || (handler !== undefined && mayAct(handler, drop))
    },
    types: (isRequest) => (isRequest ? shown : [...shown, ...handlers.keys()]),
    get isIdle() {
      return inHand.size === 0
    },
    async idle() {
      for (const { retry } of handlers.values()) retry?.[Symbol.dispose]()
      await Promise.all(Array.from(handlers.values(), ({ turn }) => turn))
    },
  }
}
