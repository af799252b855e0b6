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
import { loadWords } from '#later'
import type { MoveOptions, RevokeChoice } from './account.ts'
import { defaultLabel } from './create.ts'
import { askAround, type FindPorts, findAccount } from './find-account.ts'
import { type Keyring, secretOf } from './keyring.ts'
import { type OwnAccount, profileOf } from './own-account.ts'
import { type StateWriter, stateFault } from './state-writer.ts'

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
  readonly seenBy: (identity: Identity, lostAt: number, isAsked: Witnesses) => Promise<Final>
}

export async function moveHere(options: MoveOptions, ports: MovePorts): Promise<Root> {
  const { store, crypto, clock, own, keyring, states } = ports
  const { signal, lostAt } = options
  const { phraseOf } = await loadWords()
  const phrase = phraseOf(options.phrase)
  const newPhrase = options.newPhrase === undefined ? null : phraseOf(options.newPhrase)
  keyring.assertVault()
  return states.inTurn(async () => {
    const seed = await phraseSeed(phrase)
    const authority = await newestVerdict(seed, { ...ports, signal })
    const isAsked = await witnessesOf(authority, options, ports)
    const final = await endOf(authority, lostAt, isAsked, ports)
    const basis = stateAt(authority, final, store)
    const members = await membersOf(authority, basis, options, ports)
    const revoked = await revokedOf(authority, basis, members, options, isAsked, ports)
    const profile = { ...(basis === null ? {} : profileOf(basis)), ...options.profile }
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
    if (held === null) return findAccount(seed, find)
    await askAround(held.keys, find)
    return store.synods?.account(held.root) ?? held
  }
}

/**
 * Those that stay: by name, else of the state that counts, with a time of loss of the one that this device saw by then.
 * A main device that was lost, and whom a thief let in by it, would tell what he wrote as seen long ago (T26).
 */
async function witnessesOf(
  { root, identity, current }: Authority,
  { keep, revoke = [], lostAt }: MoveOptions,
  { store, seenBy }: MovePorts,
): Promise<Witnesses> {
  if (keep !== undefined) return (device) => keep.includes(device)
  const seen = lostAt === undefined ? null : await seenBy(identity, lostAt, () => false).catch(noneSeen)
  const atLoss = store.synods?.states(root).find(({ cid }) => cid === seen?.[2]) ?? null
  const states = [lostAt === undefined ? current : atLoss, current].flatMap((each) => each?.state ?? [])
  const going = new Set([...revoke.map(([device]) => device), ...states.map((each) => mainDevice(each)?.[0])])
  const [state] = lostAt !== undefined && atLoss === null ? [] : states
  const members = new Set((state?.identities ?? []).map(([device]) => device))
  return (device) => members.has(device) && !going.has(device)
}

/**
 * The state on which the first one of the new key is built: that at which the old key ends. What came above it, with a
 * time of loss, is a thief's: whom he let in, whom he revoked, what he said (T26).
 */
function stateAt(
  { root, current }: Authority,
  final: Final | null,
  { synods }: Pick<Store, 'synods'>,
): Synod | null {
  if (final === null || final[2] === current?.cid) return current?.state ?? null
  const proven = synods?.states(root).find(({ cid }) => cid === final[2])
  if (proven === undefined) throw stateFault({ code: 'no-state' })
  return proven.state
}

/** This device first; then those that stay, by what they signed when they joined. */
async function membersOf(
  { root, standings }: Authority,
  state: Synod | null,
  { keep, revoke = [], label = defaultLabel }: MoveOptions,
  { store, identity, signer, boxKey }: MovePorts,
): Promise<readonly SynodMember[]> {
  const main = state === null ? null : (mainDevice(state)?.[0] ?? null)
  const going = new Set(revoke.map(([device]) => device))
  const now = (state?.identities ?? []).map(([device]) => device)
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
 * before the others.
 */
async function revokedOf(
  { current }: Authority,
  basis: Synod | null,
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
  async function endUnnamed(state: Synod | null): Promise<void> {
    const devices = (state?.identities ?? []).map(([device]) => device)
    const unnamed = devices.filter((device) => !listed.has(device) && !ends.has(device))
    // With a time of loss: who was seen by nobody by then came after it, and nothing of it counts.
    const end = (device: Identity): Promise<Final | null> | Final | undefined =>
      lostAt === undefined ? heldEnd(store, device) : seenBy(device, lostAt, isAsked).catch(noneSeen)
    const finals = await Promise.all(unnamed.map(end))
    for (const [index, device] of unnamed.entries()) {
      const final = finals[index]
      if (final !== undefined) ends.set(device, final)
    }
  }
  await endUnnamed(basis)
  for (const [device, final] of basis?.revoked.toReversed() ?? []) {
    if (!listed.has(device) && !ends.has(device)) ends.set(device, final)
  }
  await endUnnamed(current?.state ?? null)
  return [...ends].slice(0, maxSynodIdentities)
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
