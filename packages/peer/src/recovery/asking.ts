/**
 * The new device's part (spec Z24, Z28): asks custodians, takes their shares, puts the words together.
 *
 *     custodians ─request─▶ … ─age─▶ shares, by splitting ─▶ words of the account, and who gave a false one
 *
 * @module
 */
import {
  EffigyError,
  encodeBase64url,
  type Identity,
  type JsonObject,
  maxCustodians,
  parseUtf8,
  type RandomBytes,
  type Root,
  utf8,
} from '@effigy/core'
import { type AgreementKey, type Crypto, openAge } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import { loadSharing } from '#later'
import { askAround, type FindPorts, newestStates } from '../account/ask-around.ts'
import { type AskPorts, askDevice } from '../account/ask-own.ts'
import type { OwnAccount } from '../account/own-account.ts'
import type { PeerDrops, ReceivedDrop } from '../drops/drops.ts'
import { policyOf } from '../relations.ts'
import { rest } from '../rest.ts'
import {
  type Asked,
  createAskedList,
  type GivenShare,
  givenOf,
  type KeptAnswer,
  maxAnswerLength,
  maxGiven,
} from './asked.ts'
import { answerDrop, askDrop } from './custodian.ts'
import type { AskedCustodian, AskOptions, AskState, Combined, RecoveryView } from './recovery.ts'
import { recoveryService } from './rehearsal.ts'
import { isLine, requestId, requestWords, type ShareRequest, writeRequest } from './request.ts'

