/** Every operation, over HTTP: a wrong key, bad input, what is not there, and right. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cid, type Identity, parseCid, rawCidOfDigest } from '@effigy/core'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type AdminHub, startAdminHub } from '../../test/admin-hub.ts'
import { inviteToken, testIdentity } from '../../test/fake-peer.ts'
import { memoryRecords } from '../../test/records.ts'
import { readInput } from './fields.ts'
import { pathOf } from './operation.ts'
import { operations } from './operations.ts'

const [alice, bob] = (await Promise.all(['alice', 'bob'].map(testIdentity))) as [Identity, Identity]
const cid = (byte: number) => rawCidOfDigest(new Uint8Array(32).fill(byte))
const content: Cid = cid(1)
const folder = parseCid('bafybeibwzifw52ttrkqlikfzext5akxu7lz4xiwjgwzmqcpdzmp3n5vnbe') as Cid
const root = 'A'.repeat(43)
const shelved = 'hub-20261121-160000.tar'

function lease(feed: Identity, owner: Identity) {
  return {
    for: feed,
    owner,
    until: 5_000,
    bytes: 100,
    record: new Uint8Array(3),
    isReleased: false,
    before: null,
  }
}

/** Somebody of everything is there. */
async function prepare({ fake, ask, records }: AdminHub): Promise<void> {
  fake.held.set(alice, 300)
  for (const member of [alice, bob]) fake.hooks.admits(member)
  fake.hooks.tracks(bob, [alice])
  fake.sessions.add(alice)
  fake.leases.put(lease(alice, alice))
  const drop = { id: cid(2), from: bob, isFriend: false, size: 7, at: 1, expires: 9e15 }
  fake.drops.add({ ...drop, to: alice }, new Uint8Array(7))
  fake.drops.add({ ...drop, to: null }, new Uint8Array(7))
  await ask('/admin/quotas/set', { input: { who: alice, feeds: 5, bytes: '2 MiB' } })
  await ask('/admin/blocks/add', { input: { who: root, reason: 'spam' } })
  await ask('/admin/takedowns/add', { input: { content } })
  await ask('/admin/invites/create', { input: { count: 3 } })
  await records.bucket('guests').put(bob, JSON.stringify({ by: 'x', from: alice, at: 4 }))
  await records.bucket('aliases').put('ada', JSON.stringify({ root, released: null }))
  await vi.waitUntil(async () => (await ask('/admin/guests/list')).json.items.length === 1)
  await report(fake, bob, { about: alice, content, reason: 'abuse', text: 'not kind' })
}

async function report({ services }: AdminHub['fake'], remote: Identity, value: object) {
  const call = { remote, value, bytes: new Uint8Array(0), trust: 'stranger', answer() {} }
  return services.get('moderation')?.methods.report?.(call as never)
}

const reportOf = async ({ ask }: AdminHub): Promise<string> =>
  (await ask('/admin/reports/list')).json.items[0].id

interface Case {
  /** Of what is there. */
  readonly right: object | ((at: AdminHub) => Promise<object>)
  readonly gives: object
  readonly bad?: readonly unknown[]
  readonly missing?: object
}

const bytesAndMore = [{ who: 7 }, { who: 'nobody' }, {}]

