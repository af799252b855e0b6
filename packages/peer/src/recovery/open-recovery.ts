/**
 * Puts the parts of `peer.recovery` together (recovery.ts).
 *
 *     owner ─┐
 *     custodian ─┼─▶ views        service `recovery` ─▶ registry
 *     asking ─┘
 *
 * @module
 */
import type { Identity, RandomBytes, Signer } from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock, Log, Service } from '@effigy/sync'
import { loadMove, loadSharing } from '#later'
import { askAround } from '../account/ask-around.ts'
import type { OpenAccount } from '../account/open-account.ts'
import type { PeerDrops } from '../drops/drops.ts'
import { liveAnswers, type Pulse } from '../live.ts'
import type { OwnState } from '../own/state.ts'
import type { Peer } from '../peer.ts'
import type { Opening } from '../private/opening.ts'
import { createAsking } from './asking.ts'
import { createCustodian } from './custodian.ts'
import { createOwner } from './owner.ts'
import type { PeerRecovery, RecoveryView, ShareRequestView } from './recovery.ts'
import { proofDrop } from './rehearsal.ts'
import type { WaitingRequest } from './waiting.ts'

export interface RecoveryDeps {
  readonly store: Store
  readonly crypto: Crypto
  readonly signer: Signer
  readonly identity: Identity
  readonly boxKey: AgreementKey
  readonly random: RandomBytes
  readonly clock: Clock
  readonly log: Log
  readonly account: Pick<OpenAccount, 'api' | 'own' | 'following'>
  readonly state: OwnState
  readonly drops: PeerDrops
  readonly opening: Pick<Opening, 'on' | 'now'>
  /** Publishes a sealed text as an entry; throws as `publish` does. */
  readonly publishSealed: (text: string) => Promise<unknown>
  readonly assertMayWrite: () => void
  readonly connected: () => readonly Identity[]
  readonly call: Peer['call']
  /** Fires when sessions come and go. */
  readonly sessions: Pulse
  /** Asks those who are connected about what is watched now. */
  readonly refresh: (identities: readonly Identity[]) => void
  /** Resolves when everybody who is connected has given all that they have. */
  readonly settled: (signal: AbortSignal) => Promise<unknown>
  /** Of all that is asked live. */
  readonly pulse: Pulse
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface OpenRecovery {
  readonly api: PeerRecovery
  readonly service: Service
  /** Others can be asked from now on. */
  start(): void
  idle(): Promise<void>
}

/** Ms. */
const caughtUpMs = 60_000

export function openRecovery(deps: RecoveryDeps): OpenRecovery {
  const { store, crypto, account, pulse } = deps
  const changed = pulse.fire
  const { own } = account
  let caught: { readonly done: Promise<void>; readonly sinceMs: number } | null = null

  /** What came together with a drop, the share itself perhaps, is here and open; looked at once a minute at most. */
  function caughtUp(): Promise<void> {
    const nowMs = deps.clock.monotonic()
    if (caught === null || nowMs - caught.sinceMs > caughtUpMs) {
      const done = askAround([], { ...deps, refresh: () => {} }).then(deps.opening.now)
      caught = { done: done.catch(() => {}), sinceMs: nowMs }
    }
    return caught.done
  }

  const custodian = createCustodian({ ...deps, own, changed, caughtUp })
  deps.opening.on('recovery_share', ({ author, content, payload }) => {
    // Gone again since it was opened: it says nothing of which came last.
    const comparable = store.resolve(author, content)?.comparable ?? 0
    return custodian.received({ author, content, comparable, payload })
  })
  const asking = createAsking({ ...deps, own, changed })
  const owner = createOwner({
    ...deps,
    own,
    phrase: account.api.phrase,
    publish: deps.publishSealed,
  })
  const rehearsing = async () =>
    (await loadSharing()).createRehearsing({ ...deps, entrusted: owner.entrusted, changed })
  deps.drops.handle(proofDrop, async (drop) => (await rehearsing()).answered(drop), { requests: true })
  const untilClosed = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, deps.signal])

  const show = (): RecoveryView => ({
    splitting: owner.splitting(),
    held: custodian.held(),
    refused: custodian.refused(),
    requests: custodian.requests().map(viewOf),
    asked: asking.list(),
    ...asking.progress(),
  })

  return {
    service: custodian.service,
    start() {
      asking.resume()
      void custodian.retry().catch(() => {})
    },
    idle: asking.idle,
    api: {
      show,
      views: (signal) => liveAnswers(show, pulse, untilClosed(signal)),
      async split(options) {
        const splitting = await owner.split({ ...options, signal: untilClosed(options.signal) })
        changed()
        return splitting
      },
      rehearse: async ({ signal }) => (await rehearsing()).rehearse(untilClosed(signal)),
      approve: (id, { account: chosen } = {}) => custodian.approve(id, chosen),
      lookUp(words) {
        const found = custodian.lookUp(words)
        return found === null ? null : viewOf(found)
      },
      deny: custodian.deny,
      release: custodian.release,
      ask: (options) => asking.ask({ ...options, signal: untilClosed(options.signal) }),
      combine: ({ signal }) => asking.combine(untilClosed(signal)),
      forget: asking.forget,
      async find(phrase, { signal }) {
        try {
          const { findByPhrase } = await loadMove()
          return await findByPhrase(phrase, crypto.sha256, { ...deps, store, signal: untilClosed(signal) })
        } finally {
          // What was watched to find it stays only when it is ours.
          account.following.tidy()
        }
      },
    },
  }
}

function viewOf({ id, request, words, receivedAt }: WaitingRequest): ShareRequestView {
  const { account, name, identity } = request
  return { id, account, name, identity, words, receivedAt }
}
