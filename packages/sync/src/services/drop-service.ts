/**
 * The drop box as a service (spec V25): its methods over calls.
 *
 *     put {to} ‖ sealed ─▶ {id}     listen ─▶ {drops}…     fetch {id} ─▶ ‖ sealed     done {ids}     friends ‖ keys
 *
 * @module
 */
import {
  err,
  type Identity,
  identityOfKey,
  type JsonObject,
  ok,
  parseIdentity,
  parseRawCid,
  type RawCid,
  type Result,
} from '@effigy/core'
import type { DropInfo } from '@effigy/store'
import type { Clock } from '../clock.ts'
import type { DropBox } from './drop-box.ts'
import type { Service, ServiceAnswer, ServiceRefusal } from './service.ts'

const badValue = err<ServiceRefusal>({ code: 'bad-value', retryMs: null })
const done: Result<ServiceAnswer, never> = ok({ value: {} })

/** Ids in one `done`, and drops in one answer of `listen`. */
const maxListed = 100

/**
 * Ms. All that were handed in during one such step are answered together, at the end of the next: how long it took
 * to keep one, or not to, does not show (V22).
 */
const answerStepMs = 100

export interface DropServicePorts {
  readonly box: DropBox
  readonly isFor: Service['isFor']
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
}

/**
 * Serves `box` to whoever passes `isFor`. What is asked for wrongly is refused with `bad-value`; what the box throws comes out of
 * the method.
 */
export function createDropService({ box, isFor, clock }: DropServicePorts): Service {
  /** Ends the `listen` of a device. */
  const listening = new Map<Identity, () => void>()
  return {
    name: 'dropbox',
    isFor,
    methods: {
      async put({ remote, value, bytes, signal }) {
        const to = value.to === null ? null : identityIn(value.to)
        if (to === undefined) return badValue
        const answerAt = (Math.floor(clock.monotonic() / answerStepMs) + 2) * answerStepMs
        const taken = box.put(remote, to, bytes)
        // What was refused before anything of the receiver was looked at tells nothing of it.
        if (!taken.ok && taken.error.code !== 'full' && taken.error.code !== 'absent') return taken
        await until(answerAt, clock, signal)
        return taken.ok ? ok({ value: { id: taken.value } }) : taken
      },
      async fetch({ remote, value }) {
        const id = rawCidIn(value.id)
        const bytes = id === null ? null : box.fetch(remote, id)
        if (id === null) return badValue
        return bytes === null ? err({ code: 'absent', retryMs: null }) : ok({ value: { id }, bytes })
      },
      async done({ remote, value }) {
        const { ids } = value
        if (!Array.isArray(ids) || ids.length > maxListed) return badValue
        const cids = (ids as readonly unknown[]).map(rawCidIn)
        if (cids.includes(null)) return badValue
        box.acknowledge(remote, cids as readonly RawCid[])
        return done
      },
      async friends({ remote, bytes }) {
        if (bytes.length % 32 !== 0) return badValue
        const keys = Array.from({ length: bytes.length / 32 }, (_, at) => bytes.slice(at * 32, at * 32 + 32))
        return box.setFriends(remote, keys.map(identityOfKey))
          ? done
          : err({ code: 'refused', retryMs: null })
      },
      async listen({ remote, answer, signal }) {
        const offer = (drops: readonly DropInfo[]): void => {
          for (let at = 0; at < drops.length; at += maxListed) {
            answer({ value: { drops: drops.slice(at, at + maxListed).map(writeOffer) } })
          }
        }
        const first = box.offers(remote)
        if (!first.ok) return first
        offer(first.value)
        if (first.value.length === 0) answer({ value: { drops: [] } })
        // One at a time: the one before has been told all that it asked for.
        listening.get(remote)?.()
        const ended = Promise.withResolvers<void>()
        listening.set(remote, ended.resolve)
        using _watching = box.watch((drop) => {
          if (box.isFor(remote, drop)) offer([drop])
        })
        await Promise.race([aborted(signal), ended.promise])
        if (listening.get(remote) === ended.resolve) listening.delete(remote)
        return done
      },
    },
  }
}

function writeOffer({ id, size, at, isFriend }: DropInfo): JsonObject {
  return { id, size, at, friend: isFriend }
}

/** Never rejects. */
function until(ms: number, clock: DropServicePorts['clock'], signal: AbortSignal): Promise<void> {
  const leftMs = ms - clock.monotonic()
  if (leftMs <= 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      timer[Symbol.dispose]()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.after(leftMs, done)
    signal.addEventListener('abort', done)
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function identityIn(value: unknown): Identity | undefined {
  return typeof value === 'string' ? (parseIdentity(value) ?? undefined) : undefined
}

function rawCidIn(value: unknown): RawCid | null {
  return typeof value === 'string' ? parseRawCid(value) : null
}
