/**
 * Limits of the machine, noticed early and never met (T16): who comes is refused before anything dies.
 *
 *     probes ─┬─ at the start ──▶ fitDescriptors: connections that there are descriptors for
 *             ├─ each second ───▶ memory, descriptors: why nobody is taken, or null
 *             └─ each 5 seconds ▶ disk low: nothing more is fetched or promised
 *
 * What was refused is taken again only some way below the limit, so that it does not go to and fro.
 *
 * @module
 */
import type { Clock, Log } from '@effigy/sync'
import type { Probes } from './probes.ts'

/** Descriptors for everything but what comes over HTTP: store, logs, threads, connections to other hubs. */
export const reservedDescriptors = 256

/** Connections that wait, at least: fewer could be kept busy by a handful of slow visitors. */
const leastWaiting = 64

/** What `fitDescriptors` gives out. */
export interface Places {
  readonly connections: number
  /** Connections that are no WebSockets, or not yet; as many again may be on their way out. */
  readonly waiting: number
}

/** As many of the asked places as fit below the limit: first fewer wait, then fewer are connected. */
export function fitDescriptors(limit: number | null, asked: Places): Places {
  if (limit === null) return asked
  const rest = limit - reservedDescriptors
  const spare = Math.floor((rest - asked.connections) / 2)
  const waiting = Math.min(asked.waiting, Math.max(leastWaiting, spare))
  return { waiting, connections: Math.max(1, Math.min(asked.connections, rest - 2 * waiting)) }
}

export interface Headroom extends Disposable {
  /** Why nobody is taken now. */
  readonly refusal: 'memory' | 'descriptors' | null
  readonly isDiskLow: boolean
}

export interface HeadroomDeps {
  readonly probes: Probes
  /** Below so many free bytes the disk is low; 0 never. */
  readonly minFreeBytes: number
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
  /** The disk has become low, or is no longer. */
  readonly diskChanged: (isLow: boolean) => void
}

const lookMs = 1_000

/** Asking about disk and descriptors costs more; a disk of 512 MiB does not fill in this time. */
const slowLooks = 5

/** Left of the limit when nobody is taken any more, of descriptors. Beside connections few are opened. */
const lowDescriptors: number = reservedDescriptors / 2

const mebibyte: number = 2 ** 20

/** Left of a limit of memory when nobody is taken any more: what queues of those who are connected may still grow by. */
export function memoryReserve(limitBytes: number): number {
  return Math.floor(Math.min(limitBytes / 4, Math.max(64 * mebibyte, limitBytes / 10)))
}

/** So much more than the reserve must be free again. */
const recovered = 1.25

export function watchHeadroom(deps: HeadroomDeps): Headroom {
  const { probes, minFreeBytes, clock, log } = deps
  let looks = 0
  let isMemoryLow = false
  let areDescriptorsLow = false
  let isDiskLow = false

  function lookAtMemory(): void {
    const factor = isMemoryLow ? recovered : 1
    const isLow = probes
      .memory()
      .some(({ usedBytes, limitBytes }) => limitBytes - usedBytes < memoryReserve(limitBytes) * factor)
    if (isLow !== isMemoryLow) tell('memory', isLow)
    isMemoryLow = isLow
  }

  function lookAtDescriptors(): void {
    const limit = probes.descriptorLimit()
    const open = limit === null ? null : probes.openDescriptors()
    if (limit === null || open === null) return
    const isLow = limit - open < lowDescriptors * (areDescriptorsLow ? recovered : 1)
    if (isLow !== areDescriptorsLow) tell('descriptors', isLow)
    areDescriptorsLow = isLow
  }

  function lookAtDisk(): void {
    const free = probes.freeBytes()
    if (free === null) return
    const isLow = free < minFreeBytes * (isDiskLow ? recovered : 1)
    if (isLow === isDiskLow) return
    tell('disk', isLow)
    isDiskLow = isLow
    deps.diskChanged(isLow)
  }

  function tell(what: string, isLow: boolean): void {
    if (isLow) log.warn('headroom.low', { what })
    else log.info('headroom.back', { what })
  }

  function look(): void {
    lookAtMemory()
    if (looks++ % slowLooks > 0) return
    lookAtDescriptors()
    lookAtDisk()
  }

  function lookLater(): Disposable {
    return clock.after(lookMs, () => {
      timer = lookLater()
      look()
    })
  }

  look()
  let timer = lookLater()
  return {
    get refusal() {
      return isMemoryLow ? 'memory' : areDescriptorsLow ? 'descriptors' : null
    },
    get isDiskLow() {
      return isDiskLow
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  }
}
