/**
 * A certificate that the hub gets and renews by itself.
 *
 *     acme.json ─ counts? ─▶ use      none, or two thirds of its time over (at most 30 days before the end) ─▶ order
 *                                       failed, or cut off ─▶ again after 5 min, 10, 20 … 12 h, over restarts too
 *
 * The hub runs meanwhile: with the one before, or with none, and then TLS is refused until it has come.
 *
 * @module
 */
import { EffigyError, type RandomBytes } from '@effigy/core'
import type { Clock, Log } from '@effigy/sync'
import { type AcmeState, acmeStatePath, readAcmeState, writeAcmeState } from './acme-state.ts'
import { type Certificate, isFor, readCertificate } from './certificate.ts'
import type { CertificateKeeper } from './keeper.ts'
import { createAccountKey, type Order, orderCertificate } from './order.ts'

export interface AcmeDeps {
  readonly home: string
  readonly name: string
  readonly email: string | null
  readonly directory: string
  readonly challenges: Order['challenges']
  readonly use: (certificate: Certificate) => void
  readonly clock: Pick<Clock, 'after' | 'now'>
  readonly random: RandomBytes
  readonly log: Log
}

/** Ms before the end at which it is renewed, at most; a third of its time where that is shorter. */
export const renewBeforeMs: number = 30 * 24 * 60 * 60 * 1000

export const firstPauseMs: number = 5 * 60 * 1000

export const longestPauseMs: number = 12 * 60 * 60 * 1000

/** Ms between two looks at the wall clock, which may jump. */
const longestRestMs: number = 60 * 60 * 1000

/** Ms for one order, beyond which it is given up: authorities take seconds, acme-client asks again by itself. */
const orderMs: number = 15 * 60 * 1000

interface Remembered extends Pick<AcmeState, 'failures' | 'triedAt'> {
  readonly pair: AcmeState['certificate']
}

const nothing: Remembered = { pair: null, failures: 0, triedAt: 0 }

/** Throws `EffigyError` 'tls-exposed', 'tls-unreadable' about what is in the home. */
export function keepAcmeCertificate(deps: AcmeDeps): CertificateKeeper {
  const { name, directory, clock, log } = deps
  const path = acmeStatePath(deps.home)
  const read = readAcmeState(path)
  const isSame = read?.directory === directory
  /** An account is with an authority, whatever the name. */
  let accountKey = isSame ? read.accountKey : null
  let { pair, failures, triedAt }: Remembered =
    isSame && read.name === name ? { ...read, pair: read.certificate } : nothing
  let pauseMs = pauseAfter(failures, deps.random)
  let current: Certificate | null = null
  let timer: Disposable | null = null
  let over = false

  const stored = pair === null ? null : readCertificate(pair.cert, pair.key, clock.now())
  if (stored?.ok === true) take(stored.value)

  function take(certificate: Certificate): void {
    current = certificate
    deps.use(certificate)
    log.info('tls.certificate', {
      days: Math.floor((certificate.endsMs - clock.now()) / (24 * 60 * 60 * 1000)),
    })
  }

  function dueMs(nowMs: number): number {
    const renewMs = current === null ? nowMs : renewalOf(current)
    // A clock that was set back must not make it wait for what was the future.
    triedAt = Math.min(triedAt, nowMs)
    return Math.max(renewMs, triedAt === 0 ? 0 : triedAt + pauseMs)
  }

  function plan(): void {
    if (over) return
    const waitMs = dueMs(clock.now()) - clock.now()
    timer = clock.after(Math.min(Math.max(waitMs, 0), longestRestMs), () => {
      timer = null
      if (dueMs(clock.now()) > clock.now()) plan()
      else void renew().then(plan)
    })
  }

  /** Somebody has mended what failed, and does not want to wait. While an order is under way there is no timer. */
  function retry(): void {
    if (timer === null || failures === 0) return
    timer[Symbol.dispose]()
    timer = null
    void renew().then(plan)
  }

  /** Never rejects. */
  async function renew(): Promise<void> {
    log.info('acme.ordering', { failures })
    failures++
    triedAt = clock.now()
    try {
      accountKey ??= await createAccountKey()
      if (over) return
      // Cut off in the middle it is one that failed: authorities have counted it, and the account is there.
      save()
      const fresh = await withinTime(orderCertificate({ ...deps, accountKey }), clock)
      const certificate = readCertificate(fresh.cert, fresh.key, clock.now())
      if (!certificate.ok) throw new EffigyError(certificate.error.code, certificate.error.message)
      if (!isFor(fresh, name))
        throw new EffigyError('tls-other-name', 'the authority sent one for another name')
      pair = fresh
      failures = 0
      triedAt = clock.now()
      pauseMs = pauseAfter(0, deps.random)
      // One that comes after the stop is for the next start.
      if (!over) take(certificate.value)
    } catch (error) {
      if (over) return
      pauseMs = pauseAfter(failures, deps.random)
      triedAt = clock.now()
      log.warn('acme.failed', { failures, code: codeOf(error), error: messageOf(error) })
    }
    save()
  }

  function save(): void {
    if (accountKey === null) return
    try {
      writeAcmeState(path, { directory, name, accountKey, certificate: pair, failures, triedAt })
    } catch (error) {
      log.warn('acme.unsaved', { code: codeOf(error) })
    }
  }

  plan()
  return {
    get current() {
      return current
    },
    reload: retry,
    [Symbol.dispose]() {
      over = true
      timer?.[Symbol.dispose]()
    },
  }
}

/** When a certificate is renewed: before its end, but never in the first two thirds of its time. */
export function renewalOf({ beginsMs, endsMs }: Pick<Certificate, 'beginsMs' | 'endsMs'>): number {
  return endsMs - Math.min(renewBeforeMs, (endsMs - beginsMs) / 3)
}

/**
 * Between half and the whole of the doubled pause, ms. After none the longest: whoever sends certificates that are nearly
 * over shall not be asked for one after the other.
 */
export function pauseAfter(failures: number, random: RandomBytes): number {
  const wholeMs =
    failures === 0 ? longestPauseMs : Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs)
  const [chance = 0] = random(1)
  return Math.round(wholeMs / 2 + (wholeMs / 2) * (chance / 255))
}

async function withinTime<Value>(work: Promise<Value>, clock: Pick<Clock, 'after'>): Promise<Value> {
  const late = Promise.withResolvers<never>()
  using _timer = clock.after(orderMs, () =>
    late.reject(new EffigyError('timeout', 'the authority took too long')),
  )
  return await Promise.race([work, late.promise])
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return typeof code === 'string' ? code : 'refused'
}

/** What the authority says is for the operator: that a name leads elsewhere, or that it was asked too often. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown')