export interface AskingPorts extends AskPorts, Omit<FindPorts, 'clock' | 'signal'> {
  readonly store: Store
  readonly crypto: Crypto
  readonly identity: Identity
  readonly boxKey: AgreementKey
  readonly random: RandomBytes
  readonly clock: Clock
  readonly log: Log
  readonly own: Pick<OwnAccount, 'root'>
  readonly drops: Pick<PeerDrops, 'send' | 'handle'>
  readonly connected: () => readonly Identity[]
  readonly changed: () => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface Asking {
  list(): readonly AskedCustodian[]
  /** Of the account of which the most came: how many, and the least threshold among them. */
  progress(): Pick<RecoveryView, 'came' | 'needed'>
  ask(options: AskOptions): Promise<readonly AskedCustodian[]>
  combine(signal: AbortSignal): Promise<Combined>
  forget(): void
  /** Goes on with what was asked for before a restart. */
  resume(): void
  idle(): Promise<void>
}

/** Between two tries to leave a request in a box, ms. */
const leaveAgainMs = 5_000

/** After who says that another request took this one's place, ms: they may say so each time, and at once. */
const askAgainMs = 1_000

export function createAsking(ports: AskingPorts): Asking {
  const { store, crypto, identity, boxKey, random, clock, log, own, drops, changed } = ports
  const asked = createAskedList(store)
  /** Of custodians that are being asked, by account. */
  const running = new Map<Root, { readonly nonce: string; readonly stop: AbortController }>()
  const turns = new Set<Promise<void>>()

  const list = (): readonly AskedCustodian[] =>
    asked.all().map(({ identity: custodian, request, words, state }) => ({
      identity: custodian,
      root: request.to,
      words,
      state,
    }))

  async function rootOf(custodian: Identity, signal: AbortSignal): Promise<Root> {
    const known = (): Root | null => store.synods?.accountOf(custodian) ?? null
    // Watched until it is over: which devices a custodian has may change, and an account that nobody means is let go (S40).
    if (known() === null || store.feed(custodian)?.watched !== true) {
      store.watchFeed(custodian, newestStates)
      await askAround([custodian], { ...ports, signal })
    }
    const root = known()
    if (root === null) {
      unwatch(custodian)
      const message = `Nobody who is connected knows an account of ${custodian}. Connect to a hub or to them.`
      throw new EffigyError('custodian-unknown', message)
    }
    return root
  }

  /** Of all of them, or nobody is asked. */
  async function rootsOf(
    custodians: readonly Identity[],
    signal: AbortSignal,
  ): Promise<readonly (readonly [Identity, Root])[]> {
    try {
      return await Promise.all(
        custodians.map(async (custodian) => [custodian, await rootOf(custodian, signal)] as const),
      )
    } catch (reason) {
      const kept = new Set(asked.all().map((each) => each.identity))
      for (const custodian of custodians) if (!kept.has(custodian)) unwatch(custodian)
      throw reason
    }
  }

  function unwatch(custodian: Identity): void {
    if (JSON.stringify(policyOf(store, custodian)) === JSON.stringify(newestStates))
      store.watchFeed(custodian, null)
  }

  /** Until it is decided, whenever one of the custodian's devices is connected. */
  async function pursue({ request }: Asked, signal: AbortSignal): Promise<void> {
    const { to } = request
    let device: Identity | null = null
    const find = (): Identity | null => {
      device = ports.connected().find((each) => isDeviceOf(each, to)) ?? null
      return device
    }
    const bytes = utf8(writeRequest(request))
    for (;;) {
      const question = { service: recoveryService, method: 'ask', value: {}, bytes, signal }
      const answer = await askDevice(find, question, ports)
      signal.throwIfAborted()
      if (answer === null || device === null) return
      if (answer.ok) {
        const kept = await answerOf(parseUtf8(answer.value.bytes) ?? '', request, device)
        return finish(request, kept === null ? 'false' : 'given', kept)
      }
      if (answer.error.code !== 'asked-again') return finish(request, 'denied', null)
      await rest(clock, askAgainMs, signal)
    }
  }

  /** Once it lies in a box that is all: it is offered there to each device of theirs. */
  async function leaveIn(box: Asked, signal: AbortSignal): Promise<void> {
    const { identity: custodian, request } = box
    for (;;) {
      const seen = ports.sessions.count
      if (signal.aborted) return
      const isThere = ports.connected().some((each) => isDeviceOf(each, request.to))
      const payload = { type: askDrop, request: writeRequest(request) }
      const sent = isThere ? null : await drops.send(custodian, payload, { signal }).catch(noBox)
      if (sent?.boxes.some(({ type }) => type === 'kept') === true) return
      await ports.sessions.after(seen, signal)
      await rest(clock, leaveAgainMs, signal)
    }
  }

  // From a custodian who is away now; who may follow us or not.
  drops.handle(answerDrop, answered, { requests: true })

  async function answered({ from, payload: { request: id, sealed } }: ReceivedDrop): Promise<void> {
    const one = asked.all().find(({ request }) => requestId(request, crypto.sha256) === id)
    if (one?.state !== 'asking' || !isDeviceOf(from, one.request.to)) return
    if (typeof sealed !== 'string') return finish(one.request, 'denied', null)
    const kept = await answerOf(sealed, one.request, from)
    finish(one.request, kept === null ? 'false' : 'given', kept)
  }

  function finish({ to, nonce }: ShareRequest, state: AskState, answer: KeptAnswer | null): void {
    asked.settle(to, nonce, state, answer)
    if (running.get(to)?.nonce === nonce) running.get(to)?.stop.abort()
    log.info('recovery.answered', { state })
    changed()
  }

  const isDeviceOf = (device: Identity, root: Root): boolean =>
    store.synods?.accountOf(device) === root && store.synods.standing(device).type === 'member'

  /** Null: there is no share in it, or of more than one account. */
  async function answerOf(sealed: string, request: ShareRequest, from: Identity): Promise<KeptAnswer | null> {
    const given = await opened(sealed, request, from)
    const [root, ...more] = new Set(given.map(({ share }) => share.account.root))
    if (root === undefined || more.length > 0) return null
    return { from, sealed, root, threshold: Math.min(...given.map(({ share }) => share.threshold)) }
  }

  /** The shares of an answer; none when it is not what was asked for, of whom it was asked. */
  async function opened(
    sealed: string,
    request: ShareRequest,
    device: Identity,
  ): Promise<readonly GivenShare[]> {
    const note = sealed.length > maxAnswerLength ? null : await openAge(sealed, [boxKey], crypto)
    if (note?.ok !== true || note.value.context !== 'share' || note.value.from !== device) return []
    const { request: id, shares } = (note.value.body ?? {}) as JsonObject
    if (id !== requestId(request, crypto.sha256) || !Array.isArray(shares)) return []
    return shares.slice(0, maxGiven).flatMap((each) => {
      const given = givenOf(each)
      const isMeant = request.account === null || given?.share.account.root === request.account
      return given === null || !isMeant ? [] : [given]
    })
  }

  function start(each: Asked): void {
    const { to, nonce } = each.request
    if (running.get(to)?.nonce === nonce) return
    running.get(to)?.stop.abort()
    const stop = new AbortController()
    running.set(to, { nonce, stop })
    const signal = AbortSignal.any([stop.signal, ports.signal])
    const turn = Promise.all([pursue(each, signal), leaveIn(each, signal)])
      .then(() => {})
      .catch((reason: unknown) => {
        // A store that fails here fails whoever asks next, too, and is told there.
        if (!signal.aborted)
          log.warn('recovery.failed', { error: reason instanceof EffigyError ? reason.code : 'unknown' })
      })
      .finally(() => {
        turns.delete(turn)
        if (running.get(to)?.stop === stop) running.delete(to)
      })
    turns.add(turn)
  }

  function resume(): void {
    for (const each of asked.all()) if (each.state === 'asking') start(each)
  }

  return {
    list,
    progress() {
      const answers = asked.all().flatMap(({ answer }) => answer ?? [])
      const isNoted = answers.every(({ root }) => root !== null)
      const accounts = Map.groupBy(answers, ({ root }) => (isNoted ? root : null))
      const thresholds = Array.from(accounts.values(), (of) => of.map(({ threshold }) => threshold))
      const least = (of: readonly number[]): number => Math.min(...of)
      // Where two accounts have as many, the one that takes more: the other may be a trap.
      const [most] = thresholds.sort((a, b) => b.length - a.length || least(b) - least(a))
      return most === undefined ? { came: 0, needed: null } : { came: most.length, needed: least(most) }
    },
    resume,
    async ask({ custodians, account, name, signal }) {
      if (own.root() !== null) {
        throw new EffigyError('has-account', 'This device belongs to an account. Use a new home.')
      }
      if (!isLine(name)) throw new EffigyError('name-line', 'A name is one line of at most 96 bytes.')
      if (custodians.length < 1 || custodians.length > maxCustodians) {
        throw new EffigyError('custodian-count', `Name 1 to ${maxCustodians} custodians.`)
      }
      for (const [custodian, to] of await rootsOf(custodians, signal)) {
        const before = asked.all().find((each) => each.request.to === to)
        const isSame = before?.request.name === name && before.request.account === (account ?? null)
        // Asked for already: the words that were read out stay.
        if (before !== undefined && isSame && (before.state === 'asking' || before.state === 'given'))
          continue
        const request: ShareRequest = {
          account: account ?? null,
          name,
          identity,
          box: encodeBase64url(boxKey.publicKey),
          to,
          nonce: encodeBase64url(random(16)),
          at: clock.now(),
        }
        const words = await requestWords(request, crypto.sha256)
        signal.throwIfAborted()
        asked.save({ identity: custodian, request, words, state: 'asking', answer: null })
      }
      resume()
      changed()
      return list()
    },
    async combine(signal) {
      const { combineGiven } = await loadSharing()
      const answers = asked.all().map(async ({ identity: custodian, request, answer }) => ({
        custodian,
        root: request.to,
        given: answer === null ? [] : await opened(answer.sealed, request, answer.from),
      }))
      return combineGiven(await Promise.all(answers), { ...ports, signal })
    },
    forget() {
      for (const { stop } of running.values()) stop.abort()
      for (const each of asked.all()) unwatch(each.identity)
      asked.clear()
      changed()
    },
    idle: async () => void (await Promise.allSettled(turns)),
  }
}

/** Nothing is lost: it is tried again. */
function noBox(reason: unknown): null {
  if (reason instanceof EffigyError) return null
  throw reason
}
