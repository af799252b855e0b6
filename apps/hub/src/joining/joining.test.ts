/** Joining a whole hub, over sockets and a restart (W3, W5, W6, W23; T6). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  encodeBase64url,
  identityOfKey,
  parseBase64url,
  parseInviteCode,
  type SynodMember,
  signMember,
} from '@effigy/core'
import { createNodeCrypto, openVaultFile } from '@effigy/crypto/node'
import { type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { readConfig } from '../config/config.ts'
import { prepareHome } from '../home.ts'
import { type Hub, startHub } from '../hub.ts'
import { openEmbeddedStore } from '../ports/embedded-store.ts'

const shared = { clock: systemClock, log: silentLog, verifyThreads: 0 }
const { sha256, signer: signerOf } = createNodeCrypto()
const signal = AbortSignal.timeout(50_000)

async function withHub(
  base: string,
  settings: Readonly<Record<string, string>>,
  work: (hub: Hub, peer: NodePeer) => Promise<void>,
): Promise<void> {
  const home = join(base, 'hub')
  const flags = new Map(Object.entries({ port: '0', ...settings }))
  const read = readConfig({ flags, environment: {}, file: null, defaultHome: home })
  if (!read.ok) throw new Error('the settings are wrong')
  await prepareHome(home)
  await using records = openEmbeddedStore({ path: join(home, 'hub.sqlite'), ...shared })
  const opened: NodePeer[] = []
  async function openPeer(hooks: object): Promise<NodePeer> {
    const peer = await openNodePeer({ home, kind: 'hub', ...shared, ...hooks })
    opened.push(peer)
    return peer
  }
  await using hub = await startHub({ openPeer, records, ...shared, version: '9.9.9' }, read.value.config)
  await work(hub, opened[0] as NodePeer)
}

type Renewal = Parameters<Parameters<NodePeer['account']['renew']>[0]>[0]

/** The word of the device in that home for an account that is to list it. */
async function memberIn(home: string, { root, serial, label }: Renewal): Promise<SynodMember> {
  await prepareHome(home)
  const signer = await signerOf(
    parseBase64url(openVaultFile(join(home, 'vault.json')).read()?.seed ?? '') as Uint8Array,
  )
  const box = encodeBase64url(new Uint8Array(32).fill(9))
  return signMember(root, { identity: identityOfKey(signer.publicKey), box, label, serial }, signer)
}

async function open(base: string, name: string): Promise<NodePeer> {
  const home = join(base, name)
  await prepareHome(home)
  return openNodePeer({ home, ...shared })
}

/** How a connection to the hub ends up. */
async function stateAt(peer: NodePeer, hub: Hub): Promise<string> {
  await using connection = peer.connect(hub.address)
  await expect.poll(() => connection.state.type, { timeout: 10_000 }).not.toBe('connecting')
  const { state } = connection
  return 'code' in state ? state.code : state.type
}

test('[W3] [W5] [W6] a closed hub lets in who shows its invite, and knows them after a restart', {
  timeout: 60_000,
}, async () => {
  const base = mkdtempSync(join(tmpdir(), 'effigy-joining-'))
  using _base = { [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }) }
  await using alice = await open(base, 'alice')
  await using bob = await open(base, 'bob')
  const closed = { privacy: 'restricted' }
  await withHub(base, closed, async (hub) => {
    const [url = ''] = hub.address.split('#', 1)
    const made = await hub.joining.invite({ url, count: 1, lastsMs: 60_000 })
    if (made === null) throw new Error('no invite')
    expect(made.link.startsWith(`${hub.origin}/i/#effigy-invite-1-`)).toBe(true)
    expect(await stateAt(alice, hub)).toBe('not-admitted')
    const read = parseInviteCode(made.link, { nowMs: Date.now(), sha256 })
    if (!read.ok) throw new Error(read.error.code)
    expect(await alice.joining.join(read.value, { signal })).toEqual({ ok: true, value: null })
    // What a crash of hers forgot is shown again.
    expect(await alice.joining.join(read.value, { signal })).toEqual({ ok: true, value: null })
    expect(await bob.joining.join(read.value, { signal })).toMatchObject({ error: { code: 'invite-used' } })
    expect(await stateAt(alice, hub)).toBe('connected')
    expect(await stateAt(bob, hub)).toBe('not-admitted')
    expect(await hub.joining.invites.list(hub.identity)).toMatchObject([{ used: [alice.identity] }])
  })
  await withHub(base, closed, async (hub) => {
    expect(await stateAt(alice, hub)).toBe('connected')
    expect(await stateAt(bob, hub)).toBe('not-admitted')
  })
  await withHub(base, closed, async (hub) => {
    const made = await hub.joining.invite({ url: hub.address.split('#')[0] ?? '', count: 2, lastsMs: 60_000 })
    const read = parseInviteCode(made?.link ?? '', { nowMs: Date.now(), sha256 })
    if (!read.ok) throw new Error(read.error.code)
    expect(await bob.joining.join(read.value, { signal })).toMatchObject({ ok: true })
    expect(await stateAt(bob, hub)).toBe('connected')
    expect(await hub.joining.removeGuest(bob.identity)).toBe('removed')
    expect(await stateAt(bob, hub)).toBe('not-admitted')
    expect(await bob.joining.join(read.value, { signal })).toMatchObject({
      error: { code: 'invite-revoked' },
    })
    expect(await hub.joining.removeGuest(bob.identity)).toBe('not-found')
    expect([await stateAt(bob, hub), await stateAt(alice, hub)]).toEqual(['not-admitted', 'connected'])
  })
  // Where none are taken, a stranger is told to go at once.
  await withHub(base, { ...closed, invites: 'off', aliases: 'false' }, async (hub) => {
    expect((await fetch(`${hub.origin}/.well-known/effigy/alias?name=alice`)).status).toBe(404)
    expect(await stateAt(bob, hub)).toBe('not-admitted')
  })
})

