/**
 * Sends and takes signals (signals.ts): what a hub hands on is nothing before it was opened and checked (V63, V67).
 *
 *     messagefrom ─pace, from whom we show ourselves to▶ open, check ─▶ readers │ a warning
 *
 * @module
 */
import {
  EffigyError,
  type Identity,
  type JsonObject,
  type RandomBytes,
  type Signer,
  shortName,
} from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import {
  type Clock,
  createOfferWindow,
  createPaces,
  type Log,
  openOffer,
  type SealedOffer,
  type SealOfferFault,
  sealOffer,
} from '@effigy/sync'
import { createPulse } from '../live.ts'
import type { Signaller } from '../reach.ts'
import { boxKeyOf } from './box-key.ts'
import type { OpenPresence } from './open-presence.ts'
import type { PeerSignals, ReceivedSignal, SentSignal, SignalFate, SignalOutcome } from './signals.ts'

export interface SignalsApiPorts {
  readonly store: Pick<Store, 'setting' | 'saveSetting' | 'synods' | 'profile'>
  readonly self: Identity
  readonly signer: Signer
  readonly boxKey: AgreementKey
  readonly crypto: Crypto
  readonly random: RandomBytes
  readonly clock: Clock
  readonly log: Log
  readonly isBlocked: (other: Identity) => boolean
  readonly signallers: () => readonly Signaller[]
  readonly presence: Pick<OpenPresence, 'welcomes' | 'attempted' | 'warn'>
  /** What a hub handed on as theirs was none of theirs, or not of this moment, or not for us. */
  readonly refused?: (hub: Identity, from: Identity, code: string) => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface OpenSignals {
  readonly api: PeerSignals
  /** What devices say to each other by themselves: by its type, apart from what is said for apps (R20). */
  words(signal: AbortSignal): AsyncIterable<ReceivedSignal>
  /** As `PeerSignals.send`; `isWide`: through every hub, whatever the first says that it did. */
  say(
    to: Identity,
    payload: JsonObject,
    options: { readonly isWide: boolean; readonly signal: AbortSignal },
  ): Promise<SentSignal>
  /** A chosen hub handed it on. */
  take(hub: Signaller, from: Identity, payload: Uint8Array): void
  /** Resolves when nothing is being opened. */
  idle(): Promise<void>
}

/** Opening one costs about as much as ten frames: of one hub so many a second, and at once. */
const openedPerSecond = 50
const openedAtOnce = 200

/** Of one sender through one hub: who says too much takes nobody else's place. */
const ofOnePerSecond = 5
const ofOneAtOnce = 50

/** Senders, and hubs, whose pace is remembered; whoever was quiet for longest is forgotten first. */
const maxPaces = 4_096

/** That came and are not opened yet, of all hubs. */
const maxWaiting = 1_024

/** That a reader did not take yet. */
const maxUnread = 256

/** Signals whose hub is remembered. */
const maxHanded = 512

/** Hubs that one signal goes through at most, and how long each may take, ms. */
const maxHubs = 8
const patienceMs = 10_000

/** Where the latest time of what was acted on is remembered (V68). */
const floorKey = 'signals.latest'

const rank: readonly SignalOutcome[] = ['delivered', 'busy', 'accepted', 'absent', 'refused']

interface Reader {
  readonly isForWords: boolean
  readonly unread: Omit<ReceivedSignal, 'missed'>[]
  missed: number
}

export function openSignals(ports: SignalsApiPorts): OpenSignals {
  const { store, self, signer, crypto, random, clock, log, presence } = ports
  const window = createOfferWindow({
    now: clock.now,
    floor: floorOf(store.setting(floorKey)),
    keepFloor: (at) => store.saveSetting(floorKey, String(at)),
  })
  const opening = { identity: self, keys: [ports.boxKey], crypto, window }
  const ofOne = createPaces({
    perSecond: ofOnePerSecond,
    burst: ofOneAtOnce,
    kept: maxPaces,
    clock,
    countsRefused: true,
  })
  // Apart from those of senders, of whom a hub can name as many as it likes.
  const ofHub = createPaces({
    perSecond: openedPerSecond,
    burst: openedAtOnce,
    kept: maxPaces,
    clock,
    countsRefused: true,
  })
  const handed = createHanded(crypto.sha256)
  const readers = new Set<Reader>()
  /** Hubs that did not answer the last time: they are asked last, and hold nobody up. */
  const silent = new Set<Identity>()
  const arrived = createPulse()
  let waiting = 0
  let turn: Promise<void> = Promise.resolve()

  async function open(hub: Identity, from: Identity, sealed: Uint8Array): Promise<void> {
    const opened = await openOffer(sealed, from, opening)
    if (ports.signal.aborted) return
    const isRepeated = handed.isRepeated(hub, sealed)
    if (!opened.ok) {
      const { code } = opened.error
      // Through a second hub the same comes again, and a later version of this software may read the other.
      if ((code === 'seen' && !isRepeated) || code === 'version') return
      log.warn('signal.refused', { hub: shortName(hub), code })
      presence.warn(hub, code)
      ports.refused?.(hub, from, code)
      return
    }
    const { offer, payload } = opened.value
    for (const reader of readers) {
      if (reader.isForWords !== isWord(payload)) continue
      reader.unread.push({ from, id: offer.id, at: offer.at, payload, hub })
      if (reader.unread.length <= maxUnread) continue
      reader.unread.shift()
      reader.missed++
    }
    arrived.fire()
  }

  function take(hub: Signaller, from: Identity, sealed: Uint8Array): void {
    if (ports.signal.aborted) return
    // It was not handed on by an honest hub, or we hid just now.
    if (!presence.welcomes(hub, from)) {
      presence.attempted(hub.hub, { messages: 1, tunnels: 0, from: [from] })
      return
    }
    const isFast = ofOne(`${hub.hub} ${from}`) > 0 || ofHub(hub.hub) > 0
    if (isFast || waiting >= maxWaiting) {
      presence.warn(hub.hub, 'too-fast')
      return
    }
    waiting++
    turn = turn
      .then(() => open(hub.hub, from, sealed))
      .catch((cause: unknown) => failed(cause))
      .finally(() => waiting--)
  }

  /** The medium: what cannot be remembered is not acted on. */
  function failed(cause: unknown): void {
    if (!(cause instanceof EffigyError)) throw cause
    log.warn('signal.failed', { code: cause.code })
  }

  async function seal(to: Identity, payload: JsonObject): Promise<SealedOffer> {
    if (to === self || ports.isBlocked(to)) {
      throw new EffigyError('signal-blocked', 'You block them, or this is your own device.')
    }
    const key = boxKeyOf(store, to)
    if (key === null) throw noKey()
    const sealed = await sealOffer(to, [key], payload, {
      identity: self,
      signer,
      crypto,
      random,
      now: clock.now,
    })
    if (sealed.ok) return sealed.value
    throw faultOf(sealed.error)
  }

  async function through(
    hub: Signaller,
    to: Identity,
    sealed: Uint8Array,
    signal: AbortSignal,
  ): Promise<SignalFate> {
    const late = new AbortController()
    using _timer = clock.after(patienceMs, () => late.abort())
    const refused = (code: string): SignalFate => ({ hub: hub.hub, outcome: 'refused', code })
    try {
      const sent = await hub.messageTo(to, sealed, AbortSignal.any([signal, late.signal]))
      silent.delete(hub.hub)
      return sent.ok ? { hub: hub.hub, outcome: sent.value } : refused(sent.error.code)
    } catch (cause) {
      signal.throwIfAborted()
      if (!late.signal.aborted) throw cause
      silent.add(hub.hub)
      return refused('unanswered')
    }
  }

  async function send(
    to: Identity,
    payload: JsonObject,
    given: AbortSignal,
    isWide = false,
  ): Promise<SentSignal> {
    const signal = AbortSignal.any([given, ports.signal])
    signal.throwIfAborted()
    const { id, bytes } = await seal(to, payload)
    const isThere = ({ present, inRoom }: Signaller): boolean => present.has(to) || inRoom.has(to)
    const answers = ({ hub }: Signaller): boolean => !silent.has(hub)
    const known = ports.signallers()
    const all = [...known.filter(isThere), ...known.filter((hub) => !isThere(hub))]
    const answering = all.filter(answers)
    const hubs = [...answering, ...all.filter((hub) => !answers(hub))].slice(0, maxHubs)
    if (hubs.length === 0) {
      throw new EffigyError(
        'signal-no-hub',
        'No hub is connected that would hand it on. Connect to one first.',
      )
    }
    const fates: SignalFate[] = []
    if (isWide) {
      const sending = hubs.map((hub) => through(hub, to, bytes, signal))
      for (const one of sending) one.catch(() => {})
      // Nobody waits for those that are silent, unless all are.
      fates.push(...(await Promise.all(sending.slice(0, answering.length || sending.length))))
    } else {
      for (const hub of hubs) {
        signal.throwIfAborted()
        fates.push(await through(hub, to, bytes, signal))
        if (fates.at(-1)?.outcome === 'delivered') break
      }
    }
    const outcome = rank.find((one) => fates.some((fate) => fate.outcome === one)) ?? 'refused'
    return { id, outcome, hubs: fates }
  }

  function messages(given: AbortSignal, isForWords: boolean): AsyncIterable<ReceivedSignal> {
    const signal = AbortSignal.any([given, ports.signal])
    const reader: Reader = { isForWords, unread: [], missed: 0 }
    // At once: what comes before it is read for the first time counts too.
    if (!signal.aborted) readers.add(reader)
    const leave = (): void => void readers.delete(reader)
    signal.addEventListener('abort', leave, { once: true })
    return read(reader, signal, leave)
  }

  async function* read(
    reader: Reader,
    signal: AbortSignal,
    leave: () => void,
  ): AsyncGenerator<ReceivedSignal> {
    try {
      while (!signal.aborted) {
        const seen = arrived.count
        const next = reader.unread.shift()
        if (next === undefined) await arrived.after(seen, signal)
        else {
          const { missed } = reader
          reader.missed = 0
          yield { ...next, missed }
        }
      }
    } finally {
      leave()
      signal.removeEventListener('abort', leave)
    }
  }

  return {
    api: {
      send: (to, payload, { signal }) => send(to, payload, signal),
      messages: (signal) => messages(signal, false),
    },
    words: (signal) => messages(signal, true),
    say: (to, payload, { isWide, signal }) => send(to, payload, signal, isWide),
    take,
    idle: () => turn,
  }
}

/** Which hub handed what on: a sender gives each hub a signal once, so a hub that brings it twice plays it again. */
function createHanded(sha256: Crypto['sha256']) {
  const names = new Set<string>()
  return {
    isRepeated(hub: Identity, sealed: Uint8Array): boolean {
      const name = `${hub} ${sha256(sealed).join()}`
      if (names.has(name)) return true
      names.add(name)
      const [oldest] = names
      if (names.size > maxHanded && oldest !== undefined) names.delete(oldest)
      return false
    },
  }
}

/** M14. */
const isWord = ({ type }: JsonObject): boolean => typeof type === 'string' && type.startsWith('rtc')

function floorOf(text: string | null): number | null {
  const at = text === null ? Number.NaN : Number(text)
  return Number.isSafeInteger(at) && at >= 0 ? at : null
}

function faultOf({ code }: SealOfferFault): EffigyError {
  switch (code) {
    case 'invalid':
      return new EffigyError('signal-invalid', 'A signal is strict JSON with a type of 1 to 64 characters.')
    case 'too-large':
      return new EffigyError(
        'signal-too-large',
        'This is more than a signal holds: 8 KiB. Leave a drop instead.',
      )
    case 'no-recipients':
    case 'too-many-recipients':
    case 'bad-recipient':
      return noKey()
  }
}

function noKey(): EffigyError {
  return new EffigyError(
    'signal-no-key',
    'No key of that device is here to seal it to. Follow them, and connect to somebody who has their feed.',
  )
}
