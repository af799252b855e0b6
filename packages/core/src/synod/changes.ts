/**
 * What became different between two verdicts of one account: what its devices and followers are told (spec Y14).
 *
 *     (verdict before, verdict now) ─▶ moved · joined · revoked · left · disputed · settled
 *
 * @module
 */
import { compareIdentities, type Identity } from '../names.ts'
import type { Final, Move, SynodMember } from '../payloads/schemas/synod.ts'
import { type Authority, standingOf } from './authority.ts'
import { moveText } from './evidence.ts'
import { mainDevice } from './state.ts'

export type AccountChange =
  /** The account is another key's now; one for each move that the line did not have. */
  | { readonly type: 'moved'; readonly move: Move }
  | { readonly type: 'joined'; readonly member: SynodMember }
  /** Also when only its final is another. */
  | { readonly type: 'revoked'; readonly identity: Identity; readonly final: Final | null }
  /** In neither list any more, or contested. */
  | { readonly type: 'frozen'; readonly identity: Identity }
  /** Was of this account, and by a move never was. */
  | { readonly type: 'disowned'; readonly identity: Identity }
  | { readonly type: 'handed-over'; readonly main: SynodMember }
  | { readonly type: 'disputed' }
  | { readonly type: 'settled' }

/** Moves first, then devices in the order of their identities. */
export function accountChanges(before: Authority, now: Authority): readonly AccountChange[] {
  const changes: AccountChange[] = []
  const known = new Set(before.moves.map(moveText))
  for (const move of now.moves) if (!known.has(moveText(move))) changes.push({ type: 'moved', move })
  if (before.disputed !== now.disputed) changes.push({ type: now.disputed ? 'disputed' : 'settled' })
  const main = mainOf(now)
  if (main !== null && mainOf(before) !== null && main[0] !== mainOf(before)?.[0]) {
    changes.push({ type: 'handed-over', main })
  }
  const identities = new Set([...before.standings.keys(), ...now.standings.keys()])
  for (const identity of [...identities].sort(compareIdentities)) {
    const change = deviceChange(identity, before, now)
    if (change !== null) changes.push(change)
  }
  return changes
}

function deviceChange(identity: Identity, before: Authority, now: Authority): AccountChange | null {
  const [was, is] = [standingOf(before, identity), standingOf(now, identity)]
  switch (is.type) {
    case 'member':
      return was.type === 'member' ? null : { type: 'joined', member: is.member }
    case 'revoked': {
      const same = was.type === 'revoked' && JSON.stringify(was.final) === JSON.stringify(is.final)
      return same ? null : { type: 'revoked', identity, final: is.final }
    }
    case 'frozen':
      return was.type === 'frozen' ? null : { type: 'frozen', identity }
    case 'foreign':
      return was.type === 'foreign' || was.type === 'in-power' || was.type === 'moved'
        ? null
        : { type: 'disowned', identity }
    case 'in-power':
    case 'moved':
      return null
  }
}

function mainOf({ current }: Authority): SynodMember | null {
  return current === null ? null : mainDevice(current.state)
}
