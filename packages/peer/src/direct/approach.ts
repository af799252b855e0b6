/**
 * The way to one device: tries, what came of them, the session that runs over it (spec R22-R26).
 *
 *     attempt ─▶ negotiation ⇄ signals ─▶ link ─▶ session … over ─▶ pause, longer after each failure ─▶ attempt
 *
 * @module
 */
import { EffigyError, type Identity, type JsonObject, type RandomBytes, shortName } from '@effigy/core'
import {
  type NegotiateOptions,
  type Negotiation,
  type NegotiationState,
  negotiate,
  type RtcPolicy,
  type RtcPort,
  type RtcRole,
  type RtcStats,
} from '@effigy/links'
import type { Clock, Link, Log } from '@effigy/sync'
import { createPulse } from '../live.ts'
import type { OpenSignals } from '../presence/open-signals.ts'
import type { SentSignal } from '../presence/signals.ts'
import { type DirectReason, reasonOf } from './direct.ts'

export interface ApproachPorts {
  readonly rtc: RtcPort
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly self: Identity
  readonly policy: () => RtcPolicy
  readonly iceServers: NegotiateOptions['iceServers']
  readonly say: OpenSignals['say']
  /** Whether anything can be said to them (V67). */
  readonly hasKey: () => boolean
  /** Opens a session over it, which must be with that device, and serves it; gives the code of its end. Never rejects. */
  readonly meet: (link: Link, role: RtcRole, expect: Identity) => Promise<string>
  readonly changed: () => void
}

export interface Approach {
  readonly identity: Identity
  /** A link stands, or one is being made. */
  readonly isBusy: boolean
  readonly state: 'connecting' | 'open' | 'interrupted' | 'waiting'
  readonly isTurn: boolean
  readonly why: DirectReason | null
  /** `clock.monotonic()`; null: never tried. */
  readonly triedAtMs: number | null
  /** `clock.monotonic()` from which on it may be tried; null: at once. */
  readonly retryAtMs: number | null
  /** Offers, unless something stands or is under way. */
  attempt(): void
  take(signal: JsonObject): void
  /** Their key may be here that was not. */
  viewsChanged(): void
  /** A hub handed on what was refused (V67, V68): told until a way stands, or a try fails without that. */
  refused(hub: Identity, code: string): void
  readonly hub: Identity | null
  /** Forgets what failed. */
  forgive(): void
  /** This device slept: what stands may lead nowhere by now, whatever ICE says yet. */
  woke(): void
  stats(): Promise<RtcStats | null>
  /** Ends what stands and what is being made; it may be tried again. */
  leave(code: string): void
  /** Ends everything, sessions over it too; resolves when it has ended. */
  close(): Promise<void>
}

/** The first pause after a failure, ms; each further one doubles it, up to the longest. */
const firstPauseMs = 5_000
const longestPauseMs: number = 10 * 60_000

/** A way that stood for so long, ms, forgets earlier failures, and is tried again soon. */
const steadyMs = 30_000
const soonMs = 1_000

/** Ms that what is to be said waits for their key: an offer may come before the feed of who made it. */
const keyMs = 10_000

/** Ms until it is looked again which way packets take, where a relay opened first: ICE goes over to a better one within seconds. */
const lookAgainMs: readonly number[] = [1_000, 2_000, 4_000, 8_000]

/** Signals that wait to be sent: a negotiation has a few; above, it is lost anyway. */
const maxUnsent = 64

