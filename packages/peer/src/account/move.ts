/**
 * Takes the account to its next key, here: a main device that was lost or stolen, a restore, new words (spec Y11, Y18).
 *
 *     words ─find▶ verdict ─▶ members that stay, finals of those that go ─moveAccount▶ vault ─▶ first state of the key
 *
 * @module
 */
import {
  type Authority,
  deriveRecoveryKey,
  EffigyError,
  encodeBase64url,
  type Final,
  finalOfHead,
  type Identity,
  mainDevice,
  maxSynodIdentities,
  moveAccount,
  nextSerial,
  phraseSeed,
  type Revoked,
  type Root,
  type Signer,
  type Synod,
  type SynodMember,
  signMember,
} from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { LossTime, MoveOptions, RevokeChoice } from './account.ts'
import type { FindPorts } from './ask-around.ts'
import { contestedOf } from './branches.ts'
import { agreedProfile, endOfContested, isListedByAll, listedByAny, revokedByAll } from './contested.ts'
import { askForLast, findAccount } from './find-account.ts'
import type { Keyring } from './keyring.ts'
import { type OwnAccount, profileOf } from './own-account.ts'
import { stateFault } from './state-fault.ts'
import type { StateWriter } from './state-writer.ts'
import { secretOf } from './synod-secret.ts'
import { phraseOf } from './words.ts'

/** What is moved by somebody who restores is looked at before. */
export { findByPhrase } from '../recovery/find.ts'
export { finalFor } from './finals.ts'

type MoveHere = MoveOptions & Required<Pick<MoveOptions, 'label'>>

/** Whose word counts about what was seen when; this device's own always does. */
type Witnesses = (device: Identity) => boolean

export interface MovePorts extends Omit<FindPorts, 'signal' | 'store'> {
  readonly store: Store
  readonly identity: Identity
  readonly signer: Signer
  readonly boxKey: AgreementKey
  readonly crypto: Pick<Crypto, 'sha256' | 'agreementKey'>
  readonly clock: FindPorts['clock'] & { now(): number }
  readonly own: Pick<OwnAccount, 'root' | 'authority'>
  readonly keyring: Keyring
  readonly states: StateWriter
  /** The account is this device's: with its recovery key a restored one reads its past. */
  readonly recovered: (secret: Uint8Array) => Promise<void>
  /** Where the feed of a lost device ends (finals.ts). Throws `EffigyError` 'no-sighting'. */
  readonly seenBy: (identity: Identity, lostAt: LossTime, isAsked: Witnesses) => Promise<Final>
}

export async function moveHere(options: MoveHere, ports: MovePorts): Promise<Root> {
  const { store, crypto, clock, own, keyring, states } = ports
  const { signal, lostAt } = options
  const phrase = phraseOf(options.phrase)
  const newPhrase = options.newPhrase === undefined ? null : phraseOf(options.newPhrase)
  keyring.assertVault()
  return states.inTurn(async () => {
    const seed = await phraseSeed(phrase)
    const authority = await newestVerdict(seed, { ...ports, signal })
    const contested = contestedOf(authority, store)
    const isAsked = await witnessesOf(authority, contested, options, ports)
    const final = await endOf(authority, lostAt, isAsked, ports)
    const basis = stateAt(authority, final, options, store)
    const members = await membersOf(authority, basis, contested, options, ports)
    const revoked = await revokedOf(authority, basis, contested, members, options, isAsked, ports)
    const said = basis === null ? agreedProfile(contested) : profileOf(basis)
    const profile = { ...said, ...options.profile }
    const draft = {
      phrase,
      ...(newPhrase === null ? {} : { newPhrase }),
      final,
      members,
      revoked,
      profile,
      at: clock.now(),
    }
    const moved = await moveAccount(authority, draft, crypto.sha256)
    if (!moved.ok) throw stateFault(moved.error)
    signal.throwIfAborted()
    if (own.root() !== null && own.root() !== authority.root) throw otherAccount()
    const isUnconfirmed = newPhrase === null && keyring.phrase === phrase
    // The key first: cut off here, nobody has heard of the move, and the words make another one.
    await keyring.keep(
      secretOf(moved.value.synodKey.secret, authority.moves.length + 1),
      isUnconfirmed ? phrase : newPhrase,
    )
    store.synods?.pin(ports.identity, authority.root)
    await ports.recovered(deriveRecoveryKey(seed).secret)
    await states.begin(moved.value.state)
    return authority.root
  })

  async function newestVerdict(seed: Uint8Array, find: FindPorts): Promise<Authority> {
    const held = own.authority()
    return held === null ? findAccount(seed, find) : askForLast(held, find, held.keys)
  }
}

