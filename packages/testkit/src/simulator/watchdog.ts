/**
 * What must hold at every moment, whatever else happens: bounds, silence about secrets, no error of ours.
 *
 *     every two seconds ─▶ outbound bytes, backlog, timers, links, feeds of each machine ─▶ violation
 *     every line of a log ─▶ a secret, a text, an unexpected failure ─▶ violation
 *
 * @module
 */
import { defaultSessionLimits, type LogFields, maxLinkMessageBytes } from '@effigy/sync'
import type { Machine } from './machine.ts'

export interface WatchdogPorts {
  readonly machines: () => Iterable<Machine>
  /** Texts that stand in no log: keys, and a mark that every note carries. */
  readonly secrets: () => Iterable<string>
  /** Machines whose doings are not ours to answer for. */
  readonly isHonest: (machine: string) => boolean
  /** How many feeds one machine may know at most. */
  readonly maxFeeds: number
  readonly violate: (invariant: string, who: string, what: string) => void
}

/** Signatures that may wait to be checked. */
const maxUnverified = 5_000

/** Time-outs, pauses and limits of some thirty sessions. */
const maxTimers = 2_000

/** A machine that forgot to close any would be found by this. */
const maxLinks = 400

export interface Watchdog {
  look(): void
  logged(machine: string, event: string, fields: LogFields, isWarning: boolean): void
  /** The highest values seen, for the summary. */
  readonly peaks: Readonly<Record<'outboundBytes' | 'unverified' | 'timers' | 'links' | 'feeds', number>>
}

/** Codes of failures that a network or a peer causes; every other one is a fault of ours. */
const foreign: ReadonlySet<string> = new Set(['closed', 'cut', 'storage-failed'])

export function createWatchdog(ports: WatchdogPorts): Watchdog {
  const { violate, isHonest } = ports
  const peaks = { outboundBytes: 0, unverified: 0, timers: 0, links: 0, feeds: 0 }
  let secrets: readonly string[] | null = null

  function bound(kind: keyof typeof peaks, who: string, value: number, most: number): void {
    peaks[kind] = Math.max(peaks[kind], value)
    if (value > most) violate('bounded', who, `${kind} ${value}, at most ${most}`)
  }

  return {
    peaks,
    look() {
      for (const { name, running } of ports.machines()) {
        if (running === null || !isHonest(name)) continue
        const { process, store } = running
        for (const link of process.links) {
          bound(
            'outboundBytes',
            name,
            link.bufferedBytes,
            defaultSessionLimits.outboundBytes + maxLinkMessageBytes,
          )
        }
        bound('unverified', name, store.unverifiedCount(), maxUnverified)
        bound('timers', name, process.timers, maxTimers)
        bound('links', name, process.links.size, maxLinks)
        bound('feeds', name, [...store.feeds()].length, ports.maxFeeds)
      }
    },
    logged(machine, event, fields, isWarning) {
      const line = JSON.stringify(fields)
      secrets ??= [...ports.secrets()]
      const told = secrets.find((secret) => line.includes(secret))
      if (told !== undefined) violate('log without secrets', machine, `${event} tells ${told.slice(0, 6)}…`)
      if (!isWarning || !isHonest(machine)) return
      const { code, error } = fields
      const isFailure = event.endsWith('.failed') || event === 'verify.stopped'
      const reason = String(code ?? error ?? '')
      if (isFailure && !foreign.has(reason)) violate('no unexpected failure', machine, `${event} ${line}`)
    },
  }
}
