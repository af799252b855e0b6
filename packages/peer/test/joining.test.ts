/** Joining a hub by an invite, and looking up aliases, with whole peers (W1-W7, W10, W20-W24). */
import {
  type AliasClaim,
  type Identity,
  type InviteCode,
  inviteTokenName,
  ok,
  parseUtf8,
  type Root,
  readInviteBody,
  signAlias,
  signInvite,
  utf8,
} from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { FetchAlias } from '../src/joining/joining.ts'
import { createWorld, never, note, type TestPeer, testCrypto, texts, type World } from './world.ts'

/** A hub that lets in who shows a token that a member told it of. */
async function restricted(world: World, ...members: readonly string[]) {
  const inside = new Set<Identity>()
  for (const name of members) inside.add((await world.add(name)).identity)
  const tokens = new Map<string, number>()
  const hub = await world.add('hub', {
    kind: 'hub',
    admits: (identity) => inside.has(identity),
    async redeem(remote, body) {
      const invite = readInviteBody(body)
      const name = invite === null ? '' : inviteTokenName(invite.token, testCrypto.sha256)
      if ((tokens.get(name) ?? 0) === 0) return { code: 'invite-unknown', retryMs: null }
      inside.add(remote)
      return null
    },
  })
  hub.peer.serve({
    name: 'invites',
    isFor: ({ remote }) => inside.has(remote),
    methods: {
      async create({ value: { token, until, count } }) {
        tokens.set(String(token), Number(count))
        return ok({ value: { until: Number(until), count: Number(count) } })
      },
      async list() {
        return ok({ value: { invites: [{ token: 'x', until: 1, count: 2, used: 0, revoked: false }] } })
      },
    },
  })
  return { hub, tokens, inside }
}

