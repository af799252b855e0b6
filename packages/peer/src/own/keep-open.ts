/**
 * Opens what own devices seal as it comes, and asks them for what was sealed before this one joined.
 *
 *     change of an own feed, or of the account ─▶ openOwn ─ some stay shut ─▶ ask the own devices that are connected
 *
 * @module
 */
import type { Identity, JsonObject, RawCid, Result } from '@effigy/core'
import { shortName } from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'
import type { Clock, Log, ReceivedAnswer, ServiceRefusal } from '@effigy/sync'
import type { Opening } from '../private/opening.ts'
import { askOthers, lackedOf } from './ask-others.ts'
import { ownDevices } from './devices.ts'
import type { Doubt } from './doubt.ts'
import { learnTexts, ownTextsService } from './texts.ts'

export interface KeepOpenPorts {
  readonly store: Store
  readonly identity: Identity
  readonly opening: Pick<Opening, 'openOwn' | 'told' | 'onShut'>
  readonly doubt: Doubt
  readonly clock: Clock
  readonly log: Log
  /** Who is connected now. */
  readonly connected: () => Iterable<Identity>
  readonly call: (
    other: Identity,
    service: string,
    method: string,
    value: JsonObject,
    options: { readonly signal: AbortSignal },
  ) => Promise<Result<ReceivedAnswer, ServiceRefusal>>
  readonly signal: AbortSignal
}

export interface KeepOpen extends Disposable {
  changed(change: StoreChange): void
  /** Somebody has connected. */
  met(other: Identity): void
  /** Resolves when all that can be opened is. */
  now(): Promise<void>
}

interface Told {
  readonly epoch: number
  readonly through: number
  /** Monotonic, ms. */
  readonly sinceMs: number
}

/** It may have learned more itself by then, ms. */
const againMs = 600_000

/** Ms until somebody is asked again for what is doubtful: of a device that left it may be doubtful for good. */
const doubtAgainMs = 3_600_000

/** Ms until what stayed shut is asked for: more of it may come. */
const shutMs = 2_000

/** Ms between two questions for what others sealed: most of it is for nobody of us. */
const askEveryMs = 20_000

/** Ms after a change: entries come in batches, and count once their signatures are checked. */
const settleMs = 300

/** Answers that are taken of one device at a time. */
const maxAnswers = 4_096

