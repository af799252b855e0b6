/**
 * Whether custodians still can open their shares, without any share being shown (spec Z29).
 *
 *     owner ─nonce▶ custodian ─HMAC under a key of the share▶ owner, who keeps that key and not the share
 *
 * In a session at once; through drop boxes whenever the custodian is online, without anybody being asked.
 *
 * @module
 */
import {
  EffigyError,
  encodeBase64url,
  err,
  type Identity,
  type JsonObject,
  ok,
  parseBase64url,
  parseStrictJson,
  type RandomBytes,
  type Root,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import { type Clock, createPace, type ServiceMethod } from '@effigy/sync'
import type { PeerDrops, ReceivedDrop } from '../drops/drops.ts'
import type { Pulse } from '../live.ts'
import type { Peer } from '../peer.ts'
import { type HeldShares, rehearsalKey, rehearsalProof } from './held.ts'
import type { Entrusted } from './owner.ts'
import type { Rehearsed } from './recovery.ts'

export const recoveryService = 'recovery'

const rehearseDrop = 'recovery-rehearse'
const proofDrop = 'recovery-proof'

/** For an answer in a session, and for a drop box to be there, ms. */
const patienceMs = 10_000

/** Random bytes of a question. */
const nonceBytes = 32

// The custodian -----------------------------------------------------------------

export interface ProvingPorts {
  readonly store: Pick<Store, 'synods'>
  readonly crypto: Pick<Crypto, 'hkdfSha256' | 'hmacSha256'>
  readonly drops: Pick<PeerDrops, 'send' | 'handle'>
  readonly clock: Clock
  /** Fires when sessions come and go. */
  readonly sessions: Pulse
  readonly kept: HeldShares
  /** Resolves when all that others have told so far is here and open, as far as that goes. */
  readonly caughtUp: () => Promise<void>
  /** The peer is closed. */
  readonly signal: AbortSignal
}

/** Questions left in boxes that are answered at once, of all owners together, and one more each time so much passed. */
const answersAtOnce = 16
const answerEveryMs = 60_000

/** Answers for what is held; gives the method of the service. */
export function proveOnRequest({
  store,
  crypto,
  drops,
  clock,
  sessions,
  kept,
  caughtUp,
  signal,
}: ProvingPorts): ServiceMethod {
  const pace = createPace(1_000 / answerEveryMs, answersAtOnce)

  /** Null: no such share is here, or it is not theirs. */
  function proofFor(owner: Identity, set: string, nonce: Uint8Array): string | null {
    const root = store.synods?.standing(owner).type === 'member' ? store.synods.accountOf(owner) : null
    const found = root === null ? undefined : kept.of(root).find(({ share }) => share.set === set)
    if (found === undefined) return null
    return rehearsalProof(rehearsalKey(found.share.share, set, crypto), nonce, crypto)
  }

  // Who entrusted a share need not be followed.
  drops.handle(rehearseDrop, answer, { requests: true })

  async function answer({ from, takenAt, payload: { set, nonce } }: ReceivedDrop): Promise<void> {
    const bytes = typeof nonce === 'string' ? parseBase64url(nonce) : null
    if (typeof set !== 'string' || bytes?.length !== nonceBytes) return
    if (proofFor(from, set, bytes) === null) await caughtUp()
    const root = store.synods?.accountOf(from) ?? null
    // Who never had one says nothing: nobody learns by asking who is whose custodian.
    const isCustodian = root !== null && (kept.of(root).length > 0 || kept.wasReleased(root))
    if (!isCustodian) return mayCome(takenAt, clock)
    if (pace.take(clock.monotonic(), 1) > 0) {
      pace.take(clock.monotonic(), -1)
      return
    }
    const payload = { type: proofDrop, set, nonce: bytes === null ? '' : encodeBase64url(bytes) }
    const proof = proofFor(from, set, bytes)
    const patience = new AbortController()
    using _timer = clock.after(patienceMs, () => patience.abort())
    const until = AbortSignal.any([signal, patience.signal])
    for (;;) {
      const seen = sessions.count
      try {
        await drops.send(from, { ...payload, proof }, { signal })
        return
      } catch (reason) {
        // At the start of a process nobody is connected yet.
        if (!(reason instanceof EffigyError) || until.aborted) throw reason
        await sessions.after(seen, until)
      }
    }
  }

  return async ({ remote, value: { set }, bytes }) => {
    const isWhole =
      typeof set === 'string' && parseBase64url(set)?.length === 16 && bytes.length === nonceBytes
    if (!isWhole) return err({ code: 'bad-value', retryMs: null })
    const proof = proofFor(remote, set, bytes)
    // Whoever is not of that account hears what they hear who entrusted nothing.
    return proof === null ? err({ code: 'lacks', retryMs: null }) : ok({ value: { proof } })
  }
}

/** What a drop is about may come behind it, ms. */
const mayComeMs = 24 * 60 * 60_000

/** Throws `EffigyError` 'not-yet' as long as it may: the drop is looked at again then. */
export function mayCome(takenAt: number, clock: Pick<Clock, 'now'>): void {
  if (clock.now() - takenAt < mayComeMs) throw new EffigyError('not-yet', 'Nothing of it is here yet.')
}

// The owner ---------------------------------------------------------------------

export interface RehearsingPorts {
  readonly store: Pick<Store, 'synods' | 'setting' | 'saveSetting'>
  readonly crypto: Pick<Crypto, 'hmacSha256'>
  readonly random: RandomBytes
  readonly clock: Clock
  readonly drops: Pick<PeerDrops, 'send' | 'handle'>
  readonly connected: () => readonly Identity[]
  readonly call: Peer['call']
  /** Of the splitting that counts; null: there is none. */
  readonly entrusted: () => { readonly set: string; readonly custodians: readonly Entrusted[] } | null
  readonly changed: () => void
}

export interface Rehearsing {
  rehearse(signal: AbortSignal): Promise<readonly Rehearsed[]>
}

/** What was asked of one custodian, and what came of it. */
interface Question {
  readonly root: Root
  readonly set: string
  /** base64url. */
  readonly nonce: string
  readonly outcome: 'holds' | 'lacks' | 'false' | null
  /** When that came, wall clock, ms. */
  readonly at: number | null
}

/** An answer that is older says nothing of today, ms. */
const freshMs = 30 * 24 * 60 * 60_000

/** One that is older is told, and asked for anew, ms. */
const askAgainMs = 24 * 60 * 60_000

const key = 'recovery-rehearsal'

export function createRehearsing(ports: RehearsingPorts): Rehearsing {
  const { store, crypto, random, clock, drops, entrusted, changed } = ports

  const questions = (): readonly Question[] => read(store.setting(key))
  function save(question: Question): void {
    const others = questions().filter(({ root, set }) => root !== question.root && set === question.set)
    store.saveSetting(key, JSON.stringify([...others, question]))
  }

  drops.handle(proofDrop, answered, { requests: true })

  function answered({ from, payload: { set, nonce, proof } }: ReceivedDrop): void {
    const root = store.synods?.standing(from).type === 'member' ? store.synods.accountOf(from) : null
    const asked = questions().find((each) => each.root === root && each.set === set && each.nonce === nonce)
    const custodian = entrusted()?.custodians.find((each) => each.root === root)
    if (asked === undefined || custodian === undefined) return
    save({ ...asked, outcome: judge(proof, custodian, parseBase64url(asked.nonce)), at: clock.now() })
    changed()
  }

  function judge(
    proof: unknown,
    { rehearsal }: Entrusted,
    nonce: Uint8Array | null,
  ): 'holds' | 'lacks' | 'false' {
    if (typeof proof !== 'string' || nonce === null) return 'lacks'
    return proof === rehearsalProof(rehearsal, nonce, crypto) ? 'holds' : 'false'
  }

  async function prove(
    device: Identity,
    set: string,
    custodian: Entrusted,
    signal: AbortSignal,
  ): Promise<Rehearsed['outcome']> {
    const nonce = random(nonceBytes)
    try {
      const answer = await ports.call(device, recoveryService, 'rehearse', { set }, { bytes: nonce, signal })
      if (answer.ok) return judge(answer.value.value.proof, custodian, nonce)
      return answer.error.code === 'lacks' ? 'lacks' : 'away'
    } catch {
      return 'away'
    }
  }

  /** The answer to what was asked through a box before, else it is asked now. */
  async function throughBox(
    { identity, root }: Entrusted,
    set: string,
    signal: AbortSignal,
  ): Promise<Rehearsed> {
    const asked = questions().find((each) => each.root === root && each.set === set)
    const { outcome = null, at = null } = asked ?? {}
    const ageMs = at === null ? Number.POSITIVE_INFINITY : clock.now() - at
    const known: Rehearsed | null =
      outcome !== null && ageMs < freshMs ? { identity, root, outcome, at } : null
    if (known !== null && ageMs < askAgainMs) return known
    // One that was not answered yet is left once more as it was.
    const nonce = asked !== undefined && outcome === null ? asked.nonce : encodeBase64url(random(nonceBytes))
    try {
      const sent = await drops.send(identity, { type: rehearseDrop, set, nonce }, { signal })
      const isAsked = sent.boxes.some(({ type }) => type === 'kept')
      if (isAsked) save({ root, set, nonce, outcome, at })
      return known ?? { identity, root, outcome: isAsked ? 'asked' : 'away', at: null }
    } catch (reason) {
      signal.throwIfAborted()
      if (!(reason instanceof EffigyError)) throw reason
      return known ?? { identity, root, outcome: 'away', at: null }
    }
  }

  return {
    async rehearse(signal) {
      const splitting = entrusted()
      if (splitting === null) throw new EffigyError('not-split', 'The words of this account were not split.')
      const { set, custodians } = splitting
      const patience = new AbortController()
      using _timer = clock.after(patienceMs, () => patience.abort())
      const until = AbortSignal.any([signal, patience.signal])
      const asked = custodians.map(async (custodian): Promise<Rehearsed> => {
        const { identity, root } = custodian
        const outcomes: Rehearsed['outcome'][] = []
        for (const device of ports.connected()) {
          const isTheirs = store.synods?.accountOf(device) === root
          if (!isTheirs || store.synods?.standing(device).type !== 'member') continue
          outcomes.push(await prove(device, set, custodian, until))
        }
        signal.throwIfAborted()
        const outcome = (['holds', 'false', 'lacks'] as const).find((each) => outcomes.includes(each))
        if (outcome === undefined) return throughBox(custodian, set, signal)
        return { identity, root, outcome, at: clock.now() }
      })
      return Promise.all(asked)
    },
  }
}

/** Nobody but `save` writes it. */
function read(text: string | null): readonly Question[] {
  const parsed = parseStrictJson(text ?? '[]')
  return parsed.ok ? (parsed.value as unknown as readonly (Question & JsonObject)[]) : []
}
