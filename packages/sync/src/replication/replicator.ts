/**
 * Replication over one session (spec R): what it is told, and what it says of itself.
 *
 *     Session ◀pump▶ machines.ts ─▶ Store
 *
 * Sessions of one peer share a `Replication`, so that nothing is fetched twice at once.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Progress, Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Message } from '../messages.ts'
import type { Session } from '../session.ts'
import type { Effects } from './effects.ts'
import type { FormerOptions } from './former-client.ts'
import { SessionMachines } from './machines.ts'
import { type PumpEnd, pump, startPump } from './pump.ts'
import type { Replication } from './shared.ts'
import type { Sharing, Trust } from './sharing.ts'

export interface ReplicatorOptions {
  readonly store: Store
  readonly crypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'openX'>
  /** For heads: at once. Entries are verified behind (verify-behind.ts). */
  readonly verify: Crypto['verify']
  readonly clock: Clock
  readonly log: Log
  readonly sharing: Sharing
  /**
   * Whether we chose the other side: our hub, or an address that a person gave. It may learn all that we watch and want (T30);
   * whoever was only found may not, whichever side dialled.
   */
  readonly isChosen: boolean
  /** Feeds that a person wants of the other side, whoever it is: it may be asked about them, too. */
  readonly isSought?: (identity: Identity) => boolean
  /** How we stand to the other side; a stranger when omitted. */
  readonly trust?: () => Trust
  readonly shared: Replication
  /** Feeds whose new entries are told with their heads unless the other side says otherwise (G4); none when omitted. */
  readonly carries?: (identity: Identity) => boolean
  /** Which feeds the other side carries so, as far as it said what it is; none when omitted. */
  readonly isCarried?: (identity: Identity) => boolean
  /** Something of `status` may have changed; called often. */
  readonly onChange?: () => void
  /** The whole list of what the other side watches now; for hubs that track it. */
  readonly onWatch?: (identities: readonly Identity[]) => void
  /** The other side's log goes on from where it was known (C3): what it had then it has not lost since with its disk. */
  readonly onContinued?: () => void
  /** The other side asks for entries of that feed above that length. */
  readonly onFeedAsked?: (identity: Identity, above: number) => void
  /** What of one's own feed was given up as lost (F14); nothing when omitted. */
  readonly former?: FormerOptions
  /** Messages of other services (`call`, `provides`, …): true when it was taken. */
  readonly onMessage?: (message: Message, bytes: Uint8Array) => boolean
}

export interface Replicator {
  /** Returns when the session is over, by the signal too; rejects when the store fails. */
  run(signal: AbortSignal): Promise<void>
  /** The same for whoever has thousands: `end` hears of it. Throws when the store fails at once, and then `end` hears nothing. */
  start(signal: AbortSignal, end: PumpEnd): void
  status(): ReplicatorStatus
  /** Policies or watched feeds changed in a way the store does not tell: of those, or of any when omitted. */
  refresh(identities?: readonly Identity[]): void
}

export interface ReplicatorStatus {
  /** Feeds that the other side has, and we want something of. */
  readonly feeds: readonly (Progress & { readonly identity: Identity })[]
  readonly blobs: { readonly wanted: number; readonly wantedBytes: number; readonly fetching: number }
  /** Everything that the other side told it has, and we want, is here. False once the session is over. */
  readonly upToDate: boolean
  /** The other side has told the heads that it was asked for. Who cannot or will not give what they lead to answers all the same. */
  readonly headsAnswered: boolean
}

/** For one session; `shared` is what all sessions of a peer have in common. */
export function createReplicator(session: Session, options: ReplicatorOptions): Replicator {
  return new SessionReplicator(session, options)
}

/** A class, because each session has one. */
class SessionReplicator implements Replicator {
  readonly #session: Session
  readonly #options: ReplicatorOptions
  #machines: SessionMachines | null = null

  constructor(session: Session, options: ReplicatorOptions) {
    this.#session = session
    this.#options = options
  }

  run(signal: AbortSignal): Promise<void> {
    return pump(this.#session, (effects) => this.#create(effects), this.#options, signal)
  }

  start(signal: AbortSignal, end: PumpEnd): void {
    startPump(this.#session, (effects) => this.#create(effects), this.#options, signal, end)
  }

  #create(effects: Effects): SessionMachines {
    this.#machines = new SessionMachines(this.#session, this.#options, effects)
    return this.#machines
  }

  status(): ReplicatorStatus {
    return this.#machines?.status() ?? notYet
  }

  refresh(identities?: readonly Identity[]): void {
    this.#machines?.refresh(identities)
  }
}

const notYet: ReplicatorStatus = {
  feeds: [],
  blobs: { wanted: 0, wantedBytes: 0, fetching: 0 },
  upToDate: false,
  headsAnswered: false,
}