/**
 * Those that stay: by name, else of the state that counts, with a time of loss of the one that this device saw by then.
 * A main device that was lost, and whom a thief let in by it, would tell what he wrote as seen long ago (T26).
 */
async function witnessesOf(
  { root, identity, current }: Authority,
  contested: readonly Synod[],
  { keep, revoke = [], lostAt }: MoveOptions,
  { store, seenBy }: MovePorts,
): Promise<Witnesses> {
  if (keep !== undefined) return (device) => keep.includes(device)
  const seen = lostAt === undefined ? null : await seenBy(identity, lostAt, () => false).catch(noneSeen)
  const atLoss = store.synods?.states(root).find(({ cid }) => cid === seen?.[2]) ?? null
  const states = [lostAt === undefined ? current : atLoss, current].flatMap((each) => each?.state ?? [])
  const going = new Set([...revoke.map(([device]) => device), ...states.map((each) => mainDevice(each)?.[0])])
  const [state] = lostAt !== undefined && atLoss === null ? [] : states
  const members = new Set(devicesOf(state ?? null))
  const branches = lostAt === undefined ? contested : []
  return (device) => members.has(device) && !going.has(device) && isListedByAll(branches, device)
}

/**
 * The state on which the first one of the new key is built: that at which the old key ends. What came above it, with a
 * time of loss, is a thief's: whom he let in, whom he revoked, what he said (T26). Where no state of the old key counts,
 * that at which the newest key before it ended; null: there is none, or it is nowhere and a person said who stays.
 */
function stateAt(
  { root, current, moves }: Authority,
  final: Final | null,
  { keep }: MoveOptions,
  { synods }: Pick<Store, 'synods'>,
): Synod | null {
  const end = final ?? moves.findLast((move) => move.final?.[0] === 1)?.final ?? null
  if (end === null) return null
  if (end[2] === current?.cid) return current.state
  const proven = synods?.states(root).find(({ cid }) => cid === end[2])
  if (proven !== undefined) return proven.state
  if (final === null && keep !== undefined) return null
  throw stateFault({ code: 'no-state' })
}

/**
 * This device first; then those that stay, by what they signed when they joined. What a branch of a dispute says against
 * a device keeps it out: neither a restored disk nor a thief brings back who was revoked. Who was put out wrongly is
 * linked again.
 */
async function membersOf(
  { root, standings }: Authority,
  state: Synod | null,
  contested: readonly Synod[],
  { keep, revoke = [], lostAt, label }: MoveHere,
  { store, identity, signer, boxKey }: MovePorts,
): Promise<readonly SynodMember[]> {
  const main = state === null ? null : (mainDevice(state)?.[0] ?? null)
  const going = new Set(revoke.map(([device]) => device))
  const branches = lostAt === undefined ? contested : []
  const now = devicesOf(state).filter((device) => isListedByAll(branches, device))
  const staying = keep ?? now.filter((device) => device !== main && !going.has(device))
  const others = staying.filter((device) => device !== identity)
  const known = new Map<Identity, SynodMember>()
  // Contested ones too: who is kept by name was one of them.
  for (const { state: each } of store.synods?.states(root) ?? []) {
    for (const member of each.identities) known.set(member[0], member)
  }
  for (const member of state?.identities ?? []) known.set(member[0], member)
  const listed = others.map((device) => {
    const member = known.get(device)
    if (member === undefined || !standings.has(device)) throw stateFault({ code: 'not-a-member' })
    return member
  })
  const box = encodeBase64url(boxKey.publicKey)
  const self = known.get(identity)
  const serial = nextSerial(state ?? { identities: [], revoked: [] })
  const own =
    self !== undefined && self[1] === box
      ? self
      : await signMember(root, { identity, box, label, serial }, signer)
  return [own, ...listed]
}

