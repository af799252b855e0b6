/**
 * One address that is kept connected: dialled, and dialled again after a cut with growing pauses.
 *
 *     dial ─▶ open ─▶ hold … over ─┬ final ─▶ refused
 *       ▲                          ├ duplicate ─▶ follow the session that stands ─ over ─▶ dial at once
 *       └── pause with jitter ◀────┘
 *
 * @module
 */
import { EffigyError, type Identity, type RandomBytes } from '@effigy/core'
import type { Clock, Link, Log, Session } from '@effigy/sync'
import { parsePeerAddress, relayOf } from './address.ts'
import { createPulse } from './live.ts'
import type { Connection, ConnectionState } from './peer.ts'
import { rest } from './rest.ts'
import type { Sessions } from './sessions.ts'
import { explainConnection, finalCodes } from './trouble.ts'

/** The first pause after a cut, ms; each failure doubles it. */
export const firstPauseMs = 1_000

/** The longest pause, ms: a hub that comes back after a night is found within two minutes. */
export const longestPauseMs = 120_000

/** A session that stood for this long, ms, forgets earlier failures. */
export const steadyMs = 30_000

/** Ends that nobody wanted. */
const lostCodes: ReadonlySet<string> = new Set(['cut', 'stalled', 'timeout'])

/** How long the other session of a pair may take to show up here too, ms. */
const twinMs = 5_000

/** Turned away so often in a row before it showed who it is: that was no cut, it is somebody else (A2 gives no reasons). */
const turnedAwayLimit = 3

export interface ConnectionDeps {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly dial: (url: string, signal: AbortSignal) => Promise<Link>
  /** As the dialler. */
  readonly open: (link: Link, expect: Identity | null, signal: AbortSignal) => Promise<Session>
  readonly sessions: Sessions
  /** Nobody dials them. */
  readonly isBlocked: (identity: Identity) => boolean
  /** The state is another one. */
  readonly changed: () => void
}

export interface ConnectionOptions {
  /** Outranks what the address says; null: whoever the address names. */
  readonly expect: Identity | null
  /** Ends it, like disposal. */
  readonly signal: AbortSignal
}

interface End {
  readonly code: string
  readonly stoodMs: number
  /** It was another way to them that ended: this one has not failed. */
  readonly isOther?: boolean
}

