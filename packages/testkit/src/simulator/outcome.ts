/**
 * What a run is asked for, and what comes of it.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Peer } from '@effigy/peer'
import type { Clock } from '@effigy/sync'
import type { Break } from './breaks.ts'
import type { Band, Fault } from './faults.ts'
import type { Step } from './knowledge.ts'
import type { HubHooks } from './machine.ts'
import type { TraceEvent } from './trace.ts'

export interface SimulationOptions {
  readonly seed: string
  readonly peers: number
  readonly faults: ReadonlySet<Fault>
  /** The backend; verdicts are remembered, and its random bytes replaced. */
  readonly crypto: Crypto
  /** What makes a hub of a peer: the shipping hub's own parts. */
  readonly hub: (peer: () => Peer, clock: Clock) => HubHooks
  /** A part of every person's machine that is broken on purpose; null or omitted: none. */
  readonly broken?: Break | null
  /** Of the faulty phase, ms; 2 minutes when omitted. */
  readonly faultyMs?: number
  readonly onEvent?: (event: TraceEvent) => void
}

export interface Violation {
  readonly invariant: string
  readonly who: string
  /** What happened, with the feed and what was expected. */
  readonly what: string
  /** Of the run, ms. */
  readonly atMs: number
}

export interface Publication {
  readonly atMs: number
  readonly author: string
  readonly epoch: number
  readonly length: number
}

export interface Outcome {
  readonly seed: string
  readonly peers: number
  readonly violations: readonly Violation[]
  /** Over everything that happened, 64 hexadecimal digits. */
  readonly hash: string
  readonly events: number
  readonly people: readonly string[]
  readonly hubs: readonly string[]
  /** Kinds of hostile peers, and what the last hub does. */
  readonly enemies: readonly string[]
  readonly identities: ReadonlyMap<string, Identity>
  readonly bands: readonly Band[]
  readonly publications: readonly Publication[]
  readonly steps: readonly Step[]
  /** When the faults were over, and when everybody agreed, ms; null: never. */
  readonly quietMs: number
  readonly convergedMs: number | null
  readonly endMs: number
  readonly counts: Readonly<Record<string, number>>
  readonly recent: readonly TraceEvent[]
}
