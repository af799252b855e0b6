/**
 * One session's part in reciprocity (spec G5, G6): its answers wait for their turn, and what goes and comes is counted.
 *
 *     feeds, entries, blobs ─ our turn? ─▶ frame ─▶ given          batch, entries, blob that we asked for ─▶ taken
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { FrameBytes } from '../frame.ts'
import type { Message } from '../messages.ts'
import { createRow, type Outgoing, type Producer } from '../replication/effects.ts'
import type { Trust } from '../replication/sharing.ts'
import type { Ledger } from './ledger.ts'
import type { ServiceClient, ServiceQueue, ServiceTurn, Standing } from './service-queue.ts'

export interface ServingPorts {
  readonly remote: Identity
  readonly ledger: Ledger
  readonly queue: ServiceQueue
  trust(): Trust
  /** There may be something to pull. */
  wake(): void
}

export interface Serving extends Disposable {
  /** These one by one, when it is the session's turn. */
  inTurn(sources: readonly Producer[]): Producer
  /** Counts what leaves; gives it back. */
  leaving(outgoing: Outgoing | null): Outgoing | null
  /** Counts what came and was asked for. */
  arrived(message: Message, bytes: Uint8Array): void
  /** Counts what was not asked for and new. */
  took(bytes: number): void
}

/** What is worth something: the rest is talk. */
const goods: ReadonlySet<Message['type']> = new Set(['batch', 'entries', 'blob', 'news'])

/** Joins the queue for one session; disposing it leaves the queue. What was counted stays with the ledger. */
export function createServing(ports: ServingPorts): Serving {
  return new SessionServing(ports)
}

/** A class, because each session has one. */
class SessionServing implements Serving, ServiceClient {
  readonly #ports: ServingPorts
  readonly #turn: ServiceTurn

  constructor(ports: ServingPorts) {
    this.#ports = ports
    this.#turn = ports.queue.join(this)
  }

  standing(): Standing {
    const { ledger, remote } = this.#ports
    return standingOf(this.#ports.trust(), ledger.credit(remote))
  }

  wake(): void {
    this.#ports.wake()
  }

  inTurn(sources: readonly Producer[]): Producer {
    return new InTurn(createRow(sources), this.#turn)
  }

  leaving(outgoing: Outgoing | null): Outgoing | null {
    if (outgoing !== null && goods.has(outgoing.message.type)) {
      this.#ports.ledger.gave(this.#ports.remote, lengthOf(outgoing.bytes))
    }
    return outgoing
  }

  arrived(message: Message, bytes: Uint8Array): void {
    if (goods.has(message.type)) this.#ports.ledger.took(this.#ports.remote, bytes.length)
  }

  took(bytes: number): void {
    this.#ports.ledger.took(this.#ports.remote, bytes)
  }

  [Symbol.dispose](): void {
    this.#turn[Symbol.dispose]()
  }
}

class InTurn implements Producer {
  readonly #row: Producer
  readonly #turn: ServiceTurn

  constructor(row: Producer, turn: ServiceTurn) {
    this.#row = row
    this.#turn = turn
  }

  pull(): Outgoing | null {
    if (!this.#turn.isMine()) return null
    const outgoing = this.#row.pull()
    this.#turn.done(outgoing === null ? 0 : lengthOf(outgoing.bytes))
    return outgoing
  }
}

/** Own devices and friends whatever they took; of the others who gave more than they took, or was granted it. */
export function standingOf(trust: Trust, credit: number): Standing {
  if (trust === 'own' || trust === 'friend') return { type: trust }
  return credit > 0 ? { type: 'credit', bytes: credit } : { type: 'pool' }
}

function lengthOf(bytes: FrameBytes): number {
  return bytes instanceof Uint8Array ? bytes.length : bytes.reduce((sum, part) => sum + part.length, 0)
}