/** `over` resolves when nothing of it runs any more. */
export function keepConnected(
  address: string,
  options: ConnectionOptions,
  deps: ConnectionDeps,
): { readonly connection: Connection; readonly over: Promise<void> } {
  const { clock, log, sessions } = deps
  const disposal = new AbortController()
  const signal = AbortSignal.any([options.signal, disposal.signal])
  const states = createPulse()
  let state: ConnectionState = { type: 'connecting', attempt: 1 }
  let waking = new AbortController()
  /** Sessions of ours that make room for a better one. */
  const leaving = new Set<Promise<unknown>>()
  const parsed = parsePeerAddress(address)
  const isRelayed = parsed.ok && relayOf(parsed.value.url) !== null
  let pinned = options.expect ?? (parsed.ok ? parsed.value.expect : null)

  function become(next: ConnectionState): void {
    state = next
    states.fire()
    deps.changed()
  }

  async function attempt(url: string): Promise<End> {
    if (pinned !== null && deps.isBlocked(pinned)) return { code: 'blocked', stoodMs: 0 }
    let session: Session
    let isAnswered = false
    try {
      const link = noticeFrames(await deps.dial(url, signal), () => {
        isAnswered = true
      })
      session = await deps.open(link, pinned, signal)
    } catch (cause) {
      signal.throwIfAborted()
      const code = cause instanceof EffigyError ? cause.code : 'unreachable'
      return { code: code === 'cut' && isAnswered ? 'turned-away' : code, stoodMs: 0 }
    }
    // First contact typed by a person pins whom it met (A8).
    pinned ??= session.remote
    const leave = () => void session.end('done')
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
    const held = sessions.hold(session)
    leaving.add(held)
    void held.then(() => {
      signal.removeEventListener('abort', leave)
      leaving.delete(held)
    })
    const { code, stoodMs } = await follow(session)
    // What made it leave may be over before it has left.
    return { code: code === 'moved' ? 'duplicate' : await held, stoodMs }
  }

  /** Connected as long as that session stands; `moved` where a better one took its place. */
  async function follow(session: Session): Promise<End> {
    const isStanding = () => sessions.get(session.remote)?.session === session
    const isWelcome = () => sessions.get(session.remote)?.isWelcome === true
    const gone = new AbortController()
    void session.closed.then(() => gone.abort())
    const over = AbortSignal.any([signal, gone.signal])
    await sessions.until(isWelcome, over)
    const since = clock.monotonic()
    if (isWelcome() && !signal.aborted) {
      become({ type: 'connected', identity: session.remote })
      await sessions.until(() => !isStanding(), over)
    }
    signal.throwIfAborted()
    const stoodMs = clock.monotonic() - since
    const code = hasStanding() && !gone.signal.aborted ? 'moved' : (await session.closed).code
    return { code, stoodMs }
  }

  async function meet(url: string): Promise<End> {
    const session = standing()
    const isOther = session !== null
    const { code, stoodMs } = isOther ? await follow(session) : await attempt(url)
    if (code === 'duplicate') await untilTwin()
    return { code: code === 'moved' ? 'duplicate' : code, stoodMs, isOther }
  }

  /** The other session of the pair may stand there already, and not here yet. */
  async function untilTwin(): Promise<void> {
    const late = new AbortController()
    using _timer = clock.after(twinMs, () => late.abort())
    await sessions.until(() => hasStanding(), AbortSignal.any([signal, late.signal]))
  }

  /** They may have dialled us: that session does as well, unless it goes through a hub and this one would not. */
  function standing(): Session | null {
    const found = pinned === null ? null : sessions.get(pinned)
    return found?.session.link.kind === 'relay' && !isRelayed ? null : (found?.session ?? null)
  }

  const hasStanding = (): boolean => standing() !== null

  async function run(): Promise<void> {
    if (!parsed.ok) {
      while (!signal.aborted) await refuse(parsed.error.code)
      return
    }
    let failures = 0
    let turnedAway = 0
    while (!signal.aborted) {
      if (!hasStanding()) become({ type: 'connecting', attempt: failures + 1 })
      const { code, stoodMs, isOther } = await meet(parsed.value.url)
      if (signal.aborted) return
      if (code === 'duplicate' && hasStanding()) continue
      // They did not end it, and this way may be open: nobody waits for it.
      if (isOther === true && lostCodes.has(code) && stoodMs >= firstPauseMs) continue
      turnedAway = code === 'turned-away' ? turnedAway + 1 : 0
      const reason = turnedAway < turnedAwayLimit ? code : pinned === null ? 'proof' : 'identity'
      if (finalCodes.has(reason)) {
        await refuse(reason)
        failures = 0
        turnedAway = 0
        continue
      }
      failures = stoodMs >= steadyMs ? 0 : failures + 1
      const pauseMs = pauseAfter(Math.max(failures, 1), deps.random)
      log.info('connection.waiting', { code, pauseMs })
      become({ type: 'waiting', code, retryAt: clock.now() + pauseMs })
      await rest(clock, pauseMs, wakeSignal())
    }
  }

  /** Until somebody asks to try again. */
  async function refuse(code: string): Promise<void> {
    log.warn('connection.refused', { code })
    become({ type: 'refused', code })
    const woken = wakeSignal()
    const { promise, resolve } = Promise.withResolvers<void>()
    woken.addEventListener('abort', () => resolve(), { once: true })
    if (!woken.aborted) await promise
  }

  function wakeSignal(): AbortSignal {
    waking = new AbortController()
    return AbortSignal.any([signal, waking.signal])
  }

  async function runToEnd(): Promise<void> {
    try {
      await run()
    } catch (reason) {
      if (!signal.aborted) throw reason
    } finally {
      await Promise.all(leaving)
      become({ type: 'closed' })
    }
  }

  const over = runToEnd()

  const connection: Connection = {
    address,
    get state() {
      return state
    },
    retry: () => waking.abort(),
    async ready(readySignal) {
      for (;;) {
        readySignal.throwIfAborted()
        const seen = states.count
        if (state.type === 'connected') return state.identity
        if (state.type === 'refused') throw new EffigyError(state.code, explainConnection(state.code))
        if (state.type === 'closed') throw new EffigyError('closed', 'This connection is closed.')
        await states.after(seen, readySignal)
      }
    },
    async [Symbol.asyncDispose]() {
      disposal.abort(new EffigyError('closed', 'This connection is closed.'))
      await over
    },
  }
  return { connection, over }
}

/** Between half and the whole of the doubled pause, ms, so that a restarted hub is not met by all at once. */
export function pauseAfter(failures: number, random: RandomBytes): number {
  const wholeMs = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs)
  const [chance = 0] = random(1)
  return Math.round(wholeMs / 2 + (wholeMs / 2) * (chance / 255))
}

/** Calls `notice` at the first frame that comes. */
function noticeFrames(link: Link, notice: () => void): Link {
  const confine = link.confine?.bind(link)
  const drop = link.drop?.bind(link)
  return {
    kind: link.kind,
    binding: link.binding,
    closed: link.closed,
    send: (frame) => link.send(frame),
    get bufferedBytes() {
      return link.bufferedBytes
    },
    get isRead() {
      return link.isRead !== false
    },
    drained: (signal) => link.drained(signal),
    close: (code) => link.close(code),
    ...(confine === undefined ? {} : { confine }),
    ...(drop === undefined ? {} : { drop }),
    receive() {
      const frames = link.receive()[Symbol.asyncIterator]()
      let next = async (): Promise<IteratorResult<Uint8Array>> => {
        const first = await frames.next()
        if (first.done !== true) notice()
        next = () => frames.next()
        return first
      }
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => next(),
          return: async () => (await frames.return?.()) ?? { done: true, value: undefined },
        }),
      }
    },
  }
}
