/** Names of a hub (W23, W25): first come, few for each, and what it says of them. */
import {
  aliasCheck,
  decodeAlias,
  type Identity,
  identityOfKey,
  type Root,
  signAlias,
  utf8,
} from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { type ServiceCall, silentLog } from '@effigy/sync'
import { createFakeClock, testSigner } from '@effigy/testkit'
import { afterEach, expect, test } from 'vitest'
import { testIdentity } from '../../test/fake-peer.ts'
import { openEmbeddedStore } from '../ports/embedded-store.ts'
import type { HubBucket } from '../ports/hub-store.ts'
import { createAliasAnswer } from './alias-answer.ts'
import { createAliases, maxNames, restMs } from './aliases.ts'
import { aliasService } from './services.ts'

const [a, b] = ['A', 'B'].map((letter) => `${letter.repeat(42)}A`) as [Root, Root]
const hub = await testSigner('hub')
const alice = await testIdentity('alice')
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function world(wrap = (bucket: HubBucket) => bucket) {
  const clock = createFakeClock()
  const records = openEmbeddedStore({ path: ':memory:', clock, log: silentLog })
  closing.push(async () => await records[Symbol.asyncDispose]())
  const start = () =>
    createAliases({
      ...{ aliases: wrap(records.bucket('aliases')), owners: wrap(records.bucket('alias-owners')), clock },
    })
  return { clock, start, aliases: start() }
}

const codeOf = async (asked: Promise<{ readonly code: string } | null>) => (await asked)?.code ?? null

test('[W25] the first who comes has it, and has it still when they ask again', async () => {
  const { aliases } = world()
  expect(await Promise.all([aliases.claim('alice', a), aliases.claim('alice', b)].map(codeOf))).toEqual([
    null,
    'taken',
  ])
  expect(await codeOf(aliases.claim('alice', a))).toBeNull()
  expect(await aliases.ownerOf('alice')).toBe(a)
  expect(await aliases.namesOf(a)).toEqual(['alice'])
  expect(await aliases.namesOf(b)).toEqual([])
})

test.for(['Alice', 'a', '-x', 'a b', 'admin@', 'x'.repeat(33), '__proto__'])(
  '[W25] %s is no name',
  async (name) => {
    expect(await codeOf(world().aliases.claim(name, a))).toBe('bad-name')
  },
)

test.for(['admin', 'postmaster', 'effigy', 'well-known', 'support'])('[W25] %s is kept', async (name) => {
  expect(await codeOf(world().aliases.claim(name, a))).toBe('taken')
})

test('[W25] few of one account', async () => {
  const { aliases } = world()
  for (let n = 0; n < maxNames; n++) expect(await codeOf(aliases.claim(`alice${n}`, a))).toBeNull()
  expect(await codeOf(aliases.claim('alice', a))).toBe('too-many')
  await aliases.release('alice0', a)
  expect(await codeOf(aliases.claim('alice', a))).toBeNull()
})

test('[W25] a name that was given back rests, for others', async () => {
  const { aliases, clock } = world()
  await aliases.claim('alice', a)
  expect(await codeOf(aliases.release('alice', b))).toBe('absent')
  expect(await codeOf(aliases.release('alice', a))).toBeNull()
  expect(await codeOf(aliases.release('alice', a))).toBe('absent')
  expect(await aliases.ownerOf('alice')).toBeNull()
  expect(await codeOf(aliases.claim('alice', b))).toBe('taken')
  expect(await codeOf(aliases.claim('alice', a))).toBeNull()
  await aliases.release('alice', null)
  await clock.advance(restMs)
  expect(await codeOf(aliases.claim('alice', b))).toBeNull()
  expect((await aliases.page(null, 10)).aliases).toEqual([{ name: 'alice', root: b }])
})

test('[W25] [T6] stopped between its two writes, a claim is had by nobody and costs no place', async () => {
  let left = Number.POSITIVE_INFINITY
  const { aliases, start } = world((bucket) => ({
    get: (key) => bucket.get(key),
    list: (options) => bucket.list(options),
    watch: (options, signal) => bucket.watch(options, signal),
    delete: (key, options) => bucket.delete(key, options),
    async put(...given) {
      if (left-- <= 0) throw new Error('killed')
      return bucket.put(...given)
    },
  }))
  left = 1
  await aliases.claim('alice', a).catch(() => {})
  left = Number.POSITIVE_INFINITY
  const after = start()
  expect([await after.ownerOf('alice'), await after.namesOf(a)]).toEqual([null, []])
  expect(await codeOf(after.claim('alice', b))).toBeNull()
  for (let n = 0; n < maxNames; n++) expect(await codeOf(after.claim(`alice${n}`, a))).toBeNull()
})

