/**
 * Who asks this custodian for a share, until a person there has said yes or no (spec Z26, Z27).
 *
 *     request ─rates─▶ told once ─six words compared─▶ approve ─▶ sealed answer, the same to whoever asks again
 *                         └ no such share is here: waits like the others, and nobody is told
 *
 * @module
 */
import { EffigyError, err, type Identity, ok, type Result, type Sha256 } from '@effigy/core'
import { type Clock, createPace, type Pace, type ServiceRefusal } from '@effigy/sync'
import { requestId, requestWords, type ShareRequest } from './request.ts'

/** One that is shown to the person. */
export interface WaitingRequest {
  readonly id: string
  readonly request: ShareRequest
  /** What both compare over another way. */
  readonly words: string
  /** Wall clock, ms. */
  readonly receivedAt: number
}

export type Decision = Result<string, ServiceRefusal>

export interface Waiting {
  /**
   * Lists it, and resolves with the sealed answer once it is approved. `isHeld`: whether a share is here that could be
   * meant; without one it waits in vain. Rejects with the reason of the signal.
   */
  ask(request: ShareRequest, isHeld: boolean, signal: AbortSignal): Promise<Decision>
  list(): readonly WaitingRequest[]
  /** Throws `EffigyError` 'no-request'. */
  get(id: string): WaitingRequest
  approve(id: string, sealed: string): void
  /** Nothing that device asks for is listed any more, for a day. Throws `EffigyError` 'no-request'. */
  deny(id: string): void
}

export interface WaitingPorts {
  readonly sha256: Sha256
  readonly clock: Clock
  readonly changed: () => void
}

/** Listed at once; more than a person compares. */
const maxWaiting = 16

/** Calls that wait in vain; one more ends the oldest. */
const maxInVain = 64

/** A person is told of so many at once, and of one more each time so much has passed: whoever asks, under however many names. */
const toldAtOnce = 8
const toldEveryMs = 5 * 60_000

/** A device may ask that often at once, and once more each time so much has passed. */
const askedAtOnce = 4
const askedEveryMs = 60_000

/** Devices whose pace is remembered. */
const maxPaces = 1_024

/** Answers that are kept for whoever was cut off. */
const maxApproved = 64

/** Without a person's word it is no, ms. */
const waitMs = 30 * 60_000
const deniedMs = 24 * 60 * 60_000
const maxDenied = 256

interface Listed extends WaitingRequest {
  readonly calls: Set<(decision: Decision) => void>
}

export function createWaiting({ sha256, clock, changed }: WaitingPorts): Waiting {
  /** By the device that asks: one each. */
  const listed = new Map<Identity, Listed>()
  const approved = new Map<string, string>()
  const denied = new Map<Identity, number>()
  const paces = new Map<Identity, Pace>()
  const telling = createPace(1_000 / toldEveryMs, toldAtOnce)
  const inVain = new Set<(decision: Decision) => void>()

  function paceOf(device: Identity): Pace {
    const pace = paces.get(device) ?? createPace(1_000 / askedEveryMs, askedAtOnce)
    paces.delete(device)
    paces.set(device, pace)
    trim(paces, maxPaces)
    return pace
  }

  /** Ms to wait, 0 for none. What is refused costs nothing: whoever tries again is not put off for longer. */
  function restOf(pace: Pace): number {
    const restMs = pace.take(clock.monotonic(), 1)
    if (restMs > 0) pace.take(clock.monotonic(), -1)
    return restMs
  }

  /** Listed, with its words; a refusal where the person has been told of enough. */
  async function listOf(request: ShareRequest): Promise<Result<Listed, ServiceRefusal>> {
    const id = requestId(request, sha256)
    const before = listed.get(request.identity)
    if (before?.id === id) return ok(before)
    if (before === undefined && listed.size >= maxWaiting) return refused('busy', toldEveryMs)
    const restMs = restOf(telling)
    if (restMs > 0) return refused('busy', restMs)
    const words = await requestWords(request, sha256)
    const same = listed.get(request.identity)
    if (same?.id === id) return ok(same)
    const mine: Listed = { id, request, words, receivedAt: clock.now(), calls: new Set() }
    // Another request of one device takes the place of the one before.
    for (const settle of same?.calls ?? []) settle(refused('asked-again', null))
    listed.set(request.identity, mine)
    changed()
    return ok(mine)
  }

  function find(id: string): Listed {
    const found = [...listed.values()].find((each) => each.id === id)
    if (found === undefined) {
      throw new EffigyError('no-request', 'Nobody asks for this any more. They have to ask once more.')
    }
    return found
  }

  function settle(one: Listed, decision: Decision): void {
    listed.delete(one.request.identity)
    for (const each of [...one.calls]) each(decision)
    changed()
  }

  return {
    async ask(request, isHeld, signal) {
      signal.throwIfAborted()
      const { identity } = request
      const given = approved.get(requestId(request, sha256))
      if (given !== undefined) return ok(given)
      const restMs = restOf(paceOf(identity))
      if (restMs > 0) return refused('too-fast', restMs)
      const deniedAt = denied.get(identity)
      if (deniedAt !== undefined && clock.monotonic() - deniedAt < deniedMs) return refused('denied', null)
      const { promise, resolve, reject } = Promise.withResolvers<Decision>()
      const leave = (): void => reject(signal.reason)
      using _timer = clock.after(waitMs, () => resolve(refused('denied', null)))
      signal.addEventListener('abort', leave, { once: true })
      let mine: Listed | null = null
      try {
        if (isHeld) {
          const place = await listOf(request)
          if (!place.ok) return place
          signal.throwIfAborted()
          mine = place.value
          mine.calls.add(resolve)
        } else {
          inVain.add(resolve)
          const [oldest] = inVain
          if (inVain.size > maxInVain) oldest?.(refused('busy', askedEveryMs))
        }
        return await promise
      } finally {
        inVain.delete(resolve)
        signal.removeEventListener('abort', leave)
        mine?.calls.delete(resolve)
        // Nobody waits for it any more.
        if (mine?.calls.size === 0 && listed.get(identity) === mine) {
          listed.delete(identity)
          changed()
        }
      }
    },
    list: () => Array.from(listed.values(), ({ calls: _, ...shown }) => shown),
    get: find,
    approve(id, sealed) {
      const one = find(id)
      approved.set(id, sealed)
      trim(approved, maxApproved)
      settle(one, ok(sealed))
    },
    deny(id) {
      const one = find(id)
      denied.set(one.request.identity, clock.monotonic())
      trim(denied, maxDenied)
      settle(one, refused('denied', null))
    },
  }
}

const refused = (code: string, retryMs: number | null): Result<never, ServiceRefusal> =>
  err({ code, retryMs })

/** The oldest go. */
function trim(map: Map<unknown, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return
    map.delete(oldest)
  }
}
