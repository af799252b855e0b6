/**
 * Devices of one account, linked without any pairing: what a state says of them is signed as pairing would have it.
 *
 *     linkTo(main, phone) ─▶ next state, delivered to nobody: it travels as in life
 */
import {
  type Authority,
  addMember,
  encodeBase64url,
  type Identity,
  nextSerial,
  parseBase64url,
  type Root,
  signMember,
} from '@effigy/core'
import { accountVault } from '@effigy/crypto'
import { testSeed } from '@effigy/testkit'
import type { PeerAccount } from '../src/account/account.ts'
import { openKeyring } from '../src/account/keyring.ts'
import { openOwnAccount } from '../src/account/own-account.ts'
import { createStateWriter } from '../src/account/state-writer.ts'
import { never, type TestPeer, testCrypto, texts, type World } from './world.ts'

/** Has `joining` listed by `main`, as pairing does it. */
export async function link(
  world: World,
  main: TestPeer,
  joining: TestPeer,
  label = joining.name,
): Promise<void> {
  const authority = authorityOf(main)
  await list(world, main, joining, label)
  // What pairing hands over with its last answer: the state, and where to hear of the next.
  await meet(world, joining, main)
  joining.store.synods?.pin(joining.identity, authority.root)
  joining.peer.watch(authority.identity)
  await world.until(() => joining.peer.account.show()?.role === 'linked')
}

/** Writes the state that lists `joining`, with its signature, and tells it nothing. */
export async function list(
  world: World,
  main: TestPeer,
  joining: TestPeer,
  label = joining.name,
  key?: Uint8Array,
): Promise<void> {
  const authority = authorityOf(main)
  const keyring = await openKeyring(accountVault(main.vault), testCrypto, testCrypto.randomBytes)
  const own = openOwnAccount(main.store, main.identity, keyring)
  const box = key ?? (await testCrypto.agreementKey(testSeed(`box of ${joining.name}`))).publicKey
  const serial = nextSerial((authority.current as NonNullable<Authority['current']>).state)
  const offer = { identity: joining.identity, box: encodeBase64url(box), label, serial }
  const member = await signMember(authority.root, offer, await testCrypto.signer(testSeed(joining.name)))
  const states = createStateWriter({
    store: main.store,
    self: main.identity,
    own,
    keyring,
    drafts: {
      store: main.store,
      crypto: testCrypto,
      identity: main.identity,
      random: testCrypto.randomBytes,
      now: world.clock.now,
      readers: () => [],
    },
    writer: { crypto: testCrypto, clock: world.clock, voidPayload: () => '' },
    assertMayWrite() {},
  })
  await states.write((before, at) => addMember(before, member, at))
}

/** Devices of one account, the first of them the main one, connected to it. */
export async function household(world: World, ...names: readonly string[]): Promise<readonly TestPeer[]> {
  const devices = await Promise.all(names.map((name) => world.add(name)))
  const [main, ...others] = devices
  if (main === undefined) return []
  await main.peer.account.create({ label: main.name, profile: { name: 'Alice' } })
  for (const other of others) await link(world, main, other)
  await world.until(() => others.every((other) => members(other).length === names.length))
  return devices
}

/** Answers as a person does who has the words on paper. */
export async function confirmPhrase(account: PeerAccount): Promise<void> {
  const words = (account.phrase() ?? '').split(' ')
  const { positions } = account.phraseQuestion() ?? { positions: [] }
  await account.confirmPhrase(positions.map((position) => words[position - 1] ?? ''))
}

/** A hub that keeps what its guests watch. */
export async function hubOf(world: World, ...guests: readonly TestPeer[]): Promise<TestPeer> {
  const hub: TestPeer = await world.add('hub', {
    kind: 'hub',
    tracks(_, identities) {
      for (const identity of identities) {
        if (hub.store.feed(identity)?.watched !== true) hub.peer.watch(identity)
      }
    },
  })
  for (const guest of guests) await meet(world, guest, hub)
  return hub
}

/** A friend who has met the account, and follows it. */
export async function friendOf(world: World, device: TestPeer, name = 'friend'): Promise<TestPeer> {
  const friend = await world.add(name)
  friend.peer.watch(authorityOf(device).identity)
  await meet(world, friend, device)
  await world.until(() => friend.store.synods?.accountOf(device.identity) != null)
  await friend.peer.relate('follow', device.identity, true)
  return friend
}

export async function meet(world: World, from: TestPeer, to: TestPeer): Promise<void> {
  const connection = from.peer.connect(to.address)
  await world.turn(connection.ready(never))
}

export function authorityOf({ store, identity }: TestPeer): Authority {
  const root = store.synods?.accountOf(identity) as Root
  return store.synods?.account(root) as Authority
}

export const members = ({ peer }: TestPeer): readonly string[] =>
  (peer.account.show()?.members ?? []).map(({ label, isMain }) => (isMain ? `${label} (main)` : label))

export const keyOf = ({ vault }: TestPeer): Uint8Array | null =>
  parseBase64url(vault.read()?.synod?.key ?? '') as Uint8Array | null

export const ids = (peers: readonly TestPeer[]): readonly Identity[] => peers.map(({ identity }) => identity)

export const everywhere = (world: World, peers: readonly TestPeer[], holds: (peer: TestPeer) => boolean) =>
  world.until(() => peers.every(holds), 60_000)

/** Exactly these, oldest first. */
export const shows = (peer: TestPeer, of: TestPeer, ...expected: readonly string[]): boolean =>
  JSON.stringify(texts(peer.store, of.identity)) === JSON.stringify(expected.toReversed())

export const accountId = (peer: TestPeer): Identity => authorityOf(peer).identity

/** Devices of two people who follow each other and are connected. */
export async function couple(world: World, first: readonly string[], second: readonly string[]) {
  const [ann = [], bob = []] = [
    (await household(world, ...first)) as TestPeer[],
    (await household(world, ...second)) as TestPeer[],
  ]
  await know(world, ann, bob)
  await know(world, bob, ann)
  return { ann, bob }
}

/** Every one of these follows the account of the others, and meets its first device. */
export async function know(
  world: World,
  these: readonly TestPeer[],
  others: readonly TestPeer[],
): Promise<void> {
  const [other] = others as [TestPeer]
  for (const one of these) {
    one.peer.watch(accountId(other))
    await meet(world, one, other)
    await world.until(() => one.store.synods?.accountOf(other.identity) != null)
  }
  await these[0]?.peer.relate('follow', other.identity, true)
  await world.until(() =>
    these.every(({ store }) => others.every(({ identity }) => store.feed(identity)?.watched === true)),
  )
}
