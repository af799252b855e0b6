/**
 * What an owner asks of custodians, and keeps of their answers (rehearsal.ts). Seldom, so a browser loads it then.
 *
 * @module
 */
import {
  EffigyError,
  encodeBase64url,
  type Identity,
  type JsonObject,
  parseBase64url,
  parseStrictJson,
  type RandomBytes,
  type Root,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import type { PeerDrops, ReceivedDrop } from '../drops/drops.ts'
import type { Peer } from '../peer.ts'
import { rehearsalProof } from './held.ts'
import type { Entrusted } from './owner.ts'
import type { Rehearsed } from './recovery.ts'
import { nonceBytes, patienceMs, recoveryService, rehearseDrop } from './rehearsal.ts'

export interface RehearsingPorts {
  readonly store: Pick<Store, 'synods' | 'setting' | 'saveSetting'>
  readonly crypto: Pick<Crypto, 'hmacSha256'>
  readonly random: RandomBytes
  readonly clock: Clock
  readonly drops: Pick<PeerDrops, 'send'>
  readonly connected: () => readonly Identity[]
  readonly call: Peer['call']
  /** Of the splitting that counts; null: there is none. */
  readonly entrusted: () => { readonly set: string; readonly custodians: readonly Entrusted[] } | null
  readonly changed: () => void
}

export interface Rehearsing {
  /** Takes what came through a box. */
  answered(drop: ReceivedDrop): void
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

/** What it knows stands in a setting: one may be made for each call. */
export function createRehearsing(ports: RehearsingPorts): Rehearsing {
  const { store, crypto, random, clock, drops, entrusted, changed } = ports

  const questions = (): readonly Question[] => read(store.setting(key))
  function save(question: Question): void {
    const others = questions().filter(({ root, set }) => root !== question.root && set === question.set)
    store.saveSetting(key, JSON.stringify([...others, question]))
  }

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
    answered,
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
