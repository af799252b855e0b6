/**
 * The states that a main device signs: pure steps from the state that counts to the next (spec Y9).
 *
 *     Authority ─addMember · revoke · grantLeave · handOver · setProfile▶ Synod payload ─writer▶ entry of the synod's feed
 *
 * Each takes the verdict itself, so that nobody builds on a state that is disputed, moved away from or not here.
 * The device that writes it holds the synod's key, and its feed up to `current`.
 *
 * @module
 */
import { type AccountNames, accountNames, type Root } from '../account/keys.ts'
import { memberClaim } from '../account/synod-proof.ts'
import { encodeBase64url } from '../base.ts'
import type { Identity } from '../names.ts'
import { maxSynodIdentities } from '../payloads/limits.ts'
import type { Final, Revoked, Synod, SynodMember } from '../payloads/schemas/synod.ts'
import type { Sha256, Signer } from '../ports.ts'
import { err, ok, type Result } from '../result.ts'
import { sign } from '../signing.ts'
import { type Authority, standingOf } from './authority.ts'
import { fitState, type StateSizeFault } from './state-size.ts'

/** What a state says for first contact; day to day it is `identification` that counts. */
export type SynodProfile = Pick<Synod, 'name' | 'about' | 'avatar' | 'hubs' | 'dropboxes'>

export const emptyProfile: SynodProfile = { name: '', about: '', avatar: null, hubs: [], dropboxes: [] }

export type StateFault =
  | StateSizeFault
  /** No state of the key in power is here: nothing can be built on. */
  | { readonly code: 'no-state' }
  /** The synod's feed forked: a move alone ends that. */
  | { readonly code: 'disputed' }
  /** 24 of them at most. */
  | { readonly code: 'too-many-members' }
  | { readonly code: 'too-many-revoked' }
  | { readonly code: 'already-member' }
  | { readonly code: 'not-a-member' }
  /** Whoever was revoked joins as a new identity. */
  | { readonly code: 'was-revoked' }
  | { readonly code: 'not-revoked' }
  /** Another serial is the next one: the device signed an offer that is no longer open. */
  | { readonly code: 'serial'; readonly expected: number }
  /** The main device goes by handing over, or by a move. */
  | { readonly code: 'main-device' }

export type NextState = Result<Synod, StateFault>

/** What a device says of itself when it joins. */
export interface MemberOffer {
  readonly identity: Identity
  /** Its X25519 key, 32 bytes, base64url: drops and read keys are sealed to it. */
  readonly box: string
  /** A line of up to 24 bytes; the account's own word, not signed by the device. */
  readonly label: string
  /** `nextSerial` of the state it joins. */
  readonly serial: number
}

/** The member that a device makes of itself by its own signature. `signer` is the device's. */
export async function signMember(root: Root, offer: MemberOffer, signer: Signer): Promise<SynodMember> {
  const { identity, box, label, serial } = offer
  const claim = memberClaim(root, [identity, box, label, serial, ''])
  return [identity, box, label, serial, encodeBase64url(await sign('member', claim, signer))]
}

/** The serial for the next device that joins: above all that the list has or had places for. */
export function nextSerial({ identities, revoked }: Pick<Synod, 'identities' | 'revoked'>): number {
  const serials = identities.map(([, , , serial]) => serial)
  return Math.max(identities.length + revoked.length, ...serials) + 1
}

/** The main device: the first that the state lists. Null: it lists none. */
export function mainDevice({ identities }: Pick<Synod, 'identities'>): SynodMember | null {
  return identities[0] ?? null
}

export interface AccountDraft {
  /** The seed of the phrase (`phraseSeed`). */
  readonly seed: Uint8Array
  /** The device that creates it, by `signMember` with serial 1 and the root of `accountNames(seed, 0, …)`. */
  readonly main: SynodMember
  readonly profile?: Partial<SynodProfile>
  /** ms. */
  readonly at: number
}

/** The first state of a new account. Its feed is that of `deriveSynodKey(seed, 0)`. */
export function createAccount({ seed, main, profile, at }: AccountDraft, sha256: Sha256): NextState {
  const names = accountNames(seed, 0, sha256)
  const recovery = encodeBase64url(names.recovery)
  const lists = { identities: [main], revoked: [], moves: [], origin: recovery }
  return fitState(stateOf(names, lists, { ...emptyProfile, ...profile }, at), true)
}

/** Adds a device. Its signature is checked by the caller, before: a state with a wrong one proves nothing. */
export function addMember(authority: Authority, member: SynodMember, at: number): NextState {
  return nextState(authority, at, (state) => {
    const fault = joinFault(authority, state, member)
    if (fault !== null) return err(fault)
    if (state.identities.length >= maxSynodIdentities) return err({ code: 'too-many-members' })
    return ok({ identities: [...state.identities, member] })
  })
}

/**
 * The main device takes other keys: the device of those comes first in its place, and its own feed ends at `final`; null:
 * it never wrote. The synod's key stays where it is (Y26).
 */
export function replaceMain(
  authority: Authority,
  member: SynodMember,
  final: Final | null,
  at: number,
): NextState {
  return nextState(authority, at, (state) => {
    const [former, ...others] = state.identities
    if (former === undefined) return err({ code: 'no-state' })
    const fault = joinFault(authority, state, member)
    if (fault !== null) return err(fault)
    if (state.revoked.length >= maxSynodIdentities) return err({ code: 'too-many-revoked' })
    return ok({ identities: [member, ...others], revoked: [...state.revoked, [former[0], final]] })
  })
}

