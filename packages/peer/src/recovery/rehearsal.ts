/**
 * Whether custodians still can open their shares, without any share being shown (spec Z29).
 *
 *     owner ─nonce▶ custodian ─HMAC under a key of the share▶ owner, who keeps that key and not the share
 *
 * In a session at once; through drop boxes whenever the custodian is online, without anybody being asked. Here is the
 * custodian's half; the owner's is in `rehearsing.ts`.
 *
 * @module
 */
import { EffigyError, encodeBase64url, err, type Identity, ok, parseBase64url } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import { type Clock, createPace, type ServiceMethod } from '@effigy/sync'
import type { PeerDrops, ReceivedDrop } from '../drops/drops.ts'
import type { Pulse } from '../live.ts'
import { type HeldShares, rehearsalKey, rehearsalProof } from './held.ts'

export const recoveryService = 'recovery'

export const rehearseDrop = 'recovery-rehearse'
export const proofDrop = 'recovery-proof'

/** For an answer in a session, and for a drop box to be there, ms. */
export const patienceMs = 10_000

/** Random bytes of a question. */
export const nonceBytes = 32

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