async function made(world: World, alice: TestPeer, hub: TestPeer): Promise<InviteCode> {
  alice.peer.connect(hub.address)
  await world.until(() => alice.peer.status().sessions.length === 1)
  const asked = alice.peer.joining.invite(hub.identity, { url: 'ws://hub', signal: never })
  const invited = await world.turn(asked)
  if (!invited.ok) throw new Error(invited.error.code)
  expect(invited.value.link).toMatch(/^http:\/\/hub\/i\/#effigy-invite-1-/)
  return invited.value.invite
}

const inWorld = (invite: InviteCode, hub: TestPeer): InviteCode => ({ ...invite, url: `memory:${hub.name}` })

test('[W1] [W3] who was invited joins, and is let in from then on', async () => {
  await using world = createWorld('joining')
  const { hub, tokens } = await restricted(world, 'alice')
  const alice = await world.add('alice')
  const bob = await world.add('bob')
  const invite = await made(world, alice, hub)
  expect([...tokens.keys()]).toEqual([inviteTokenName(invite.token, testCrypto.sha256)])
  const refused = bob.peer.connect(hub.address)
  await world.until(() => refused.state.type === 'refused')
  expect(refused.state).toMatchObject({ code: 'not-admitted' })
  // Signed for another address than the one that is dialled here: the check comes first.
  const altered = await world.turn(bob.peer.joining.join(inWorld(invite, hub), { signal: never }))
  expect(altered).toEqual({ ok: false, error: { code: 'invite-altered', retryMs: null } })
  expect(bob.logged.filter(({ event }) => event === 'session.opened')).toHaveLength(1)
})

test('[W3] [W5] over the network: unknown, joined, and joined again over the session that stands', async () => {
  await using world = createWorld('joining')
  const { hub, tokens } = await restricted(world, 'alice')
  const bob = await world.add('bob')
  const token = new Uint8Array(16).fill(3)
  const invite = await signInvite(
    {
      ...{ from: hub.identity, name: '', account: null, hub: hub.identity, url: 'memory://hub', token },
      until: world.clock.now() + 1_000,
      count: 1,
    },
    await testCrypto.signer(testSeed('hub')),
  )
  const join = () => world.turn(bob.peer.joining.join(invite, { signal: never }))
  expect(await join()).toEqual({ ok: false, error: { code: 'invite-unknown', retryMs: null } })
  tokens.set(inviteTokenName(token, testCrypto.sha256), 1)
  expect(await join()).toEqual({ ok: true, value: null })
  bob.peer.connect(hub.address)
  await world.until(() => bob.peer.status().sessions.length === 1)
  const before = hub.dials.count
  expect(await join()).toEqual({ ok: true, value: null })
  expect(hub.dials.count).toBe(before)
})

test('[W3] an invite is shown to nobody but the hub that it names', async () => {
  await using world = createWorld('joining')
  const { hub } = await restricted(world)
  const other = await world.add('other', { kind: 'hub' })
  const bob = await world.add('bob')
  const invite = await signInvite(
    {
      ...{ from: hub.identity, name: '', account: null, hub: hub.identity, url: 'memory://other' },
      ...{ token: new Uint8Array(16), until: 1, count: 1 },
    },
    await testCrypto.signer(testSeed('hub')),
  )
  const told = await world.turn(bob.peer.joining.join(invite, { signal: never }))
  expect(told.ok).toBe(false)
  expect(other.logged.filter(({ event }) => event === 'session.opened')).toEqual([])
})

test('[W3] from the invite to what each other says nothing waits: within a second', async () => {
  await using world = createWorld('soon', { latencyMs: 20 })
  const hub: TestPeer = await world.add('hub', {
    kind: 'hub',
    redeem: async () => null,
    tracks(remote, identities) {
      for (const each of [remote, ...identities]) {
        if (hub.store.feed(each)?.watched !== true) hub.peer.watch(each)
      }
    },
  })
  const alice = await world.add('alice')
  await world.turn(alice.peer.account.create({ label: 'phone', profile: { name: 'Alice' } }))
  await alice.peer.publish(note('long here'))
  await world.turn(alice.peer.connect(hub.address).ready(never))
  await world.pass(10_000)
  const account = alice.peer.account.show()
  if (account === null) throw new Error('no account')
  const bob = await world.add('bob')
  await world.turn(bob.peer.account.create({ label: 'laptop', profile: { name: 'Bob' } }))
  await bob.peer.publish(note('just come'))
  const signer = await testCrypto.signer(testSeed('hub'))
  const invite = await signInvite(
    {
      ...{ from: hub.identity, name: '', account: null, hub: hub.identity, url: 'memory://hub' },
      ...{ token: new Uint8Array(16), until: world.clock.now() + 60_000, count: 1 },
    },
    signer,
  )
  const startMs = world.clock.monotonic()
  expect(await world.turn(bob.peer.joining.join(invite, { signal: never }))).toMatchObject({ ok: true })
  await world.turn(bob.peer.connect(hub.address).ready(never))
  const found = await world.turn(
    bob.peer.joining.findAccount({ synod: account.identity, root: account.root }, { signal: never }),
  )
  await bob.peer.relate('follow', found ?? bob.identity, true)
  await alice.peer.relate('follow', bob.identity, true)
  await world.until(() => texts(bob.store, alice.identity).includes('long here'))
  await world.until(() => texts(alice.store, bob.identity).includes('just come'))
  expect(world.clock.monotonic() - startMs).toBeLessThanOrEqual(1_000)
})

async function aliasWorld(world: World, aliases: readonly string[]) {
  const hub = await world.add('hub', { kind: 'hub' })
  const alice = await world.add('alice')
  await world.turn(alice.peer.account.create({ label: 'phone', profile: { name: 'Alice' } }))
  const box = { hubs: [], avatar: null, about: '', box: 'ZOEP3XJiDw43paPHZmpDIou3fDbUO0nGMAZkLtqqtR4' }
  const at = world.clock.now()
  await alice.peer.publish({ type: 'identification', at, name: 'Alice', ...box, aliases })
  alice.peer.connect(hub.address)
  const account = alice.peer.account.show()
  if (account === null) throw new Error('no account')
  hub.peer.watch(account.identity)
  hub.peer.watch(alice.identity)
  await world.until(() => hub.store.profile(alice.identity)?.state.type === 'shown')
  const claim = { alias: 'alice', hub: hub.identity, synod: account.identity, root: account.root, at }
  return { hub, alice, account, claim }
}

async function resolve(world: World, hub: TestPeer, claim: AliasClaim, asked = 'Alice@hub') {
  const record = parseUtf8(await signAlias(claim, await testCrypto.signer(testSeed('hub'))))
  const fetchAlias: FetchAlias = async () => {
    const body = { alias: 'alice', hub: hub.identity, address: `memory://hub#${hub.identity}`, record }
    return ok({ status: 200, body: utf8(JSON.stringify(body)) })
  }
  const bob = await world.add(`bob ${Math.abs(claim.at) % 97}`, { fetchAlias })
  const told = await world.turn(bob.peer.joining.resolveAlias(asked, { signal: never }))
  return { bob, told }
}

test('[W21] [W24] an alias is whom the hub and the account itself call so', async () => {
  await using world = createWorld('alias')
  const { hub, account, claim } = await aliasWorld(world, ['alice@hub'])
  const { bob, told } = await resolve(world, hub, claim)
  expect(told).toEqual({
    ok: true,
    value: {
      ...{ alias: 'alice@hub', identity: account.identity, root: account.root },
      ...{ hub: hub.identity, address: `memory://hub#${hub.identity}` },
    },
  })
  expect(bob.store.feed(account.identity)?.watched).toBe(false)
  expect(bob.peer.status().sessions).toEqual([])
})

test('[W10] [W24] a hub that gives the name of one account to another is not believed', async () => {
  await using world = createWorld('alias')
  const { hub, claim } = await aliasWorld(world, ['alice@elsewhere'])
  expect((await resolve(world, hub, claim)).told).toEqual({ ok: false, error: { code: 'alias-denied' } })
  const root = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' as Root
  const lying = await resolve(world, hub, { ...claim, root, at: claim.at + 1 })
  expect(lying.told).toEqual({ ok: false, error: { code: 'alias-denied' } })
  const nobody = { ...claim, synod: lying.bob.identity, at: claim.at + 2 }
  expect((await resolve(world, hub, nobody)).told).toEqual({ ok: false, error: { code: 'alias-no-account' } })
})