/**
 * The members that do not stay, each with an end, and who was revoked. More than fit are not named: a thief may have
 * filled both lists, and what he says is over with his key. First those whom the account had, the newest of the revoked
 * before the others; last whom a branch of a dispute alone had let in.
 */
async function revokedOf(
  authority: Authority,
  basis: Synod | null,
  contested: readonly Synod[],
  members: readonly SynodMember[],
  { revoke = [], lostAt }: MoveOptions,
  isAsked: Witnesses,
  { store, seenBy }: MovePorts,
): Promise<readonly Revoked[]> {
  const listed = new Set(members.map(([device]) => device))
  const ends = new Map<Identity, Final | null>()
  for (const [device, choice] of new Map<Identity, RevokeChoice>(revoke)) {
    if (listed.has(device)) throw stateFault({ code: 'already-member' })
    ends.set(device, 'final' in choice ? choice.final : await seenBy(device, choice.lostAt, isAsked))
  }
  if (ends.size > maxSynodIdentities) throw stateFault({ code: 'too-many-revoked' })
  const counted = new Set([...devicesOf(basis), ...devicesOf(authority.current?.state ?? null)])
  const endHere = (device: Identity): Final | null | undefined =>
    authority.disputed ? endOfContested(authority, store, device) : heldEnd(store, device)
  async function endUnnamed(devices: readonly Identity[], endOfOne = endHere): Promise<void> {
    const unnamed = devices.filter((device) => !listed.has(device) && !ends.has(device))
    // With a time of loss: who was seen by nobody by then came after it, and nothing of it counts.
    const end = (device: Identity): Promise<Final | null> | Final | null | undefined =>
      lostAt === undefined ? endOfOne(device) : seenBy(device, lostAt, isAsked).catch(noneSeen)
    const finals = await Promise.all(unnamed.map(end))
    for (const [index, device] of unnamed.entries()) {
      const final = finals[index]
      if (final !== undefined) ends.set(device, final)
    }
  }
  await endUnnamed(devicesOf(basis))
  for (const [device, final] of basis?.revoked.toReversed() ?? []) {
    if (!listed.has(device) && !ends.has(device)) ends.set(device, final)
  }
  await endUnnamed(devicesOf(authority.current?.state ?? null))
  const disputed = new Set([...listedByAny(contested), ...revokedByAll(contested)])
  const unheardOf = [...disputed].filter((device) => authority.standings.has(device) && !counted.has(device))
  await endUnnamed(unheardOf, (device) => endOfContested(authority, store, device) ?? null)
  return [...ends].slice(0, maxSynodIdentities)
}

function devicesOf(state: Synod | null): readonly Identity[] {
  return (state?.identities ?? []).map(([device]) => device)
}

/** Undefined: of whom no head is known nothing can be said. It is frozen, and what others tell later is offered (Y12). */
function heldEnd(store: Pick<Store, 'feed'>, device: Identity): Final | undefined {
  const record = store.feed(device)?.record ?? null
  return record === null ? undefined : finalOfHead(record.head)
}

function noneSeen(reason: unknown): null {
  if (reason instanceof EffigyError && reason.code === 'no-sighting') return null
  throw reason
}

/** The end of the feed that is moved away from: what was seen of it by the loss, else what counts of it here. */
async function endOf(
  { identity, current }: Authority,
  lostAt: number | undefined,
  isAsked: Witnesses,
  { seenBy }: MovePorts,
): Promise<Final | null> {
  if (lostAt !== undefined) return seenBy(identity, lostAt, isAsked)
  return current === null ? null : [1, current.length, current.cid]
}

function otherAccount(): EffigyError {
  return new EffigyError(
    'other-account',
    'These are the words of another account than that of this device. Use a new home for it.',
  )
}
