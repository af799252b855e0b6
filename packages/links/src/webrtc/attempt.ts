/**
 * One connection, from its first offer to the end of its link (spec M14-M17).
 *
 *     servers ─▶ open ─▶ offer ⇄ answer, candidates both ways ─▶ onOpen: the right one? ─▶ link
 *                          ▲                                                               │
 *                          ╰──── again, when nothing goes through (ICE restart) ◀──────────╯
 *
 * Who made the first offer makes all of them: no two offers of one connection ever cross.
 *
 * @module
 */
import type { Clock, Link, Log } from '@effigy/sync'
import { isAllowed, maxCandidates, parseCandidate } from './candidate.ts'
import { createCandidateOutbox } from './candidate-outbox.ts'
import { type OpenLink, webrtcLink } from './link.ts'
import type { RtcRole } from './negotiation.ts'
import type {
  RtcCandidate,
  RtcChannel,
  RtcConnection,
  RtcDescription,
  RtcIceServer,
  RtcPolicy,
  RtcPort,
  RtcState,
  RtcStats,
} from './rtc-port.ts'
import type { RtcSignal } from './signals.ts'

export interface AttemptPorts {
  readonly rtc: RtcPort
  readonly clock: Clock
  readonly log: Log
  policy(): RtcPolicy
  iceServers(signal: AbortSignal): Promise<readonly RtcIceServer[]>
  send(signal: RtcSignal): void
  /** Whether the other side may have a further round begun now: each costs as much as a new offer (T16). */
  takesRound(): boolean
}

export interface AttemptEvents {
  onLink(link: Link): void
  onInterrupted(isInterrupted: boolean): void
  /** Once, after which nothing is told: the link closed in the ordinary way (null), or why there is none. */
  onOver(code: string | null): void
}

export interface Attempt {
  readonly connection: string
  readonly role: RtcRole
  /** Dialler: begins. */
  offer(): void
  receive(signal: RtcSignal): void
  networkChanged(): void
  stats(): Promise<RtcStats | null>
  /** `code` for the link, if there is one; else the other side hears of it unless `isQuiet`. */
  end(code: string, isQuiet?: boolean): void
}

/** Ms from the first offer to the open channel. */
const openMs = 20_000
/** Ms for the names of servers. */
const serversMs = 6_000
/** Ms that a way may be gone before another is looked for: most come back. */
const graceMs = 3_000
/** Ms that it may be gone where no other can be looked for. */
const longGraceMs = 10_000
/** Ms from one try to restart to the next, how many there are, and ms until all are given up. */
const restartMs = 8_000
const restartTries = 3
const restartingMs = 30_000

