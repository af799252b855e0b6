/**
 * The linked device in a pairing session, as a state machine (spec L10-L14): events in, effects out.
 *
 *     start ─▶ open, emoji ─person▶ terms ─▶ join ─verify▶ admit ─▶ state ─done▶ linked
 *
 * What the account said yes to is taken back (`withdraw`) when the joining device is not there any more to hear it.
 *
 * @module
 */
import {
  equalBytes,
  type Identity,
  type Root,
  type SignatureCheck,
  type SynodMember,
  synodChecks,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { ServiceAnswer } from '../services/index.ts'
import { admittedAnswer, type PairingMethod, startedAnswer } from './calls.ts'
import { memberOf } from './check-admitted.ts'
import { emojiCommitment, emojiOf } from './emoji.ts'
import type { PairingLimits } from './limits.ts'
import {
  type Admitted,
  type Linked,
  localFault,
  type PairingFault,
  type PairingFaultCode,
  type PairingOutcome,
  type PairingState,
} from './pairing-state.ts'

export interface LinkedOptions {
  readonly root: Root
  readonly remote: Identity
  /** 32 random bytes, for this session alone. */
  readonly nonce: Uint8Array
  /** Of the session, 32 bytes (`emojiLabel`). */
  readonly exporter: Uint8Array
  readonly crypto: Pick<Crypto, 'sha256' | 'hkdfSha256'>
  readonly limits: PairingLimits
}

export type LinkedEvent =
  | { readonly type: 'opened' }
  /** Calls of the joining device, read. */
  | { readonly type: 'start'; readonly commitment: Uint8Array }
  | {
      readonly type: 'open'
      readonly nonce: Uint8Array
      readonly box: Uint8Array
      readonly label: string
    }
  | { readonly type: 'join'; readonly signature: Uint8Array }
  | { readonly type: 'done' }
  /** Of `terms`. */
  | { readonly type: 'terms'; readonly serial: number }
  /** Of `verify`. */
  | { readonly type: 'verified'; readonly valid: boolean }
  /** Of `admit`, any number of times, then one of the two below. */
  | { readonly type: 'stage'; readonly stage: string }
  | { readonly type: 'admitted'; readonly admitted: Admitted }
  /** Of `terms` or `admit`: the account said no. */
  | { readonly type: 'refused'; readonly code: string }
  /** Of `withdraw`: null, or what may still be listed. */
  | { readonly type: 'withdrawn'; readonly uncertain: Linked | null }
  /** By the person, of the emoji. */
  | { readonly type: 'decided'; readonly matches: boolean }
  | { readonly type: 'timeout' }
  /** Cancelled here, or the session is over. */
  | { readonly type: 'stopped'; readonly fault: PairingFault }

export type LinkedEffect =
  | { readonly type: 'answer'; readonly method: PairingMethod; readonly answer: ServiceAnswer }
  /** One more answer of `join` before the last. */
  | { readonly type: 'tell'; readonly stage: string }
  | { readonly type: 'refuse'; readonly method: PairingMethod; readonly code: string }
  /** Ask the account for the serial of a new member. */
  | { readonly type: 'terms' }
  | { readonly type: 'verify'; readonly checks: readonly SignatureCheck[] }
  | { readonly type: 'admit'; readonly member: SynodMember }
  /** Nobody waits for `terms` or `admit` any more; the latter is still answered. */
  | { readonly type: 'abort' }
  | { readonly type: 'withdraw'; readonly linked: Linked; readonly code: string }
  | { readonly type: 'show'; readonly state: PairingState }
  /** Takes the place of the one before; feed `timeout` when it is over. */
  | { readonly type: 'timer'; readonly ms: number }
  /** The session ends with this code. */
  | { readonly type: 'end'; readonly bye: string }
  /** Nothing of the pairing is under way any more; the session may be, until the other side has read its answer. */
  | { readonly type: 'outcome'; readonly outcome: PairingOutcome }

export interface LinkedDevice {
  /** The account has listed the other device, which may know it already: too late to cancel. */
  readonly isListed: boolean
  step(event: LinkedEvent): readonly LinkedEffect[]
}

interface Asker {
  readonly box: Uint8Array
  readonly label: string
}

type State =
  | { readonly type: 'new' }
  | { readonly type: 'await-start' }
  | { readonly type: 'await-open'; readonly commitment: Uint8Array }
  | { readonly type: 'comparing'; readonly asker: Asker; readonly shown: Comparing }
  | { readonly type: 'terms'; readonly asker: Asker }
  | { readonly type: 'await-join'; readonly asker: Asker; readonly serial: number }
  | { readonly type: 'verifying'; readonly member: SynodMember }
  | { readonly type: 'admitting'; readonly member: SynodMember }
  | { readonly type: 'finishing'; readonly linked: Linked }
  /** Over for the other side; the account has still to say what it did, or to take it back. */
  | { readonly type: 'stopping'; readonly member: SynodMember; readonly fault: PairingFault }
  | { readonly type: 'undoing'; readonly fault: PairingFault }
  /** The other side has its last answer and ends the session. */
  | { readonly type: 'lingering' }
  | { readonly type: 'over' }

type Comparing = Extract<PairingState, { readonly type: 'comparing' }>
type Step = readonly [State, ...LinkedEffect[]]

export function createLinked(options: LinkedOptions): LinkedDevice {
  const { root, remote, nonce, exporter, crypto, limits } = options
  let state: State = { type: 'new' }

  /** Whatever the state, the session ends; what the account has done by then is taken back. */
  function stop(fault: PairingFault): Step {
    const end: LinkedEffect = { type: 'end', bye: fault.code }
    const undoing: LinkedEffect = { type: 'show', state: { type: 'undoing' } }
    switch (state.type) {
      case 'terms':
        return [{ type: 'over' }, { type: 'abort' }, end, ...overEffects(fault)]
      case 'admitting':
        return [{ type: 'stopping', member: state.member, fault }, { type: 'abort' }, end, undoing]
      case 'finishing':
        return [
          { type: 'undoing', fault },
          end,
          undoing,
          { type: 'withdraw', linked: state.linked, code: fault.code },
        ]
      case 'stopping':
      case 'undoing':
      case 'over':
        return [state]
      case 'lingering':
        return [{ type: 'over' }, { type: 'end', bye: 'done' }]
      case 'new':
      case 'await-start':
      case 'await-open':
      case 'comparing':
      case 'await-join':
      case 'verifying':
        return [{ type: 'over' }, end, ...overEffects(fault)]
    }
  }

  const fail = (code: PairingFaultCode): Step => stop(localFault(code))

  /** The account said no: the other side hears why, and that is all. */
  function refused(method: PairingMethod, code: string): Step {
    const fault: PairingFault = { code, local: true, uncertain: null }
    return [
      { type: 'lingering' },
      { type: 'refuse', method, code },
      { type: 'timer', ms: limits.answerMs },
      ...overEffects(fault),
    ]
  }

  function opened(event: Extract<LinkedEvent, { type: 'open' }>, commitment: Uint8Array): Step {
    // Whoever may still choose a nonce may try until the emoji fit.
    if (!equalBytes(emojiCommitment(event.nonce, crypto.sha256), commitment)) return fail('pairing-broken')
    const emoji = emojiOf(exporter, { joining: event.nonce, linked: nonce }, crypto.hkdfSha256)
    const { box, label } = event
    const shown: Comparing = { type: 'comparing', emoji, remote, label, confirmed: false }
    return [
      { type: 'comparing', asker: { box, label }, shown },
      { type: 'timer', ms: limits.decideMs },
      { type: 'show', state: shown },
    ]
  }

  function confirmed(asker: Asker, shown: Comparing): Step {
    return [
      { type: 'terms', asker },
      { type: 'show', state: { ...shown, confirmed: true } },
      { type: 'terms' },
    ]
  }

  function joins(signature: Uint8Array, { box, label }: Asker, serial: number): Step {
    const member = memberOf({ identity: remote, box, label }, serial, signature)
    return [
      { type: 'verifying', member },
      { type: 'timer', ms: limits.answerMs },
      { type: 'show', state: { type: 'asking', stage: null } },
      { type: 'verify', checks: synodChecks({ root, identities: [member], moves: [] }) },
    ]
  }

  function admitted(given: Admitted, member: SynodMember): Step {
    return [
      { type: 'finishing', linked: { root, member, admitted: given } },
      { type: 'timer', ms: limits.answerMs },
      { type: 'answer', method: 'join', answer: admittedAnswer(given) },
    ]
  }

  function linked(value: Linked): Step {
    return [
      { type: 'lingering' },
      { type: 'answer', method: 'done', answer: { value: {} } },
      { type: 'timer', ms: limits.answerMs },
      { type: 'show', state: { type: 'linked', linked: value } },
      { type: 'outcome', outcome: { ok: true, value } },
    ]
  }

  function next(event: LinkedEvent): Step {
    if (state.type === 'over') return [state]
    if (event.type === 'stopped') return stop(event.fault)
    if (event.type === 'timeout') return fail('pairing-timeout')
    // Whatever the person said before.
    if (event.type === 'decided' && !event.matches) return fail('pairing-mismatch')
    switch (state.type) {
      case 'new':
        if (event.type === 'opened') return [{ type: 'await-start' }, { type: 'timer', ms: limits.answerMs }]
        break
      case 'await-start':
        if (event.type !== 'start') break
        return [
          { type: 'await-open', commitment: event.commitment },
          { type: 'answer', method: 'start', answer: startedAnswer(nonce) },
        ]
      case 'await-open':
        if (event.type === 'open') return opened(event, state.commitment)
        break
      case 'comparing':
        if (event.type === 'decided') return confirmed(state.asker, state.shown)
        break
      case 'terms':
        if (event.type === 'refused') return refused('open', event.code)
        if (event.type !== 'terms') break
        return [
          { type: 'await-join', asker: state.asker, serial: event.serial },
          { type: 'answer', method: 'open', answer: { value: { root, serial: event.serial } } },
        ]
      case 'await-join':
        if (event.type === 'join') return joins(event.signature, state.asker, state.serial)
        break
      case 'verifying':
        if (event.type !== 'verified') break
        if (!event.valid) return fail('pairing-broken')
        return [
          { type: 'admitting', member: state.member },
          { type: 'timer', ms: limits.admitMs },
          { type: 'admit', member: state.member },
        ]
      case 'admitting':
        if (event.type === 'stage') {
          const { stage } = event
          return [state, { type: 'tell', stage }, { type: 'show', state: { type: 'asking', stage } }]
        }
        if (event.type === 'admitted') return admitted(event.admitted, state.member)
        if (event.type === 'refused') return refused('join', event.code)
        break
      case 'finishing':
        if (event.type === 'done') return linked(state.linked)
        break
      case 'stopping': {
        if (event.type === 'refused') return [{ type: 'over' }, ...overEffects(state.fault)]
        if (event.type !== 'admitted') return [state]
        const { member, fault } = state
        return [
          { type: 'undoing', fault },
          { type: 'withdraw', linked: { root, member, admitted: event.admitted }, code: fault.code },
        ]
      }
      case 'undoing':
        if (event.type !== 'withdrawn') return [state]
        return [{ type: 'over' }, ...overEffects({ ...state.fault, uncertain: event.uncertain })]
      case 'lingering':
        return [state]
    }
    // A person may press a button twice, and the emoji; a device may ask each thing once, in its turn.
    return event.type === 'decided' || event.type === 'stage' ? [state] : fail('pairing-broken')
  }

  return {
    get isListed() {
      return state.type === 'finishing'
    },
    step(event) {
      const [nextState, ...effects] = next(event)
      state = nextState
      return effects
    },
  }
}

function overEffects(fault: PairingFault): readonly LinkedEffect[] {
  return [
    { type: 'show', state: { type: 'over', fault } },
    { type: 'outcome', outcome: { ok: false, error: fault } },
  ]
}