export function createApproach(identity: Identity, ports: ApproachPorts): Approach {
  const { clock, random, log, self, changed } = ports
  const stop = new AbortController()
  let phase: NegotiationState = { type: 'idle' }
  let failures = 0
  let code: string | null = null
  let hub: Identity | null = null
  let disturbance: DirectReason = 'hub-changed'
  /** Since the last try began. */
  let isDisturbed = false
  let triedAtMs: number | null = null
  let retryAtMs: number | null = null
  let isTurn = false
  let looking: Disposable | null = null
  /** They said something since the last try began. */
  let isHeard = false
  let sending: Promise<void> = Promise.resolve()
  let unsent = 0
  let newest: Link | null = null
  const sessions = new Set<Promise<void>>()
  const views = createPulse()

  const negotiation: Negotiation = negotiate({
    rtc: ports.rtc,
    clock,
    log,
    randomBytes: random,
    polite: self > identity,
    policy: ports.policy,
    iceServers: ports.iceServers,
    send: (signal) => enqueue(signal as JsonObject),
    onLink,
    onState,
    signal: stop.signal,
  })

  const isBusy = (): boolean => phase.type !== 'idle' && phase.type !== 'failed'

  function onState(state: NegotiationState): void {
    if (stop.signal.aborted) return
    const before = phase
    phase = state
    if (state.type === 'failed') failed(state.code)
    if (state.type === 'open' && before.type === 'interrupted') void look()
    changed()
  }

  function failed(why: string): void {
    // Who was heard of is there; what a signal met says more than that nobody answered in time.
    if (why === 'timeout' && isHeard) code = 'no-route'
    else if (code === null || why !== 'timeout') code = why
    // What went wrong once is told until a try fails without it.
    if (!isDisturbed) hub = null
    failures++
    const wholeMs = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs)
    wait(wholeMs)
    log.info('direct.failed', { peer: shortName(identity), code, retryMs: wholeMs })
  }

  /** Between half and the whole of it: two who failed together need not try together. */
  function wait(wholeMs: number): void {
    const [chance = 0] = random(1)
    retryAtMs = clock.monotonic() + wholeMs / 2 + (wholeMs / 2) * (chance / 255)
  }

  function onLink(link: Link, role: RtcRole): void {
    newest = link
    code = null
    hub = null
    void look()
    const session = run(link, role)
    sessions.add(session)
    void session.then(() => sessions.delete(session))
  }

  async function run(link: Link, role: RtcRole): Promise<void> {
    const sinceMs = clock.monotonic()
    const end = await ports.meet(link, role, identity)
    if (newest !== link || stop.signal.aborted) return
    newest = null
    const hasFailed = phase.type === 'failed'
    const isSteady = clock.monotonic() - sinceMs >= steadyMs
    negotiation.closeStanding()
    if (isSteady) failures = 0
    // Else they have offered anew, and it is that try which comes to something, or fails.
    if (!isBusy()) {
      if (isSteady) {
        code = end
        wait(soonMs)
      } else if (!hasFailed) failed(end)
    }
    changed()
  }

  async function look(looks = 0): Promise<void> {
    const stats = await negotiation.stats()
    if (stop.signal.aborted || stats === null) return
    isTurn = stats.local === 'relay' || stats.remote === 'relay'
    changed()
    const againMs = lookAgainMs[looks]
    looking?.[Symbol.dispose]()
    looking = null
    if (!isTurn || ports.policy() === 'relay' || againMs === undefined) return
    looking = clock.after(againMs, () => void look(looks + 1))
  }

  function enqueue(signal: JsonObject): void {
    if (unsent >= maxUnsent) return
    unsent++
    sending = sending.then(async () => {
      unsent--
      if (stop.signal.aborted) return
      try {
        await untilKey()
        // A hub that says that it handed it on may have done something else with it.
        const isWide = failures > 0 || hub !== null
        told(await ports.say(identity, signal, { isWide, signal: stop.signal }))
      } catch (cause) {
        if (stop.signal.aborted) return
        if (!(cause instanceof EffigyError)) throw cause
        giveUp(cause.code)
      }
    })
  }

  async function untilKey(): Promise<void> {
    if (ports.hasKey()) return
    const late = new AbortController()
    using _timer = clock.after(keyMs, () => late.abort())
    const until = AbortSignal.any([stop.signal, late.signal])
    for (let seen = views.count; !until.aborted && !ports.hasKey(); seen = views.count) {
      await views.after(seen, until)
    }
  }

  function told({ outcome }: SentSignal): void {
    // `accepted` says nothing; `busy` may be better with the next.
    if (outcome === 'absent') giveUp('not-there')
    else if (outcome === 'refused') giveUp('no-hub')
  }

  /** Nobody is reached: there is no use in waiting for an answer. */
  function giveUp(why: string): void {
    if (phase.type !== 'connecting') return
    negotiation.close(why)
    failed(why)
    changed()
  }

  function why(): DirectReason | null {
    if (phase.type === 'interrupted') return 'interrupted'
    if (phase.type === 'open') {
      if (!isTurn) return null
      return ports.policy() === 'relay' ? 'hidden' : 'only-relayed'
    }
    if (hub !== null) return disturbance
    if (phase.type === 'connecting') return 'connecting'
    return code === null ? null : reasonOf(code)
  }

  return {
    identity,
    get isBusy() {
      return isBusy()
    },
    get state() {
      return phase.type === 'idle' || phase.type === 'failed' ? 'waiting' : phase.type
    },
    get isTurn() {
      return phase.type === 'open' && isTurn
    },
    get why() {
      return why()
    },
    get triedAtMs() {
      return triedAtMs
    },
    get retryAtMs() {
      return isBusy() ? null : retryAtMs
    },
    get hub() {
      return hub
    },
    attempt() {
      if (isBusy() || stop.signal.aborted) return
      triedAtMs = clock.monotonic()
      code = null
      isHeard = false
      isDisturbed = false
      negotiation.connect()
    },
    take(signal) {
      isHeard = true
      if (signal.type === 'rtcoffer') triedAtMs = clock.monotonic()
      negotiation.receive(signal)
    },
    refused(by, refusal) {
      hub = by
      isDisturbed = true
      // Honest hubs hand on what clocks that differ make late.
      disturbance = refusal === 'late' || refusal === 'early' ? 'not-of-now' : 'hub-changed'
      changed()
    },
    viewsChanged: () => views.fire(),
    forgive() {
      failures = 0
      retryAtMs = null
    },
    woke: () => negotiation.networkChanged(),
    stats: () => negotiation.stats(),
    leave(with_) {
      negotiation.close(with_)
    },
    async close() {
      looking?.[Symbol.dispose]()
      stop.abort(new EffigyError('closed', 'This peer is closed.'))
      await Promise.all([sending, ...sessions])
    },
  }
}