export function keepOpen(ports: KeepOpenPorts): KeepOpen {
  const { store, identity, opening, doubt, clock, log, signal } = ports
  let timer: Disposable | null = null
  let later: Disposable | null = null
  let again: Disposable | null = null
  let turn: Promise<unknown> = Promise.resolve()
  /** What was shut when it was asked last, by who was asked. */
  const asked = new Map<Identity, string>()
  /** When it was last asked for what others sealed; monotonic, ms. */
  const askedMs = new Map<Identity, number>()
  /** The same for what it did not have itself. */
  const askedAgainMs = new Map<Identity, number>()
  /** How far it has told since it connected, by who was asked and whose feed. */
  const told = new Map<Identity, Map<Identity, Told>>()

  /** When it had been asked for all that is doubtful, by who was asked and whose feed; monotonic, ms. */
  const doubtAskedMs = new Map<Identity, Map<Identity, number>>()

  /** Those whose word is not believed any more. */
  let doubted: readonly Identity[] = []

  async function catchUp(): Promise<void> {
    const devices = ownDevices(store, identity)
    await opening.openOwn(devices)
    const tellers = doubt.tellers()
    if (tellers.join() !== doubted.join()) {
      // What was not asked for, because it was known, is now.
      for (const memory of [asked, told, doubtAskedMs]) memory.clear()
    }
    doubted = tellers
    const shut = devices.filter((device) => shutAbove(device) !== null)
    if (shut.length > 0) await askOwn(shut)
  }

  async function askOwn(shut: readonly Identity[]): Promise<void> {
    const state = shut.map((device) => store.feed(device)?.record?.head.head).join()
    for (const other of [...ports.connected()]) {
      if (!doubt.isMember(other) || asked.get(other) === state || signal.aborted) continue
      asked.set(other, state)
      for (const device of shut) await ask(other, device)
    }
  }

  /** What others sealed is asked for when one meets, and now and then. */
  async function askAll(devices: readonly Identity[]): Promise<void> {
    const own = new Set(devices)
    for (const other of [...ports.connected()]) {
      if (!doubt.isMember(other) || signal.aborted) continue
      if (clock.monotonic() - (askedMs.get(other) ?? Number.NEGATIVE_INFINITY) < askEveryMs) {
        askLater(askEveryMs)
      } else {
        const nowMs = clock.monotonic()
        askedMs.set(other, nowMs)
        const isAgain = nowMs - (askedAgainMs.get(other) ?? Number.NEGATIVE_INFINITY) >= againMs
        if (isAgain) askedAgainMs.set(other, nowMs)
        await askOthers(other, own, ports, isAgain)
        if (lackedOf(store, other).length > 0) askAgain()
      }
    }
  }

  /** It may have what it lacked by then. */
  function askAgain(): void {
    again ??= clock.after(againMs, () => {
      again = null
      askLater(settleMs)
    })
  }

  function askLater(ms: number): void {
    if (later !== null || signal.aborted) return
    later = clock.after(ms, () => {
      later = null
      turn = turn.then(() => askAll(ownDevices(store, identity))).catch(() => {})
    })
  }

  async function ask(other: Identity, device: Identity): Promise<void> {
    const epoch = store.feed(device)?.record?.head.epoch ?? 0
    const known = told.get(other)?.get(device) ?? null
    const isOld = known === null || known.epoch !== epoch || clock.monotonic() - known.sinceMs > againMs
    const before = isOld ? { epoch, through: 0, sinceMs: clock.monotonic() } : known
    const isAskedInDoubt =
      clock.monotonic() - (doubtAskedMs.get(other)?.get(device) ?? Number.NEGATIVE_INFINITY) > doubtAgainMs
    let above = shutAbove(device, isAskedInDoubt)
    // What it could not tell it is not asked for again: one text that nobody opens would cost all above it each time.
    if (above !== null) above = Math.max(above, before.through)
    for (let answers = 0; above !== null && answers < maxAnswers; answers++) {
      const value = { identity: device, above }
      const answer = await ports.call(other, ownTextsService, 'opened', value, { signal })
      if (!answer.ok) {
        // Not served yet, or the session is over: when they meet again.
        asked.delete(other)
        return
      }
      const { value: given } = answer.value
      const learned = await learnTexts(store, toldBy(other), device, above, given, doubt)
      if (learned === null) {
        log.warn('own.bad-answer', { peer: shortName(other) })
        return
      }
      if (learned.through === above) break
      above = learned.through
      const mine = told.get(other) ?? new Map<Identity, Told>()
      told.set(other, mine.set(device, { ...before, through: above }))
    }
    if (!isAskedInDoubt) return
    const mine = doubtAskedMs.get(other) ?? new Map<Identity, number>()
    doubtAskedMs.set(other, mine.set(device, clock.monotonic()))
  }

  const toldBy =
    (other: Identity) =>
    async (author: Identity, content: RawCid, text: string, tellers: readonly Identity[]) => {
      const isTaken = await opening.told(author, content, text)
      if (isTaken) store.told?.note(author, content, [other, ...tellers])
      return isTaken
    }

  /** Above that length, sealed entries of an own device are here that this one cannot open, or knows in doubt; null: none. */
  function shutAbove(device: Identity, isInDoubt = true): number | null {
    const shut = store.shut?.lowestShut(device) ?? Number.POSITIVE_INFINITY
    const doubtful = (isInDoubt ? store.told?.lowest(device, doubted) : null) ?? Number.POSITIVE_INFINITY
    const lowest = Math.min(shut, doubtful)
    return Number.isFinite(lowest) ? lowest - 1 : null
  }

  function soon(): void {
    if (timer !== null || signal.aborted) return
    timer = clock.after(settleMs, () => {
      timer = null
      // A store that fails here fails whoever writes next, too, and is told there.
      turn = turn.then(catchUp).catch(() => {})
    })
  }

  opening.onShut(() => askLater(shutMs))
  return {
    changed({ feeds, synods }) {
      const isOwn = synods !== undefined && synods.size > 0
      if (isOwn || ownDevices(store, identity).some((device) => feeds.has(device))) soon()
    },
    met(other) {
      asked.delete(other)
      told.delete(other)
      askedMs.delete(other)
      askedAgainMs.delete(other)
      askLater(settleMs)
      soon()
    },
    now() {
      const mine = turn.then(catchUp)
      turn = mine.catch(() => {})
      return mine
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      later?.[Symbol.dispose]()
      again?.[Symbol.dispose]()
      timer = later = again = null
    },
  }
}
