/** Administration of a hub with real peers: what members see of it (spec V91-V94). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { expect, onTestFinished, test } from 'vitest'
import { adminKey, askAt } from '../../test/admin-hub.ts'
import { memoryRecords } from '../../test/records.ts'
import { readConfig } from '../config/config.ts'
import { prepareHome } from '../home.ts'
import { startHub } from '../hub.ts'

const shared = { clock: systemClock, log: silentLog, verifyThreads: 0 }
const timeout = { timeout: 15_000 }

test('a report, a take-down and a block, as the operator and as members see them', {
  timeout: 60_000,
}, async () => {
  const base = mkdtempSync(join(tmpdir(), 'effigy-live-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const home = join(base, 'hub')
  const read = readConfig({ flags: new Map([['port', '0']]), environment: {}, file: null, defaultHome: home })
  if (!read.ok) throw new Error('the settings are wrong')
  await prepareHome(home)
  await using records = memoryRecords(systemClock)
  const kept: NodePeer['store'][] = []
  const openPeer = async (hooks: object) => {
    const peer = await openNodePeer({ home, kind: 'hub', ...shared, ...hooks })
    kept.push(peer.store)
    return peer
  }
  await using hub = await startHub(
    { openPeer, records, adminKey, ...shared, version: '9.9.9' },
    read.value.config,
  )
  const ask = (path: string, input: object) => askAt(hub.port, path, { input })
  const url = hub.address.split('#')[0] ?? ''
  const signal = AbortSignal.timeout(50_000)
  const open = async (name: string): Promise<NodePeer> => {
    await prepareHome(join(base, name))
    const peer = await openNodePeer({ home: join(base, name), ...shared })
    await peer.connect(url, { expect: hub.identity }).ready(signal)
    return peer
  }

  const alice = await open('alice')
  const bob = await open('bob')
  const { content } = await alice.publish(
    { type: 'public_note', at: 1, text: 'not kind' },
    { detached: true },
  )
  await bob.relate('follow', alice.identity, true)
  await expect.poll(() => bob.query.resolve(alice.identity, content)?.state.type, timeout).toBe('shown')

  const about = { about: alice.identity, content, reason: 'abuse', text: 'look at this' } as const
  expect(await bob.moderation.report(hub.identity, about, signal)).toMatchObject({ ok: true })
  const { json } = await ask('/admin/reports/list', {})
  expect(json.items).toMatchObject([
    { from: bob.identity, ...about, said: 'not kind', saidIn: content, isInside: false, isTakenDown: false },
  ])
  // [V96] A text inside of its entry is shown, and said to be out of reach; what is sealed is not shown.
  const row = async (of: typeof content) => {
    expect(await bob.moderation.report(hub.identity, { ...about, content: of }, signal)).toMatchObject({
      ok: true,
    })
    return listed(of)
  }
  const listed = async (of: typeof content) => {
    const { items } = (await ask('/admin/reports/list', {})).json
    return items.find((one: { readonly content: unknown }) => one.content === of)
  }
  const short = await alice.publish({ type: 'public_note', at: 2, text: 'short' }, { detached: false })
  const shown = (of: typeof content) => () => bob.query.resolve(alice.identity, of)?.state.type
  await expect.poll(shown(short.content), timeout).toBe('shown')
  expect(await row(short.content)).toMatchObject({ said: 'short', isInside: true })
  await alice.conversations.write([], { text: 'for alice alone' })
  const { content: sealed } = alice.query.feedItems(alice.identity).items[0] ?? short
  await expect.poll(shown(sealed), timeout).toBe('encrypted')
  expect(sealed).not.toBe(short.content)
  expect(await row(sealed)).toMatchObject({ said: null, saidIn: null })

  // What was written anew since is told of, and both are taken down.
  const first = await alice.publish({ type: 'public_note', at: 3, text: 'first words' }, { detached: true })
  await expect.poll(shown(first.content), timeout).toBe('shown')
  expect(await row(first.content)).toMatchObject({ said: 'first words', isTakenDown: false })
  const anew = await alice.edit(first.cid, { type: 'public_note', at: 3, text: 'other words' })
  await expect
    .poll(() => listed(first.content), timeout)
    .toMatchObject({ said: 'other words', saidIn: anew.content })
  for (const { content: one } of [first, anew])
    await ask('/admin/takedowns/add', { content: one, reason: 'reported' })
  expect(await listed(first.content)).toMatchObject({ said: null, isTakenDown: true })

  const state = async (peer: NodePeer) => {
    const answer = await peer.moderation.takenDown(hub.identity, [content], signal)
    return answer.ok ? [...answer.value] : answer.error.code
  }
  expect(await state(bob)).toEqual([])
  expect((await ask('/admin/takedowns/add', { content, reason: 'reported' })).status).toBe(200)
  expect(await state(bob)).toEqual([[content, expect.any(Number)]])

  // Who had it keeps it; who comes now gets the chain without it, and may ask why.
  expect(bob.query.resolve(alice.identity, content)?.state.type).toBe('shown')
  await alice[Symbol.asyncDispose]()
  await bob[Symbol.asyncDispose]()
  const carol = await open('carol')
  await carol.relate('follow', alice.identity, true)
  await expect.poll(() => carol.query.resolve(alice.identity, content)?.state.type, timeout).toBe('missing')
  expect(await state(carol)).toEqual([[content, expect.any(Number)]])

  const connections = async () => (await ask('/admin/connections/list', {})).json.items
  await expect.poll(connections, timeout).toHaveLength(1)
  await ask('/admin/blocks/add', { who: carol.identity })
  await expect.poll(connections, timeout).toEqual([])
  await expect
    .poll(() => carol.status().connections[0]?.state, timeout)
    .toMatchObject({ code: expect.stringMatching(/not-admitted|turned-away/) })
  await carol[Symbol.asyncDispose]()

  // [V91] By a root of which the hub knows no device: it comes as a lone one, and goes once that is known.
  await prepareHome(join(base, 'dave'))
  await using dave = await openNodePeer({ home: join(base, 'dave'), ...shared })
  const root = await dave.account.create()
  await ask('/admin/blocks/add', { who: root })
  const connection = dave.connect(url, { expect: hub.identity })
  await expect.poll(() => connection.state, timeout).toMatchObject({ code: 'not-admitted' })
  const feed = kept[0]?.feed(dave.identity)
  expect([kept[0]?.synods?.accountOf(dave.identity), feed?.watched]).toEqual([root, false])
  expect(await connections()).toEqual([])
})
