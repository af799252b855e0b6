/**
 * Waits for the one session that a code is good for (spec L6-L8): whoever knows the secret, once.
 *
 *     links, dialled or accepted ─handshake with the secret─▶ first one ─▶ onSession
 *                                   └ garbage: nothing happens   └ later, late: `bye code-used`, `code-expired`
 *
 * @module
 */
import { EffigyError, err, type Identity, ok, type Result, type Signer } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Clock } from '../clock.ts'
import type { SessionLimits } from '../limits.ts'
import type { Link } from '../link.ts'
import type { Log } from '../log.ts'
import { openSession } from '../run.ts'
import type { OutboundBudget } from '../session/outbound.ts'
import type { Role } from '../session/transcript.ts'
import type { Session } from '../session.ts'
import type { PairingLimits } from './limits.ts'
import { type CodeVerdict, createOneUse } from './one-use.ts'

export interface RendezvousPorts {
  readonly identity: Identity
  readonly signer: Signer
  /** 32 bytes. */
  readonly networkKey: Uint8Array
  readonly crypto: Crypto
  readonly clock: Clock
  readonly log: Log
  readonly sessionLimits: SessionLimits
  readonly outbound?: OutboundBudget
  readonly limits: PairingLimits
}

export type SpentCode = CodeVerdict | 'pairing-broken' | 'pairing-cut' | 'pairing-timeout'

/** Of a handshake with somebody who knew the secret. */
const faults: ReadonlyMap<string | null, SpentCode> = new Map([
  ['cut', 'pairing-cut'],
  ['timeout', 'pairing-timeout'],
])

export interface RendezvousOptions {
  /** 16 bytes. */
  readonly secret: Uint8Array
  /** Who showed the code, for the one who read it; else null. */
  readonly expect: Identity | null
  /** Once at most: the session that pairs. */
  readonly onSession: (session: Session) => void
  /** Once at most, and never after `onSession`: the code is spent, and nothing came of it. */
  readonly onSpent: (code: SpentCode) => void
}

export interface Rendezvous extends Disposable {
  /**
   * Tries over `link`, and owns it. Resolves with null when that session pairs, else with why it does not: the code of
   * a `Refusal`, `cut`, `code-used`, `code-expired`, or `cancelled` after disposal. Never rejects.
   */
  try(link: Link, role: Role): Promise<Result<null, { readonly code: string }>>
  /** Nobody may use the code from here on; who tries is told for a while. */
  void(): void
  /** Until that while is over. */
  readonly isLive: boolean
}

export function createRendezvous(
  { secret, expect, onSession, onSpent }: RendezvousOptions,
  ports: RendezvousPorts,
): Rendezvous {
  const { crypto, clock, limits } = ports
  const life = createOneUse(clock.monotonic(), limits.codeMs)
  /** Those that have not shown to know the secret, oldest first. */
  const attempts = new Set<AbortController>()
  let chosen: AbortController | null = null
  let over = false
  let expiry = clock.after(limits.codeMs, () => {
    if (life.verdict(clock.monotonic()) === 'code-expired') onSpent('code-expired')
    if (!over) expiry = clock.after(limits.rememberedMs, close)
  })

  function close(): void {
    over = true
    expiry[Symbol.dispose]()
    for (const attempt of attempts) attempt.abort()
    chosen?.abort()
  }

  async function attempt(link: Link, role: Role): Promise<Result<null, { readonly code: string }>> {
    if (over) {
      link.close('closed')
      return err({ code: 'cancelled' })
    }
    const [oldest] = attempts
    if (attempts.size >= limits.attempts) oldest?.abort()
    const stop = new AbortController()
    attempts.add(stop)
    let turn: 'taken' | CodeVerdict | null = null
    /** L7: the first thing that opens is the other side's `sessionauth`, which nobody makes without the secret. */
    const open: Crypto['open'] = (...sealed) => {
      const plain = crypto.open(...sealed)
      if (plain === null || turn !== null) return plain
      turn = life.take(clock.monotonic())
      if (turn === 'taken') {
        chosen = stop
        // Nobody who floods cuts it off any more.
        attempts.delete(stop)
      }
      // Of several links that it dialled a side goes on with one alone, or the two might choose different ones.
      else if (role === 'dialler') stop.abort()
      return plain
    }
    try {
      const session = await openSession(link, {
        role,
        identity: ports.identity,
        signer: ports.signer,
        expect,
        // Who reads a code knows who shows it.
        demandProof: role === 'acceptor' && expect === null,
        networkKey: ports.networkKey,
        pairingSecret: secret,
        head: () => null,
        crypto: { ...crypto, open },
        clock,
        log: ports.log,
        limits: ports.sessionLimits,
        ...(ports.outbound === undefined ? {} : { outbound: ports.outbound }),
        signal: stop.signal,
      })
      const verdict = over ? 'code-used' : ((turn as 'taken' | CodeVerdict | null) ?? 'code-used')
      if (verdict === 'taken') {
        onSession(session)
        return ok(null)
      }
      await session.end(verdict)
      return err({ code: verdict })
    } catch (error) {
      const verdict = turn as 'taken' | CodeVerdict | null
      const code = error instanceof EffigyError ? error.code : null
      if (verdict === 'taken') onSpent(faults.get(code) ?? 'pairing-broken')
      if (stop.signal.aborted)
        return err({ code: verdict === 'taken' ? 'cancelled' : (verdict ?? 'cancelled') })
      if (code === null) throw error
      return err({ code })
    } finally {
      attempts.delete(stop)
    }
  }

  return {
    try: attempt,
    void: life.void,
    get isLive() {
      return !over
    },
    [Symbol.dispose]: close,
  }
}
