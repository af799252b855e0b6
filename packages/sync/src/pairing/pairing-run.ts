/**
 * One pairing from its code to its end (spec L6-L14): the rendezvous first, then the session that came of it.
 *
 *     open ─session─▶ comparing … ─▶ linked │ over
 *
 * @module
 */
import { err, type Identity, type LinkCode, type Result } from '@effigy/core'
import type { Link } from '../link.ts'
import type { Role } from '../session/transcript.ts'
import type { Session } from '../session.ts'
import type { PairingSession } from './pairing-base.ts'
import { localFault, type PairingFault, type PairingOutcome, type PairingState } from './pairing-state.ts'
import { createRendezvous, type RendezvousPorts } from './rendezvous.ts'

/** One pairing, from the code to its end, on either device. Disposing cancels it. */
export interface PairingRun extends Disposable {
  readonly code: LinkCode
  readonly state: PairingState
  /** Hears each state after the present one, until disposed. */
  watch(listener: (state: PairingState) => void): Disposable
  /** Settles when nothing of it is under way any more; never rejects. */
  readonly outcome: Promise<PairingOutcome>
  /** By the person, in `comparing`: whether the emoji are the same on both devices. False voids the code. */
  decide(matches: boolean): void
  /**
   * Leaves both devices as they were before. False: too late, the account has listed the device and both may know it;
   * it goes on. Disposing stops all the same.
   */
  cancel(): boolean
  /**
   * Tries over `link`, and owns it. Resolves with null when it is the one that pairs, else with why not; other links
   * may be tried as long as the state is `open`. Never rejects.
   */
  try(link: Link, role: Role): Promise<Result<null, { readonly code: string }>>
}

export interface RunOptions {
  readonly code: LinkCode
  /** Who showed the code; null where this device shows it. */
  readonly expect: Identity | null
  /** Begins with what the session is for; takes it over. */
  readonly start: (session: Session, show: (state: PairingState) => void) => PairingSession
  /** The code is void from now on. */
  readonly onVoid: () => void
}

export interface LiveRun extends PairingRun {
  /** Links for the code should still be handed over: who comes late is told. */
  readonly isLive: boolean
}

export function createRun({ code, expect, start, onVoid }: RunOptions, ports: RendezvousPorts): LiveRun {
  const outcome = Promise.withResolvers<PairingOutcome>()
  const listeners = new Set<(state: PairingState) => void>()
  let state: PairingState = { type: 'open' }
  let pairing: PairingSession | null = null
  let over = false

  const rendezvous = createRendezvous(
    {
      secret: code.secret,
      expect,
      onSession(session) {
        onVoid()
        if (over) {
          // Cancelled while the two were shaking hands.
          void session.end('pairing-cancelled')
          return
        }
        pairing = start(session, show)
        void pairing.outcome.then(finish)
      },
      onSpent(spent) {
        if (spent !== 'code-expired') onVoid()
        fail({ code: spent, local: spent === 'code-expired', uncertain: null })
      },
    },
    ports,
  )

  function show(next: PairingState): void {
    state = next
    for (const listener of [...listeners]) listener(next)
  }

  function fail(fault: PairingFault): void {
    if (over) return
    show({ type: 'over', fault })
    finish(err(fault))
  }

  function finish(result: PairingOutcome): void {
    over = true
    // Who read the code answers nobody; who shows it tells those who come late.
    if (expect !== null) rendezvous[Symbol.dispose]()
    outcome.resolve(result)
  }

  function cancel(): boolean {
    const isLate = state.type === 'linked' || pairing?.isListed === true
    if (!isLate) stop()
    return !isLate
  }

  function stop(): void {
    if (pairing !== null) {
      pairing.stop()
    } else if (!over) {
      rendezvous.void()
      onVoid()
      fail(localFault('pairing-cancelled'))
    }
  }

  return {
    code,
    get state() {
      return state
    },
    watch(listener) {
      const own = (next: PairingState): void => listener(next)
      listeners.add(own)
      return { [Symbol.dispose]: () => void listeners.delete(own) }
    },
    outcome: outcome.promise,
    decide: (matches) => pairing?.decide(matches),
    cancel,
    try: rendezvous.try,
    get isLive() {
      return rendezvous.isLive
    },
    [Symbol.dispose]() {
      stop()
      rendezvous[Symbol.dispose]()
    },
  }
}
