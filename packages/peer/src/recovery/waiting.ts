/**
 * Who asks this custodian for a share, until a person there has said yes or no (spec Z26, Z27).
 *
 *     request ─rates─▶ told once ─six words compared─▶ approve ─▶ sealed answer, the same to whoever asks again
 *                         └ no such share is here: waits like the others, and nobody is told
 *
 * What a caller hears before a person has decided never depends on what is held here: a stranger would learn who is a
 * custodian of whom. So a call that the person is not told of, for whatever reason, waits without a word.
 *
 * @module
 */
import { EffigyError, err, type Identity, ok, parseStrictJson, type Result, type Sha256 } from '@effigy/core'
import type { Store } from '@effigy/store'
import { type Clock, createPaces, type ServiceRefusal } from '@effigy/sync'
import { readRequest, requestId, requestWords, type ShareRequest, writeRequest } from './request.ts'

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

/** What became of a request that was left in a drop box. `later`: the person has been told of enough for now. */
export type Left = 'listed' | 'ignored' | 'later'

export interface Waiting {
  /**
   * Resolves with the sealed answer once it is approved. `isHeld`: whether a share is here that could be meant; then it
   * is listed as soon as the person may be told of one more, else it waits in vain. Rejects with the reason of the signal.
   */
  ask(request: ShareRequest, isHeld: boolean, signal: AbortSignal): Promise<Decision>
  /** Lists a request that was left in a drop box: durable when it resolves, until it is decided, for 14 days. */
  leave(request: ShareRequest): Promise<Left>
  list(): readonly WaitingRequest[]
  /** The one with these words, seen or not: whoever was told them over another way needs to wait for no turn. */
  lookUp(words: string): WaitingRequest | null
  /** `isCalled`: the device waits at the other end; else what it left is answered in the same way. Throws `EffigyError` 'no-request'. */
  get(id: string): WaitingRequest & { readonly isCalled: boolean }
  approve(id: string, sealed: string): void
  /** Nothing that device asks for is listed any more, for a day. Throws `EffigyError` 'no-request'. */
  deny(id: string): void
}

export interface WaitingPorts {
  readonly store: Pick<Store, 'setting' | 'saveSetting'>
  readonly sha256: Sha256
  readonly clock: Clock
  readonly changed: () => void
}

/** Listed at once, but where more call; more than a person compares. */
const maxSeen = 16

/** Left in drop boxes and kept, seen or not, some 200 KiB: at the pace of telling it takes strangers a day to push one out. */
const maxLeft = 256

/** Devices that wait in a call, listed or not. */
const maxCalling = 64

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

/** As long as a drop of that size is kept in a box, ms. */
const leftMs = 14 * 24 * 60 * 60_000

const key = 'recovery-requests'

interface Listed extends WaitingRequest {
  readonly calls: Set<(decision: Decision) => void>
  /** It was left in a drop box: it stays though nobody waits. */
  isLeft: boolean
  /** The person sees it, as far as there is room. */
  isTold: boolean
}

