/**
 * The custodian's part (spec Z23, Z26 to Z29): what is held, who asks for it, and that it can still be opened.
 *
 *     ask ‖ request → ‖ age {request, shares}, once a person has approved        rehearse {set} ‖ nonce → {proof}
 *
 * @module
 */
import {
  EffigyError,
  err,
  type Identity,
  type JsonObject,
  ok,
  parseBase64url,
  parseUtf8,
  type Root,
  utf8,
} from '@effigy/core'
import { type Crypto, sealAge } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock, Log, Service, ServiceCall } from '@effigy/sync'
import type { OwnAccount } from '../account/own-account.ts'
import type { PeerDrops, ReceivedDrop } from '../drops/drops.ts'
import type { Pulse } from '../live.ts'
import { createHeldShares, type HeldShares, type KeptShare, type ReceivedShare } from './held.ts'
import type { HeldShare } from './recovery.ts'
import { mayCome, proveOnRequest, recoveryService } from './rehearsal.ts'
import { maxRequestBytes, readRequest, type ShareRequest } from './request.ts'
import { sharePayload } from './share.ts'
import { createWaiting, type WaitingRequest } from './waiting.ts'

export interface Custodian {
  readonly service: Service
  /** An opened `recovery_share` of somebody's feed. */
  received(share: ReceivedShare): Promise<void>
  held(): readonly HeldShare[]
  refused(): readonly HeldShare['account'][]
  release(account: Root): Promise<void>
  /** Takes what found no room before, as far as there is some now. */
  retry(): Promise<void>
  requests(): readonly WaitingRequest[]
  lookUp(words: string): WaitingRequest | null
  /** The request itself, from a session or a drop of that device. */
  approve(id: string, account: Root | undefined): Promise<void>
  deny(id: string): Promise<void>
}

export interface CustodianPorts {
  readonly store: Store
  readonly crypto: Crypto
  readonly identity: Identity
  readonly own: Pick<OwnAccount, 'root'>
  readonly drops: Pick<PeerDrops, 'send' | 'handle'>
  readonly clock: Clock
  readonly log: Log
  /** Fires when sessions come and go. */
  readonly sessions: Pulse
  readonly changed: () => void
  /** Resolves when all that others have told so far is here and open, as far as that goes. */
  readonly caughtUp: () => Promise<void>
  /** The peer is closed. */
  readonly signal: AbortSignal
}

/** Payloads of drops: a request, and what became of it. */
export const askDrop = 'recovery-ask'
export const answerDrop = 'recovery-answer'

type Answer = ReturnType<Service['methods'][string]>