const cases: Readonly<Record<string, Case>> = {
  'overview show': {
    right: {},
    gives: {
      version: '9.9.9',
      isReady: true,
      isDraining: false,
      members: 2,
      sessions: 1,
      openReports: 1,
      blocks: 1,
    },
  },
  'connections list': {
    right: {},
    gives: { items: [{ kind: 'peer', since: 1_000, sentBytes: 20, receivedBytes: 10 }], next: null },
    bad: [{ limit: 0 }, { limit: 501 }, { after: 7 }, { more: 1 }],
  },
  'connections end': {
    right: { device: alice },
    gives: { ended: 1 },
    bad: [{}, { device: 7 }, { device: 'short' }],
    missing: { device: '11111111' },
  },
  'drain begin': { right: {}, gives: { isDraining: true } },
  'drain end': { right: {}, gives: { isDraining: false } },
  'links create': {
    right: {},
    gives: { link: expect.stringContaining('/admin/#'), until: expect.any(Number) },
  },
  'sessions end': { right: {}, gives: { ended: 0 } },
  'people list': {
    right: { limit: 1 },
    gives: { items: [{ devices: 1, feeds: expect.any(Number) }], next: expect.any(String) },
    bad: [{ limit: '1' }],
  },
  'people show': {
    right: { who: alice },
    gives: {
      person: alice,
      ownBytes: 300,
      connected: 1,
      quota: { feeds: 5, bytes: 2 ** 21, blobBytes: null },
      leasedBytes: 100,
      credit: [],
      deviceList: [{ identity: alice, isConnected: true, isBlocked: false }],
    },
    bad: bytesAndMore,
    missing: { who: root },
  },
  'devices list': {
    right: {},
    gives: {
      items: expect.arrayContaining([expect.objectContaining({ identity: bob, feeds: 2 })]),
      next: null,
    },
  },
  'quotas list': { right: {}, gives: { items: [{ who: alice, feeds: 5, bytes: 2 ** 21, blobBytes: null }] } },
  'quotas set': {
    right: { who: bob, blobBytes: 0 },
    gives: { who: bob, feeds: null, bytes: null, blobBytes: 0 },
    bad: [...bytesAndMore, { who: bob, feeds: 0 }, { who: bob, bytes: -1 }, { who: bob, bytes: '1 apple' }],
  },
  'quotas clear': { right: { who: alice }, gives: { who: alice }, bad: bytesAndMore, missing: { who: bob } },
  'invites list': {
    right: {},
    gives: { items: [{ token: inviteToken, count: 3, used: 0, isRevoked: false }], next: null },
  },
  'invites create': {
    right: { days: 2 },
    gives: {
      link: expect.stringMatching(/^http:.*\/i\/#effigy-invite-1-/),
      count: 1,
      until: expect.any(Number),
    },
    bad: [{ count: 0 }, { count: 1_001 }, { days: 366 }],
  },
  'invites revoke': {
    right: { token: inviteToken },
    gives: { token: inviteToken },
    bad: [{}, { token: '' }],
    missing: { token: 'A'.repeat(43) },
  },
  'guests list': { right: {}, gives: { items: [{ identity: bob, from: alice, at: 4 }], next: null } },
  'guests remove': {
    right: { identity: bob },
    gives: { identity: bob },
    bad: [{}, { identity: root }],
    missing: { identity: alice },
  },
  'aliases list': { right: {}, gives: { items: [{ name: 'ada', root }], next: null } },
  'aliases release': {
    right: { name: 'ada' },
    gives: { name: 'ada' },
    bad: [{}, { name: 7 }],
    missing: { name: 'bob' },
  },
  'backups list': {
    right: {},
    gives: { items: [{ file: shelved, bytes: 3, at: expect.any(Number) }], next: null },
  },
  'backups show': { right: {}, gives: { running: null, failure: null } },
  'backups start': { right: {}, gives: { running: expect.stringMatching(/^hub-\d{8}-\d{6}\.tar$/) } },
  'backups remove': {
    right: { file: shelved },
    gives: { file: shelved },
    bad: [{}, { file: 7 }],
    missing: { file: '../vault.json' },
  },
  'leases list': {
    right: { owner: alice },
    gives: { items: [{ feed: alice, owner: alice, bytes: 100, until: 5_000, length: null }], next: null },
    bad: [{ owner: 'x' }],
  },
  'leases end': {
    right: { feed: alice },
    gives: { feed: alice },
    bad: [{}, { feed: root }],
    missing: { feed: bob },
  },
  'drops list': {
    right: {},
    gives: {
      items: [
        { to: alice, drops: 1, bytes: 7 },
        { to: null, drops: 1 },
      ],
      next: null,
    },
  },
  'drops clear': {
    right: { to: null },
    gives: { to: null, drops: 1, bytes: 7 },
    bad: [{}, { to: 'everybody' }, { to: root }],
    missing: { to: bob },
  },
  'credit show': { right: { who: bob }, gives: { items: [], next: null }, bad: bytesAndMore },
  'credit grant': {
    right: { identity: bob, bytes: '1 KiB' },
    gives: { identity: bob, grantedBytes: 1024, person: bob },
    bad: [{ identity: bob, bytes: 0 }, { identity: root, bytes: 1 }, { identity: bob }],
  },
  'blocks list': { right: {}, gives: { items: [{ who: root, reason: 'spam' }], next: null } },
  'blocks add': {
    right: { who: alice },
    gives: { who: alice, reason: null, at: expect.any(Number) },
    bad: [
      ...bytesAndMore,
      { who: alice, reason: '' },
      { who: alice, reason: 'a\nb' },
      { who: alice, reason: 'x'.repeat(501) },
    ],
  },
  'blocks remove': { right: { who: root }, gives: { who: root }, bad: bytesAndMore, missing: { who: bob } },
  'takedowns list': { right: {}, gives: { items: [{ content, reason: null }], next: null } },
  'takedowns add': { right: { content: folder }, gives: { content: folder }, bad: [{}, { content: alice }] },
  'takedowns remove': {
    right: { content },
    gives: { content },
    bad: [{}, { content: 'x' }],
    missing: { content: folder },
  },
  'reports list': {
    right: { which: 'open' },
    gives: {
      items: [
        {
          from: bob,
          fromName: null,
          about: alice,
          aboutName: null,
          content,
          said: null,
          saidIn: null,
          isTakenDown: true,
          isBlocked: false,
          reason: 'abuse',
          text: 'not kind',
          resolved: null,
        },
      ],
    },
    bad: [{ which: 'some' }],
  },
  'reports resolve': {
    right: async (at) => ({ id: await reportOf(at), note: 'talked to her' }),
    gives: { id: expect.any(String) },
    bad: [{}, { id: '' }],
    missing: { id: 'nothing' },
  },
}

test('every operation is tried here', () => {
  expect(Object.keys(cases).sort()).toEqual(operations.map(({ name }) => name).sort())
})

describe.concurrent.each(operations.map((operation) => [operation.name, operation] as const))(
  '%s',
  (name, operation) => {
    const path = pathOf(operation)
    const { right, gives, bad = [], missing } = cases[name] as Case

    test('wrong key, bad input, not there, right', async () => {
      const home = mkdtempSync(join(tmpdir(), 'effigy-operations-'))
      using _home = { [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) }
      mkdirSync(join(home, 'backups'))
      writeFileSync(join(home, 'backups', shelved), 'tar')
      writeFileSync(join(home, 'backups', 'other.txt'), '')
      await using at = await startAdminHub({ home })
      await prepare(at)
      const input = typeof right === 'function' ? await right(at) : right
      expect((await at.ask(path, { input, key: 'wrong' })).status).toBe(401)
      for (const one of [...bad, [], null, 7, { ...input, surplus: 1 }]) {
        const { status, json } = await at.ask(path, { input: one })
        expect([status, json.error], JSON.stringify(one)).toEqual([400, 'bad-input'])
      }
      expect((await at.ask(path, { input: '{' })).json.error).toBe('not-json')
      expect(operation.faults.includes('not-found')).toBe(missing !== undefined)
      if (missing !== undefined) {
        expect(await at.ask(path, { input: missing })).toMatchObject({
          status: 404,
          json: { error: 'not-found' },
        })
      }
      expect(await at.ask(path, { input })).toMatchObject({ status: 200, json: gives })
    })
  },
)

describe('what comes of it', () => {
  test('[V91] a block: the session ends, nothing is kept for them, and none of it is forgotten over a restart', async () => {
    const records = memoryRecords()
    const settings = new Map<string, string>()
    const at = await startAdminHub({}, records)
    await prepare(at)
    await at.ask('/admin/blocks/add', { input: { who: alice } })
    expect([...at.fake.sessions]).toEqual([])
    expect(at.fake.hooks.admits(alice)).toBe(false)
    expect(at.fake.hooks.turnsAway()).toEqual(new Set([alice]))
    expect([...at.fake.watched]).toEqual([bob])
    await at.hub[Symbol.asyncDispose]()
    for (const [key, value] of at.fake.settings) settings.set(key, value)
    await using again = await startAdminHub({}, records)
    expect(again.fake.hooks.admits(alice)).toBe(false)
    await again.ask('/admin/blocks/remove', { input: { who: alice } })
    expect(again.fake.hooks.admits(alice)).toBe(true)
  })

  test('a hub that takes no invites makes none', async () => {
    await using at = await startAdminHub({ invites: 'off' })
    expect((await at.ask('/admin/invites/create')).json.error).toBe('not-possible')
  })

  test('the hub blocks not itself', async () => {
    await using at = await startAdminHub()
    const blocked = await at.ask('/admin/blocks/add', { input: { who: at.hub.identity } })
    expect(blocked).toMatchObject({ status: 409, json: { error: 'not-possible' } })
  })

  test('[V93] a take-down holds in a store that was put back', async () => {
    const records = memoryRecords()
    const at = await startAdminHub({}, records)
    await at.ask('/admin/takedowns/add', { input: { content } })
    expect([...at.fake.takenDown]).toEqual([content])
    await at.hub[Symbol.asyncDispose]()
    await using again = await startAdminHub({}, records)
    expect([...again.fake.takenDown]).toEqual([content])
    await again.ask('/admin/takedowns/remove', { input: { content } })
    expect([...again.fake.takenDown]).toEqual([])
  })

  test('lists go on behind their page', async () => {
    await using at = await startAdminHub()
    const contents = [1, 2, 3, 4, 5].map(cid)
    for (const one of contents) await at.ask('/admin/takedowns/add', { input: { content: one } })
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const { json } = await at.ask('/admin/takedowns/list', { input: { limit: 2, after } })
      seen.push(...json.items.map((item: { content: string }) => item.content))
      after = json.next
      if (after === null) break
    }
    expect(seen).toEqual([...contents].sort())
  })

  test('[T20] who is connected is told by short names, and nobody’s address', async () => {
    await using at = await startAdminHub()
    at.fake.sessions.add(alice)
    const { text } = await at.ask('/admin/connections/list')
    expect(text).not.toContain(alice)
    expect(text).not.toContain('127.0.0.1')
  })

  test('a disk that fails is told as that', async () => {
    await using at = await startAdminHub()
    at.fake.closed = true
    expect(await at.ask('/admin/overview/show')).toMatchObject({
      status: 503,
      json: { error: 'storage-failed' },
    })
    at.fake.closed = false
  })

  test('what is no operation is told to whoever may ask', async () => {
    await using at = await startAdminHub()
    for (const path of ['/admin/x', '/admin/people', '/admin/people/list/', '/admin//', '/admin/__proto__']) {
      expect((await at.ask(path)).json.error).toBe('unknown-operation')
    }
  })
})

test('[T16] input is read without a throw, whatever it is', () => {
  const names = [...new Set(operations.flatMap(({ fields }) => Object.keys(fields)))]
  const near = fc.dictionary(fc.constantFrom(...names), fc.jsonValue())
  fc.assert(
    fc.property(fc.constantFrom(...operations), fc.oneof(fc.jsonValue(), near), ({ fields }, input) => {
      void readInput(fields, input)
    }),
  )
  expect(readInput(operations[0]?.fields ?? {}, JSON.parse('{"__proto__": 1}')).ok).toBe(false)
})