export function createWaiting({ store, sha256, clock, changed }: WaitingPorts): Waiting {
  /** By the device that asks: one each. */
  const listed = new Map<Identity, Listed>()
  for (const each of readLeft(store.setting(key))) listed.set(each.request.identity, each)
  const approved = new Map<string, string>()
  const denied = new Map<Identity, number>()
  const asked = { perSecond: 1_000 / askedEveryMs, burst: askedAtOnce, kept: maxPaces, clock }
  const [restOfCalls, restOfLeft] = [createPaces(asked), createPaces(asked)]
  const restOfAll = createPaces({ perSecond: 1_000 / toldEveryMs, burst: toldAtOnce, kept: 1, clock })

  const isOver = (one: Listed): boolean => isOnlyLeft(one) && clock.now() - one.receivedAt >= leftMs

  const told = (): readonly Listed[] => [...listed.values()].filter((one) => one.isTold && !isOver(one))

  /**
   * Who calls goes before what was only left; of that the oldest stay and the newest come: whoever makes up others hides neither a
   * friend's that was seen, nor for long a friend's that comes.
   */
  function seen(): readonly Listed[] {
    const all = told()
    const left = all.filter(isOnlyLeft).sort((a, b) => a.receivedAt - b.receivedAt)
    const places = Math.max(0, maxSeen - (all.length - left.length))
    const stay = Math.floor(places / 2)
    const hidden = new Set(left.slice(stay, Math.max(stay, left.length - (places - stay))))
    return all.filter((one) => !hidden.has(one))
  }

  /** Ms until the person may be told of one more; 0: they are told now. What was left and calls as well keeps nobody from it. */
  function restOfTelling(): number {
    return told().filter(({ isLeft }) => !isLeft).length >= maxSeen ? toldEveryMs : restOfAll('')
  }

  function forget(some: readonly Listed[]): void {
    if (some.length === 0) return
    for (const { request } of some) listed.delete(request.identity)
    saveLeft()
    changed()
  }

  /** In the place of another request of that device. */
  function put(request: ShareRequest, words: string, isTold: boolean): Listed {
    const before = listed.get(request.identity)
    const id = requestId(request, sha256)
    const mine: Listed = {
      ...{ id, request, words, isTold },
      receivedAt: clock.now(),
      calls: new Set(),
      isLeft: false,
    }
    listed.set(request.identity, mine)
    for (const settle of before?.calls ?? []) settle(refused('asked-again', null))
    if (before?.isLeft === true) saveLeft()
    if (isTold || before?.isTold === true) changed()
    return mine
  }

  function saveLeft(): void {
    const left = [...listed.values()].filter(({ isLeft }) => isLeft)
    const plain = left.map(({ id, request, words, receivedAt }) => ({
      ...{ id, words, receivedAt },
      request: writeRequest(request),
    }))
    store.saveSetting(key, plain.length === 0 ? null : JSON.stringify(plain))
  }

  function isDenied(device: Identity): boolean {
    const deniedAt = denied.get(device)
    return deniedAt !== undefined && clock.monotonic() - deniedAt < deniedMs
  }

  function find(id: string): Listed {
    const found = told().find((each) => each.id === id)
    if (found === undefined) {
      throw new EffigyError('no-request', 'Nobody asks for this any more. They have to ask once more.')
    }
    return found
  }

  function settle(one: Listed, decision: Decision): void {
    listed.delete(one.request.identity)
    if (one.isLeft) saveLeft()
    for (const each of [...one.calls]) each(decision)
    changed()
  }

  return {
    async ask(request, isHeld, signal) {
      signal.throwIfAborted()
      const { identity } = request
      const given = approved.get(requestId(request, sha256))
      if (given !== undefined) return ok(given)
      const restMs = restOfCalls(identity)
      if (restMs > 0) return refused('too-fast', restMs)
      if (isDenied(identity)) return refused('denied', null)
      // Of those that nobody is told of, too: how long it takes tells nothing either.
      const words = await requestWords(request, sha256)
      signal.throwIfAborted()
      forget([...listed.values()].filter(isOver))
      const before = listed.get(identity)
      const calling = [...listed.values()].filter(({ calls }) => calls.size > 0).length
      if (calling >= maxCalling && (before?.calls.size ?? 0) === 0) return refused('busy', toldEveryMs)
      const mine =
        before?.id === requestId(request, sha256)
          ? before
          : put(request, words, isHeld && restOfTelling() === 0)
      const { promise, resolve, reject } = Promise.withResolvers<Decision>()
      const leave = (): void => reject(signal.reason)
      using _timer = clock.after(waitMs, () => resolve(refused('denied', null)))
      const turn: { timer?: Disposable } = {}
      const takeTurn = (): void => {
        if (mine.isTold) return
        const ms = restOfTelling()
        if (ms > 0) turn.timer = clock.after(ms, takeTurn)
        else {
          mine.isTold = true
          changed()
        }
      }
      signal.addEventListener('abort', leave, { once: true })
      mine.calls.add(resolve)
      try {
        // It is seen before others from now on.
        if (mine.isLeft) changed()
        if (isHeld) takeTurn()
        return await promise
      } finally {
        turn.timer?.[Symbol.dispose]()
        signal.removeEventListener('abort', leave)
        mine.calls.delete(resolve)
        // Nobody waits for it any more.
        if (mine.calls.size === 0 && listed.get(identity) === mine) {
          if (!mine.isLeft) listed.delete(identity)
          if (mine.isTold) changed()
        }
      }
    },
    async leave(request) {
      const { identity } = request
      if (isDenied(identity) || restOfLeft(identity) > 0) return 'ignored'
      const words = await requestWords(request, sha256)
      forget([...listed.values()].filter(isOver))
      const before = listed.get(identity)
      const isSame = before?.id === requestId(request, sha256)
      // What is left here never ends a call: who calls would hear of it, and only where a share is held.
      if (!isSame && before !== undefined && before.calls.size > 0) return 'later'
      if (isSame && before.isLeft) return 'listed'
      if (!(isSame && before.isTold) && restOfTelling() > 0) return 'later'
      const others = [...listed.values()].filter((one) => isOnlyLeft(one) && one !== before)
      const newer = others.sort((a, b) => a.receivedAt - b.receivedAt).slice(maxSeen)
      forget(newer.slice(0, Math.max(0, others.length + 1 - maxLeft)))
      const mine = isSame ? before : put(request, words, true)
      mine.isLeft = true
      saveLeft()
      if (!mine.isTold) {
        mine.isTold = true
        changed()
      }
      return 'listed'
    },
    list: () => seen().map(shownOf),
    lookUp(words) {
      // Whoever types what they hear may put commas between.
      const meant = (words.toLowerCase().match(/[^\s.,;]+/gu) ?? []).join(' ')
      const one = [...listed.values()].find((each) => each.words === meant && !isOver(each))
      if (one === undefined) return null
      if (!one.isTold) {
        one.isTold = true
        changed()
      }
      return shownOf(one)
    },
    get(id) {
      const one = find(id)
      return { ...shownOf(one), isCalled: one.calls.size > 0 }
    },
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

const isOnlyLeft = ({ isLeft, calls }: Listed): boolean => isLeft && calls.size === 0

function shownOf({ id, request, words, receivedAt }: Listed): WaitingRequest {
  return { id, request, words, receivedAt }
}

/** Nobody but `saveLeft` writes it. */
function readLeft(text: string | null): readonly Listed[] {
  const parsed = parseStrictJson(text ?? '[]')
  if (!parsed.ok) return []
  const list = parsed.value as unknown as readonly (Omit<WaitingRequest, 'request'> & { request: string })[]
  return list.flatMap(({ request: written, ...rest }) => {
    const request = readRequest(written)
    return request === null ? [] : [{ ...rest, request, calls: new Set(), isLeft: true, isTold: true }]
  })
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