test('[W6] [K16] a device that takes the place of the one that was let in is let in, also where nobody else fits', {
  timeout: 60_000,
}, async () => {
  const base = mkdtempSync(join(tmpdir(), 'effigy-joining-'))
  using _base = { [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }) }
  const homeOfNext = join(base, 'next')
  const closed = { privacy: 'restricted', 'max-members': '1' }
  await withHub(base, closed, async (hub, keeper) => {
    const [url = ''] = hub.address.split('#', 1)
    await using alice = await open(base, 'alice')
    await alice.account.create()
    const made = await hub.joining.invite({ url, count: 1, lastsMs: 60_000 })
    const read = parseInviteCode(made?.link ?? '', { nowMs: Date.now(), sha256 })
    if (!read.ok) throw new Error(read.error.code)
    expect(await alice.joining.join(read.value, { signal })).toEqual({ ok: true, value: null })
    await using connection = alice.connect(hub.address)
    await connection.ready(signal)
    const next = Promise.withResolvers<SynodMember>()
    await alice.account.renew(async (as) => {
      next.resolve(await memberIn(homeOfNext, as))
      return next.promise
    })
    const [identity] = await next.promise
    await expect.poll(() => keeper.store.synods?.standing(identity).type, { timeout: 10_000 }).toBe('member')
    expect(keeper.store.synods?.standing(alice.identity).type).toBe('revoked')
  })
  await using again = await openNodePeer({ home: homeOfNext, ...shared })
  await using bob = await open(base, 'bob')
  await withHub(base, closed, async (hub) => {
    expect(await stateAt(bob, hub)).toBe('not-admitted')
    expect(await stateAt(again, hub)).toBe('connected')
    expect(hub.joining.guests.get(again.identity)).toBeNull()
  })
  // It is a member by then, and stays one by what its account says.
  await withHub(base, closed, async (hub) => {
    expect(await stateAt(again, hub)).toBe('connected')
    expect(await stateAt(bob, hub)).toBe('not-admitted')
  })
})

test('[W2] [W23] over HTTP: the page of an invite, whom a name means, and who runs it', async () => {
  const base = mkdtempSync(join(tmpdir(), 'effigy-joining-'))
  using _base = { [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }) }
  await withHub(base, { contact: 'Alice', terms: 'Be kind.' }, async ({ origin, identity, address }) => {
    const page = await fetch(`${origin}/i/`)
    expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer'])
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[^']+'/)
    expect(await page.text()).toContain('Be kind.')
    const home = await fetch(`${origin}/`)
    expect(home.headers.get('content-security-policy')).not.toContain('script-src')
    expect(await home.text()).toContain('Be kind.')
    expect((await fetch(`${origin}/i/`, { method: 'POST', body: 'x' })).status).toBe(405)
    const answer = await fetch(`${origin}/.well-known/effigy/alias?name=alice`)
    expect(await answer.json()).toEqual({ alias: 'alice', hub: identity, address, record: null })
    expect((await fetch(`${origin}/.well-known/effigy/alias`)).status).toBe(400)
    expect(await (await fetch(`${origin}/.well-known/effigy`)).json()).toMatchObject({
      ...{ invites: 'members', aliases: true, contact: 'Alice', terms: 'Be kind.' },
    })
  })
})
