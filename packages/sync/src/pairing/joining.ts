/**
 * The joining device in a pairing session, as a state machine (spec L10-L14): events in, effects out.
 *
 *     start ─nonce▶ open, emoji ─person, terms▶ sign ─▶ join ─state▶ check ─▶ done ─▶ linked
 *
 * Until `linked` nothing here has changed; whoever ends it before leaves this device as it was.
 *
 * @module
 */
import {
  type Emoji,
  type Identity,
  type JsonObject,
  memberClaim,
  type Root,
  type SynodMember,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { doneCall, joinCall, openCall, type PairingCall, startCall, type Terms } from './calls.ts'
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

export interface JoiningOptions {
  readonly identity: Identity
  /** X25519, 32 bytes. */
  readonly box: Uint8Array
  readonly label: string
  readonly remote: Identity
  /** 32 random bytes, for this session alone. */
  readonly nonce: Uint8Array
  /** Of the session, 32 bytes (`emojiLabel`). */
  readonly exporter: Uint8Array
  /** Of the code that was read; null where this device showed it. */
  readonly root: Root | null
  readonly crypto: Pick<Crypto, 'sha256' | 'hkdfSha256'>
  readonly limits: PairingLimits
}

export type JoiningEvent =
  | { readonly type: 'opened' }
  /** Answers of the linked device, read. */
  | { readonly type: 'started'; readonly nonce: Uint8Array }
  | { readonly type: 'terms'; readonly terms: Terms }
  | { readonly type: 'stage'; readonly stage: string }
  | { readonly type: 'admitted'; readonly admitted: Admitted }
  | { readonly type: 'finished' }
  /** Of `sign`: 64 bytes. */
  | { readonly type: 'signed'; readonly signature: Uint8Array }
  /** Of `check`. */
  | { readonly type: 'checked'; readonly valid: boolean }
  /** By the person, of the emoji. */
  | { readonly type: 'decided'; readonly matches: boolean }
  | { readonly type: 'timeout' }
  /** Cancelled here, refused there, or the session is over. */
  | { readonly type: 'stopped'; readonly fault: PairingFault }

export type JoiningEffect =
  | { readonly type: 'call'; readonly call: PairingCall }
  /** By purpose `member`. */
  | { readonly type: 'sign'; readonly value: JsonObject }
  | { readonly type: 'check'; readonly linked: Linked }
  | { readonly type: 'show'; readonly state: PairingState }
  /** Takes the place of the one before; feed `timeout` when it is over. */
  | { readonly type: 'timer'; readonly ms: number }
  /** The last two: the session ends with this code. */
  | { readonly type: 'end'; readonly bye: string }
  | { readonly type: 'outcome'; readonly outcome: PairingOutcome }

export interface Joining {
  /** The account has listed this device, and the linked one may know that all is done: too late to cancel. */
  readonly isListed: boolean
  step(event: JoiningEvent): readonly JoiningEffect[]
}

type State =
  | { readonly type: 'new' }
  | { readonly type: 'starting' }
  | {
      readonly type: 'comparing'
      readonly emoji: readonly Emoji[]
      readonly confirmed: boolean
      readonly terms: Terms | null
    }
  | { readonly type: 'signing'; readonly terms: Terms }
  | { readonly type: 'asking'; readonly root: Root; readonly member: SynodMember; readonly stages: number }
  | { readonly type: 'checking'; readonly linked: Linked }
  | { readonly type: 'finishing'; readonly linked: Linked }
  | { readonly type: 'over' }

type Step = readonly [State, ...JoiningEffect[]]

export function createJoining(options: JoiningOptions): Joining {
  const { identity, box, label, remote, nonce, exporter, crypto, limits } = options
  let state: State = { type: 'new' }

  function stop(fault: PairingFault): Step {
    // What is proven may hold, although nobody said so any more.
    const uncertain = state.type === 'finishing' ? state.linked : null
    return over(fault.code, { ok: false, error: { ...fault, uncertain } })
  }

  const fail = (code: PairingFaultCode): Step => stop(localFault(code))

  function compare(next: Extract<State, { type: 'comparing' }>): Step {
    const { emoji, confirmed, terms } = next
    if (confirmed && terms !== null) {
      const member = memberOf({ identity, box, label }, terms.serial, new Uint8Array(0))
      return [
        { type: 'signing', terms },
        { type: 'timer', ms: limits.answerMs },
        { type: 'show', state: { type: 'asking', stage: null } },
        { type: 'sign', value: memberClaim(terms.root, member) },
      ]
    }
    return [next, { type: 'show', state: { type: 'comparing', emoji, remote, label: null, confirmed } }]
  }

  function started(theirs: Uint8Array): Step {
    const emoji = emojiOf(exporter, { joining: nonce, linked: theirs }, crypto.hkdfSha256)
    const [next, ...effects] = compare({ type: 'comparing', emoji, confirmed: false, terms: null })
    const call: JoiningEffect = { type: 'call', call: openCall(nonce, box, label) }
    return [next, call, { type: 'timer', ms: limits.decideMs }, ...effects]
  }

  function signed(signature: Uint8Array, { root, serial }: Terms): Step {
    const member = memberOf({ identity, box, label }, serial, signature)
    return [
      { type: 'asking', root, member, stages: 0 },
      { type: 'call', call: joinCall(signature) },
      // The linked device's time is over before ours.
      { type: 'timer', ms: limits.admitMs + limits.answerMs },
    ]
  }

  function next(event: JoiningEvent): Step {
    if (state.type === 'over') return [state]
    if (event.type === 'stopped') return stop(event.fault)
    if (event.type === 'timeout') return fail('pairing-timeout')
    // Whatever the person said before.
    if (event.type === 'decided' && !event.matches) return fail('pairing-mismatch')
    switch (state.type) {
      case 'new':
        if (event.type !== 'opened') break
        return [
          { type: 'starting' },
          { type: 'call', call: startCall(emojiCommitment(nonce, crypto.sha256)) },
          { type: 'timer', ms: limits.answerMs },
        ]
      case 'starting':
        if (event.type === 'started') return started(event.nonce)
        break
      case 'comparing':
        if (event.type === 'decided')
          return state.confirmed ? [state] : compare({ ...state, confirmed: true })
        if (event.type !== 'terms') break
        if (options.root !== null && event.terms.root !== options.root) return fail('pairing-other-account')
        return compare({ ...state, terms: event.terms })
      case 'signing':
        if (event.type === 'signed') return signed(event.signature, state.terms)
        break
      case 'asking': {
        if (event.type === 'stage') {
          // Each is drawn: who sends thousands means harm.
          if (state.stages >= limits.stages) return fail('pairing-broken')
          const next = { ...state, stages: state.stages + 1 }
          return [next, { type: 'show', state: { type: 'asking', stage: event.stage } }]
        }
        if (event.type !== 'admitted') break
        const { root, member } = state
        const linked = { root, member, admitted: event.admitted }
        return [
          { type: 'checking', linked },
          { type: 'timer', ms: limits.answerMs },
          { type: 'check', linked },
        ]
      }
      case 'checking':
        if (event.type !== 'checked') break
        if (!event.valid) return fail('pairing-state')
        return [
          { type: 'finishing', linked: state.linked },
          { type: 'call', call: doneCall },
          { type: 'timer', ms: limits.answerMs },
        ]
      case 'finishing':
        if (event.type === 'finished') return over('done', { ok: true, value: state.linked })
        break
    }
    // A person may press a button twice; a device may not answer what was not asked.
    return event.type === 'decided' ? [state] : fail('pairing-broken')
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

function over(bye: string, outcome: PairingOutcome): Step {
  const state: PairingState = outcome.ok
    ? { type: 'linked', linked: outcome.value }
    : { type: 'over', fault: outcome.error }
  return [{ type: 'over' }, { type: 'end', bye }, { type: 'show', state }, { type: 'outcome', outcome }]
}