export function createAttempt(
  ports: AttemptPorts,
  connection: string,
  role: RtcRole,
  events: AttemptEvents,
): Attempt {
  const { rtc, clock, log } = ports
  const policy = ports.policy()
  const stop = new AbortController()
  let rtcConnection: RtcConnection | null = null
  let open: OpenLink | null = null
  let isOver = false
  let round = 0
  let own: RtcDescription | null = null
  let other: RtcDescription | null = null
  let otherRestarts = false
  /** Of the own offer, that its answer has come. */
  let isAnswered = true
  let state: RtcState = 'connecting'
  let isInterrupted = false
  let triesLeft = 0
  /** One step of negotiation after the other. */
  let work: Promise<void> = Promise.resolve()
  /** Of the other side, before its description was put in force. */
  let early: RtcCandidate[] = []
  let takenCount = 0
  const allowed = { policy, takesLocal: rtc.takesLocal }
  const outgoing = createCandidateOutbox(clock, allowed, (ufrag, candidates) =>
    ports.send({ type: 'rtccandidates', connection, ufrag, candidates }),
  )
  const timers = {
    open: clock.after(openMs, () => fail('timeout')) as Disposable | null,
    grace: null as Disposable | null,
    restart: null as Disposable | null,
    patience: null as Disposable | null,
  }

  function clear(name: keyof typeof timers): void {
    timers[name]?.[Symbol.dispose]()
    timers[name] = null
  }

  function finish(code: string | null): void {
    if (isOver) return
    isOver = true
    stop.abort(new Error('over'))
    for (const name of ['open', 'grace', 'restart', 'patience'] as const) clear(name)
    outgoing[Symbol.dispose]()
    rtcConnection?.close()
    events.onOver(code)
  }

  /** Tells the other side, which may still wait. */
  function fail(code: string): void {
    if (isOver) return
    log.info('webrtc.failed', { role, code, round })
    ports.send({ type: 'rtcend', connection, code })
    lose(code)
  }

  function lose(code: string): void {
    const link = open
    finish(code)
    link?.lose()
  }

  function step(run: () => Promise<void>): void {
    work = work.then(async () => {
      if (isOver) return
      try {
        await run()
      } catch {
        fail('rtc')
      }
    })
  }

  async function servers(): Promise<readonly RtcIceServer[]> {
    const patience = new AbortController()
    using _timer = clock.after(serversMs, () => patience.abort(new Error('no answer')))
    try {
      return await ports.iceServers(AbortSignal.any([stop.signal, patience.signal]))
    } catch {
      return []
    }
  }

  /** The connection with the newest names for its servers; null: it is over. */
  async function ready(): Promise<RtcConnection | null> {
    const iceServers = await servers()
    if (isOver) return null
    // It was opened to show what is hidden by now, and would gather it again (T20).
    if (policy === 'all' && ports.policy() === 'relay') {
      fail('lost')
      return null
    }
    if (rtcConnection !== null) {
      rtcConnection.setIceServers(iceServers)
      return rtcConnection
    }
    if (policy === 'relay' && !iceServers.some(({ urls }) => urls.some((url) => /^turns?:/i.test(url)))) {
      fail('no-relay')
      return null
    }
    rtcConnection = rtc.open({ iceServers, policy }, { onCandidate: outgoing.add, onState, onOpen, onEnd })
    return rtcConnection
  }

  function describe(type: 'rtcoffer' | 'rtcanswer', description: RtcDescription): void {
    own = description
    ports.send({ type, connection, round, restart: rtc.canRestart, description })
    outgoing.described(description.ufrag)
  }

  function offer(): void {
    const offered = round
    step(async () => {
      const made = offered === round ? await ready() : null
      // Another round has begun meanwhile.
      if (made === null || offered !== round) return
      const description = await made.offer()
      if (isOver) return
      isAnswered = false
      describe('rtcoffer', description)
    })
  }

  /** The same certificate for the whole of the connection: false ends it. */
  function isSame(description: RtcDescription): boolean {
    if (other === null || equal(other.fingerprint, description.fingerprint)) return true
    fail('fingerprint')
    return false
  }

  /** `description` is in force: what came for it before goes after it. */
  function follow(description: RtcDescription): void {
    const waiting = early
    early = []
    for (const candidate of waiting)
      if (candidate.ufrag === description.ufrag) rtcConnection?.addCandidate(candidate)
  }

  function takeOffer(signal: RtcSignal & { readonly type: 'rtcoffer' }): void {
    const isFirst = other === null && signal.round === 0
    if (!isFirst && (other === null || signal.round <= round || !rtc.canRestart)) return
    if (!isFirst && !ports.takesRound()) return
    const { description } = signal
    if (!isSame(description)) return
    round = signal.round
    otherRestarts = signal.restart
    other = description
    takenCount = 0
    if (state === 'connected') clear('restart')
    step(async () => {
      const made = await ready()
      if (made === null || other !== description) return
      const answer = await made.answer(description)
      if (isOver || other !== description) return
      describe('rtcanswer', answer)
      follow(description)
    })
  }

  function takeAnswer(signal: RtcSignal & { readonly type: 'rtcanswer' }): void {
    if (own === null || signal.round !== round || isAnswered) return
    const { description } = signal
    if (!isSame(description)) return
    isAnswered = true
    otherRestarts = signal.restart
    other = description
    takenCount = 0
    if (state === 'connected') clear('restart')
    step(async () => {
      if (other !== description || signal.round !== round) return
      await rtcConnection?.accept(description)
      if (!isOver) follow(description)
    })
  }

  function takeCandidates({ ufrag, candidates }: RtcSignal & { readonly type: 'rtccandidates' }): void {
    for (const text of candidates) {
      const candidate = parseCandidate(text)
      if (candidate === null || !isAllowed(candidate, allowed)) continue
      if (takenCount >= maxCandidates) return
      takenCount++
      const told = { line: candidate.line, ufrag }
      // In step with the descriptions, which wait for one another.
      if (early.length < maxCandidates) early.push(told)
    }
    step(async () => {
      if (other !== null) follow(other)
    })
  }

  function onState(next: RtcState): void {
    if (isOver) return
    state = next
    if (open === null) {
      if (next === 'failed') fail('no-route')
      return
    }
    if (next === 'connected') {
      for (const name of ['grace', 'restart', 'patience'] as const) clear(name)
      interrupt(false)
    } else if (next === 'failed') {
      lookForAnother()
    } else if (next === 'disconnected' && timers.grace === null && timers.patience === null) {
      interrupt(true)
      timers.grace = clock.after(canRestart() ? graceMs : longGraceMs, lookForAnother)
    }
  }

  function interrupt(interrupted: boolean): void {
    if (isInterrupted === interrupted) return
    isInterrupted = interrupted
    events.onInterrupted(interrupted)
  }

  const canRestart = (): boolean => rtc.canRestart && otherRestarts

  function lookForAnother(): void {
    clear('grace')
    if (isOver || open === null) return
    if (!canRestart()) {
      fail('lost')
      return
    }
    // While all goes well, as far as this side sees, a better way is looked for and nothing is given up.
    if (state !== 'connected') {
      interrupt(true)
      timers.patience ??= clock.after(restartingMs, () => fail('lost'))
    }
    if (timers.restart !== null) return
    triesLeft = restartTries
    restart()
  }

  function restart(): void {
    timers.restart = null
    if (triesLeft-- === 0) return
    timers.restart = clock.after(restartMs, restart)
    if (role === 'dialler') {
      round++
      offer()
    } else {
      ports.send({ type: 'rtcrestart', connection, round })
    }
  }

  function onOpen(channel: RtcChannel): void {
    if (isOver || open !== null) return
    const isRight =
      own !== null &&
      other !== null &&
      equal(channel.ownFingerprint, own.fingerprint) &&
      equal(channel.otherFingerprint, other.fingerprint)
    if (!isRight) {
      fail('fingerprint')
      return
    }
    clear('open')
    log.info('webrtc.open', { role, round })
    open = webrtcLink(channel, { role, clock, onOver: (code) => finish(code === 'lost' ? code : null) })
    events.onLink(open.link)
  }

  function onEnd(): void {
    if (open === null) fail('no-route')
    else lose('lost')
  }

  return {
    connection,
    role,
    offer,
    receive(signal) {
      if (isOver || signal.connection !== connection) return
      switch (signal.type) {
        case 'rtcoffer':
          if (role === 'acceptor') takeOffer({ ...signal, type: 'rtcoffer' })
          return
        case 'rtcanswer':
          if (role === 'dialler') takeAnswer({ ...signal, type: 'rtcanswer' })
          return
        case 'rtccandidates':
          takeCandidates(signal)
          return
        case 'rtcrestart':
          if (role === 'dialler' && signal.round === round && isAnswered && ports.takesRound())
            lookForAnother()
          return
        case 'rtcend':
          lose(signal.code)
      }
    },
    networkChanged() {
      if (open !== null && (canRestart() || state !== 'connected')) lookForAnother()
    },
    async stats() {
      try {
        return isOver || open === null ? null : ((await rtcConnection?.stats()) ?? null)
      } catch {
        return null
      }
    },
    end(code, isQuiet = false) {
      if (isOver) return
      if (open !== null) {
        open.link.close(code)
        return
      }
      if (!isQuiet) ports.send({ type: 'rtcend', connection, code })
      finish(code)
    },
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