function joinFault(
  authority: Authority,
  state: Synod,
  [identity, , , serial]: SynodMember,
): StateFault | null {
  const expected = nextSerial(state)
  if (isMember(state, identity)) return { code: 'already-member' }
  const { type } = standingOf(authority, identity)
  if (type === 'revoked' || isRevoked(state, identity)) return { code: 'was-revoked' }
  if (type === 'in-power' || type === 'moved') return { code: 'already-member' }
  return serial === expected ? null : { code: 'serial', expected }
}

/** Names a device anew. */
export function setLabel(authority: Authority, identity: Identity, label: string, at: number): NextState {
  return nextState(authority, at, (state) => {
    if (!isMember(state, identity)) return err({ code: 'not-a-member' })
    const identities = state.identities.map(([each, box, known, serial, signature]): SynodMember => {
      return [each, box, each === identity ? label : known, serial, signature]
    })
    return ok({ identities })
  })
}

/**
 * Ends a device's feed at `final` (`chooseFinal`), or with null takes back all it ever wrote. Again with another
 * final: that one counts from then on.
 */
export function revoke(authority: Authority, identity: Identity, final: Final | null, at: number): NextState {
  return nextState(authority, at, (state) => {
    if (mainDevice(state)?.[0] === identity) return err({ code: 'main-device' })
    const { type } = standingOf(authority, identity)
    if (type !== 'member' && type !== 'frozen' && type !== 'revoked') return err({ code: 'not-a-member' })
    const others = state.revoked.filter(([each]) => each !== identity)
    if (others.length >= maxSynodIdentities) return err({ code: 'too-many-revoked' })
    const revoked: readonly Revoked[] = [...others, [identity, final]]
    return ok({ identities: without(state, identity), revoked })
  })
}

/**
 * Lets a device go that asked for it, with the end of its feed as it told it itself; null when it never wrote
 * anything. What it wrote stays the account's.
 */
export function grantLeave(
  authority: Authority,
  identity: Identity,
  final: Final | null,
  at: number,
): NextState {
  if (final !== null) return revoke(authority, identity, final, at)
  return nextState(authority, at, (state) => {
    if (mainDevice(state)?.[0] === identity) return err({ code: 'main-device' })
    if (!isMember(state, identity)) return err({ code: 'not-a-member' })
    return ok({ identities: without(state, identity) })
  })
}

/** Makes room among the revoked: whoever holds an older state still knows, newcomers never hear of it. */
export function forgetRevoked(authority: Authority, identity: Identity, at: number): NextState {
  return nextState(authority, at, (state) => {
    if (!isRevoked(state, identity)) return err({ code: 'not-revoked' })
    return ok({ revoked: state.revoked.filter(([each]) => each !== identity) })
  })
}

/**
 * The last state that this main device signs: `to` comes first. Then the synod's key goes to `to`, and is wiped
 * here; `to` writes only once it holds this state, so that the feed keeps a single writer (Y10).
 */
export function handOver(authority: Authority, to: Identity, at: number): NextState {
  return nextState(authority, at, (state) => {
    const member = state.identities.find(([identity]) => identity === to)
    if (member === undefined) return err({ code: 'not-a-member' })
    if (mainDevice(state)?.[0] === to) return err({ code: 'main-device' })
    return ok({ identities: [member, ...without(state, to)] })
  })
}

/** Changes what strangers see first; refused when it takes the room that full lists need. */
export function setProfile(authority: Authority, profile: Partial<SynodProfile>, at: number): NextState {
  return nextState(authority, at, () => ok(pickProfile(profile)), true)
}

/** A whole state; `rest` in the order of the schema. */
export function stateOf(
  { root, next, recovery }: Pick<AccountNames, 'root' | 'next' | 'recovery'>,
  { identities, revoked, moves, origin }: Pick<Synod, 'identities' | 'revoked' | 'moves' | 'origin'>,
  profile: SynodProfile,
  at: number,
): Synod {
  return {
    type: 'synod',
    at,
    root,
    identities,
    revoked,
    next: encodeBase64url(next),
    recovery: encodeBase64url(recovery),
    origin,
    moves,
    ...(pickProfile(profile) as SynodProfile),
  }
}

type Change = Partial<Pick<Synod, 'identities' | 'revoked'> & SynodProfile>

function nextState(
  { current, disputed }: Authority,
  at: number,
  change: (state: Synod) => Result<Change, StateFault>,
  reserve = false,
): NextState {
  if (disputed) return err({ code: 'disputed' })
  if (current === null) return err({ code: 'no-state' })
  const changed = change(current.state)
  return changed.ok ? fitState({ ...current.state, ...changed.value, at }, reserve) : changed
}

/** These five fields alone: what else a caller's object carries is not published. */
function pickProfile({ name, about, avatar, hubs, dropboxes }: Partial<SynodProfile>): Partial<SynodProfile> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(about === undefined ? {} : { about }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(hubs === undefined ? {} : { hubs }),
    ...(dropboxes === undefined ? {} : { dropboxes }),
  }
}

function without(state: Synod, identity: Identity): readonly SynodMember[] {
  return state.identities.filter(([each]) => each !== identity)
}

function isMember({ identities }: Synod, asked: Identity): boolean {
  return identities.some(([identity]) => identity === asked)
}

function isRevoked({ revoked }: Synod, asked: Identity): boolean {
  return revoked.some(([identity]) => identity === asked)
}