test('[W25] as a service: of accounts alone, and not too often', async () => {
  const { aliases, clock } = world()
  let root: Root | null = null
  let hasWritten = false
  const service = aliasService({
    ...{ aliases, isMember: (one) => one === alice, hasWritten: () => hasWritten, rootOf: () => root, clock },
  })
  expect(
    [alice, identityOfKey(hub.publicKey)].map((remote) => service.isFor({ remote, trust: 'stranger' })),
  ).toEqual([true, false])
  const call = async (method: string, value: object) => {
    const told = await service.methods[method]?.({ remote: alice, value } as ServiceCall)
    return told?.ok === true ? told.value.value : told?.error.code
  }
  expect(await call('claim', { name: 'alice' })).toBe('newcomer')
  hasWritten = true
  expect(await call('claim', { name: 'alice' })).toBe('no-account')
  root = a
  expect(await call('claim', { name: 7 })).toBe('bad-value')
  expect(await call('claim', { name: 'alice' })).toEqual({})
  expect(await call('list', {})).toEqual({ names: ['alice'] })
  const told = []
  for (let n = 0; n < 12; n++) told.push(await call('release', { name: 'alice' }))
  expect(told.slice(0, 2)).toEqual([{}, 'absent'])
  expect(told.at(-1)).toBe('too-fast')
})

async function answering() {
  const { aliases, clock } = world()
  let signed = 0
  let synod: Identity | null = alice
  const answer = createAliasAnswer({
    ...{ aliases, hub: identityOfKey(hub.publicKey), synodOf: () => synod, clock },
    async sign(claim) {
      signed++
      return signAlias({ ...claim, hub: identityOfKey(hub.publicKey) }, hub)
    },
  })
  const ask = async (query: string, client = '192.0.2.1') => {
    const told = await answer({ target: `/.well-known/effigy/alias?${query}`, address: 'wss://hub', client })
    return { status: told.status, headers: told.headers ?? {}, body: JSON.parse(String(told.body)) }
  }
  const setSynod = (one: Identity | null): void => {
    synod = one
  }
  return { aliases, clock, ask, signed: () => signed, setSynod }
}

test('[W23] says whom a name means, signed, and of names that nobody has the same but the record', async () => {
  const { aliases, ask, signed, setSynod, clock } = await answering()
  await aliases.claim('alice', a)
  const { status, body, headers } = await ask('name=alice')
  const decoded = decodeAlias(utf8(body.record))
  if (!decoded.ok) throw new Error(decoded.error.code)
  expect(decoded.value.claim).toMatchObject({ alias: 'alice', root: a, synod: alice, at: clock.now() })
  expect(await createNodeCrypto().verify([aliasCheck(decoded.value)])).toEqual([true])
  expect(headers).toMatchObject({ 'Access-Control-Allow-Origin': '*' })
  const none = await ask('name=nobody-here')
  expect([none.status, Object.keys(none.body), none.body.record]).toEqual([status, Object.keys(body), null])
  await ask('name=alice')
  expect(signed()).toBe(1)
  // Another key after a move, and none that is known: what was said before is not said any more.
  setSynod(identityOfKey(hub.publicKey))
  await ask('name=alice')
  expect(signed()).toBe(2)
  setSynod(null)
  expect((await ask('name=alice')).body.record).toBeNull()
})

test('[W23] [T16] refuses what is no name, and who asks too often, alone', async () => {
  const { ask, clock } = await answering()
  for (const query of [
    '',
    'name=',
    'name=Alice',
    'name=al&name=bo',
    'name=..%2f',
    `name=${'a'.repeat(5000)}`,
  ]) {
    expect((await ask(query)).status).toBe(400)
  }
  let told = await ask('name=al')
  for (let n = 0; n < 40 && told.status === 200; n++) told = await ask('name=al')
  expect([told.status, Number(told.headers['Retry-After'])]).toEqual([429, 1])
  expect((await ask('name=al', '192.0.2.2')).status).toBe(200)
  await clock.advance(1_000)
  expect((await ask('name=al')).status).toBe(200)
})
