/**
 * What both sides of a pairing do alike over its session (spec L9): both halves of calls, one timer, one outcome.
 * The session has no other use: whatever is not of the service `pairing` is refused in it.
 *
 *     Session ─▶ host (the linked device's service) │ client (the joining device's calls) │ `refused`
 *
 * @module
 */
import { EffigyError, type Identity, type Signer, shortName } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Clock } from '../clock.ts'
import type { FrameBytes } from '../frame.ts'
import { defaultServiceLimits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { Message } from '../messages.ts'
import {
  type CallClient,
  createCallClient,
  createHost,
  createRegistry,
  type Service,
} from '../services/index.ts'
import { isRequest } from '../session/requests.ts'
import type { Session } from '../session.ts'
import { emojiLabel, pairingNonceBytes } from './emoji.ts'
import type { PairingLimits } from './limits.ts'
import {
  faultOfEnd,
  localFault,
  type PairingFault,
  type PairingOutcome,
  type PairingState,
} from './pairing-state.ts'

export interface PairingSessionPorts {
  readonly identity: Identity
  readonly signer: Signer
  readonly crypto: Crypto
  readonly clock: Clock
  readonly log: Log
  readonly limits: PairingLimits
  readonly show: (state: PairingState) => void
}

export interface PairingSession {
  /** By the person: whether the emoji on both devices are the same. */
  decide(matches: boolean): void
  /** Whatever was said by then. */
  stop(): void
  /** The account has listed the device, and both may know it. */
  readonly isListed: boolean
  /** Never rejects. When it resolves nothing of the pairing is under way any more. */
  readonly outcome: Promise<PairingOutcome>
}

export interface PairingBase {
  readonly client: CallClient
  readonly outcome: Promise<PairingOutcome>
  /** `failed`: it threw, which is a mistake of ours; ends the pairing when omitted. */
  run(work: Promise<void>, failed?: () => void): void
  /** Takes the place of the one before. */
  timer(ms: number, run: () => void): void
  end(bye: string): void
  settle(outcome: PairingOutcome): void
}

/** What is new for each session. */
export function freshOf(session: Session, crypto: Crypto) {
  return {
    remote: session.remote,
    nonce: crypto.randomBytes(pairingNonceBytes),
    exporter: session.exporter(emojiLabel),
  }
}

/** Owns the session. `stopped` hears why it ended, after all that came before. */
export function openPairingBase(
  session: Session,
  { crypto, clock, log }: PairingSessionPorts,
  service: Service | null,
  stopped: (fault: PairingFault) => void,
): PairingBase {
  const registry = createRegistry([])
  if (service !== null) registry.serve(service)
  const outcome = Promise.withResolvers<PairingOutcome>()
  let timer: Disposable | null = null
  let over = false

  function send(message: Message, bytes?: FrameBytes): void {
    try {
      session.send(message, bytes)
    } catch (error) {
      // A session may end between any two of our sends.
      if (!(error instanceof EffigyError && error.code === 'closed')) throw error
    }
  }

  const host = createHost({
    registry,
    caller: () => ({ remote: session.remote, trust: 'stranger' }),
    kind: 'peer',
    metered: () => false,
    send,
    random: crypto.randomBytes,
    clock,
    limits: defaultServiceLimits,
    onFailure: () => stopped(localFault('pairing-broken')),
  })
  const client = createCallClient({ send, limits: defaultServiceLimits })

  async function receive(): Promise<void> {
    for await (const { message, bytes } of session.receive()) {
      if (host.take(message, bytes) || client.take(message, bytes) || !isRequest(message)) continue
      send({ type: 'error', re: message.id, code: 'refused', retry: null })
    }
    const end = await session.closed
    // First why, then the calls that end with it.
    stopped(faultOfEnd(end))
    timer?.[Symbol.dispose]()
    over = true
    host[Symbol.dispose]()
    client[Symbol.dispose]()
  }

  function run(work: Promise<void>, failed: () => void = () => stopped(localFault('pairing-broken'))): void {
    work.catch((error: unknown) => {
      const name = error instanceof EffigyError ? error.code : error instanceof Error ? error.name : 'unknown'
      log.warn('pairing.failed', { peer: shortName(session.remote), error: name })
      failed()
    })
  }

  run(receive())

  return {
    client,
    outcome: outcome.promise,
    run,
    timer(ms, due) {
      timer?.[Symbol.dispose]()
      if (!over) timer = clock.after(ms, due)
    },
    end(bye) {
      timer?.[Symbol.dispose]()
      void session.end(bye)
    },
    settle: outcome.resolve,
  }
}