export function createCustodian(ports: CustodianPorts): Custodian {
  const { store, crypto, identity, own, drops, clock, log, changed, signal: closed } = ports
  const kept: HeldShares = createHeldShares({
    ...{ store, crypto, clock },
    isFollowed({ identity: one, root }) {
      const { identities, roots } = store.persons(identity, 'follow')
      return identities.has(one) || roots.has(root)
    },
  })
  const waiting = createWaiting({ store, sha256: crypto.sha256, clock, changed })

  async function ask({ remote, bytes, signal }: ServiceCall): Answer {
    const text = bytes.length > maxRequestBytes ? null : parseUtf8(bytes)
    const request = text === null ? null : readRequest(text)
    // Who hands on another's request would have the answer sealed to that one.
    if (request === null || request.identity !== remote || request.to !== own.root()) {
      return refusal('bad-value')
    }
    const decided = await waiting.ask(request, isHeld(request), signal)
    return decided.ok ? ok({ value: {}, bytes: utf8(decided.value) }) : decided
  }

  const isHeld = ({ account }: ShareRequest): boolean =>
    account === null ? kept.all().length > 0 : kept.of(account).length > 0

  // From whoever it is: a new device is nobody's friend yet.
  drops.handle(askDrop, left, { requests: true })

  async function left({ from, takenAt, payload }: ReceivedDrop): Promise<void> {
    const request = typeof payload.request === 'string' ? readRequest(payload.request) : null
    if (request === null || request.identity !== from || request.to !== own.root()) return
    if (!isHeld(request)) await ports.caughtUp()
    if (!isHeld(request)) return mayCome(takenAt, clock)
    if ((await waiting.leave(request)) === 'later') throw new EffigyError('busy', 'Too many ask at once.')
  }

  /** To the device that asked, where it is not at the other end of a session. Throws `EffigyError`. */
  async function drop({ request }: WaitingRequest, payload: JsonObject): Promise<void> {
    const target = { to: request.identity, keys: [boxOf(request)] }
    const { boxes } = await drops.send(target, { type: answerDrop, ...payload }, { signal: closed })
    if (!boxes.some(({ type }) => type === 'kept')) {
      throw new EffigyError('drop-no-box', 'No drop box took it. Try again, or when they are connected.')
    }
  }

  async function received(share: ReceivedShare): Promise<void> {
    const before = kept.refused().length
    const news = await kept.take(share)
    if (news !== null) {
      log.info('recovery.entrusted', { threshold: news.share.threshold, count: news.share.count })
    }
    if (news !== null || kept.refused().length > before) changed()
  }

  async function retry(): Promise<void> {
    for (const { account, author, content } of kept.refused()) {
      const item = store.resolve(author, content)
      if (item?.state.type !== 'shown') kept.forget(account.root)
      else await received({ author, content, comparable: item.comparable, payload: item.state.payload })
    }
  }

  return {
    service: {
      name: recoveryService,
      isFor: () => true,
      methods: { ask, rehearse: proveOnRequest({ ...ports, kept }) },
    },
    received,
    refused: () => kept.refused().map(({ account }) => account),
    async release(account) {
      if (![kept.release(account), kept.forget(account)].includes(true)) throw notHeld()
      await retry()
      changed()
    },
    retry,
    held: () =>
      kept.all().flatMap((shares) => {
        const [newest] = shares
        return newest === undefined ? [] : [viewOf(newest, shares.length - 1)]
      }),
    requests: waiting.list,
    lookUp: waiting.lookUp,
    async approve(id, chosen) {
      const one = waiting.get(id)
      const { request } = one
      const account = request.account ?? chosen ?? null
      if (account === null) {
        throw new EffigyError('which-account', 'They gave a name alone. Say whose share they may have.')
      }
      const shares = kept.of(account)
      if (shares.length === 0) throw notHeld()
      const body: JsonObject = {
        request: id,
        shares: shares.map(({ share, by }) => ({
          by,
          payload: sharePayload(share) as unknown as JsonObject,
        })),
      }
      const recipients = [boxOf(request)]
      const sealed = await sealAge({ from: identity, context: 'share', body, recipients, crypto })
      if (!sealed.ok) throw new EffigyError('bad-request', 'What they sent is no key to seal a share to.')
      // The session may have ended meanwhile: who asks again has it from what is approved.
      if (!one.isCalled) await drop(one, { request: id, sealed: sealed.value })
      waiting.approve(id, sealed.value)
      log.info('recovery.approved', {})
    },
    async deny(id) {
      const one = waiting.get(id)
      waiting.deny(id)
      // Whoever does not hear it waits in vain: it is no either way.
      if (!one.isCalled) await drop(one, { request: id }).catch(() => {})
    },
  }
}

const boxOf = ({ box }: ShareRequest): Uint8Array => parseBase64url(box) ?? new Uint8Array(0)

function viewOf({ share, receivedAt }: KeptShare, replaced: number): HeldShare {
  const { account, set, threshold, count, at } = share
  return { account, set, threshold, count, at, receivedAt, replaced }
}

const notHeld = (): EffigyError => new EffigyError('not-held', 'No share of that account is held here.')

const refusal = (code: string): Awaited<Answer> => err({ code, retryMs: null })
