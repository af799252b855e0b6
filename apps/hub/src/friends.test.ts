import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseBase64url } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { memoryRecords } from '../test/records.ts'
import { readConfig } from './config/config.ts'
import { prepareHome } from './home.ts'
import { startHub } from './hub.ts'

const shared = { clock: systemClock, log: silentLog, verifyThreads: 0 }

async function openHome(home: string): Promise<NodePeer> {
  await prepareHome(home)
  return openNodePeer({ home, ...shared })
}

test('friends who are never online together hear each other; a hub that stops lets go of them', async () => {
  const base = mkdtempSync(join(tmpdir(), 'effigy-friends-'))
  using _base = { [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }) }
  const home = join(base, 'hub')
  const read = readConfig({ flags: new Map([['port', '0']]), environment: {}, file: null, defaultHome: home })
  if (!read.ok) throw new Error('the defaults are wrong')
  await prepareHome(home)
  const openPeer = (hooks: object) => openNodePeer({ home, kind: 'hub', ...shared, ...hooks })
  await using hub = await startHub(
    { openPeer, records: memoryRecords(), ...shared, version: '9.9.9' },
    read.value.config,
  )
  const url = hub.address.split('#')[0]!
  const timeout = { timeout: 10_000 }

  const alice = await openHome(join(base, 'alice'))
  const { identity } = alice
  const { cid } = await alice.publish({ type: 'public_note', at: 1, text: 'hello' })
  alice.connect(url, { expect: hub.identity })
  const pageShows = async (text: string) => (await (await fetch(`${hub.origin}/`)).text()).includes(text)
  await expect.poll(() => pageShows('<dd>1 ('), timeout).toBe(true)
  await alice[Symbol.asyncDispose]()

  await using bob = await openHome(join(base, 'bob'))
  await bob.relate('follow', identity, true)
  const connection = bob.connect(url, { expect: hub.identity })
  await expect
    .poll(() => bob.query.item(cid)?.state, timeout)
    .toMatchObject({
      type: 'shown',
      payload: { text: 'hello' },
    })
  await hub.drain.begin()
  await expect.poll(() => connection.state, timeout).toMatchObject({ type: 'waiting', code: 'stopping' })
  // Back by itself; while it drains nobody answers.
  connection.retry()
  await expect.poll(() => connection.state, timeout).toMatchObject({ type: 'waiting', code: 'unreachable' })
  hub.drain.end()
  connection.retry()
  await connection.ready(AbortSignal.timeout(timeout.timeout))
  await hub[Symbol.asyncDispose]()
  await expect.poll(() => connection.state.type, timeout).not.toBe('connected')
})

test('[V37] [V40] a real hub keeps what is left for who is away, and what it promised', {
  timeout: 60_000,
}, async () => {
  const base = mkdtempSync(join(tmpdir(), 'effigy-drops-'))
  using _base = { [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }) }
  const home = join(base, 'hub')
  const flags = new Map([
    ['port', '0'],
    ['lease-days', '10'],
  ])
  const read = readConfig({ flags, environment: {}, file: null, defaultHome: home })
  if (!read.ok) throw new Error('the settings are wrong')
  await prepareHome(home)
  const openPeer = (hooks: object) => openNodePeer({ home, kind: 'hub', ...shared, ...hooks })
  await using hub = await startHub(
    { openPeer, records: memoryRecords(), ...shared, version: '9.9.9' },
    read.value.config,
  )
  const url = hub.address.split('#')[0]!
  const signal = AbortSignal.timeout(50_000)
  const open = async (name: string): Promise<NodePeer> => {
    const peer = await openHome(join(base, name))
    await peer.connect(url, { expect: hub.identity }).ready(signal)
    return peer
  }

  const bob = await open('bob')
  await bob.publish({ type: 'public_note', at: 1, text: 'hello' })
  await bob.settled(signal)
  const outcomes = await bob.leases.ask(hub.identity, { days: 30, signal })
  expect(outcomes).toMatchObject([{ type: 'leased', feed: bob.identity }])
  const [lease] = bob.leases.list()
  expect(lease).toMatchObject({ state: 'checked', failure: null })
  // Cut to what the operator allows.
  expect(lease?.until).toBeLessThanOrEqual(Date.now() + 10 * 24 * 60 * 60 * 1000)
  const { box } = JSON.parse(readFileSync(join(base, 'bob', 'vault.json'), 'utf8')) as {
    readonly box: string
  }
  const crypto = createNodeCrypto()
  const { publicKey } = await crypto.agreementKey(parseBase64url(box)!)
  await bob[Symbol.asyncDispose]()

  const alice = await open('alice')
  await alice.settled(signal)
  const sent = await alice.drops.send(
    { to: bob.identity, keys: [publicKey] },
    { type: 'x-hello', text: 'while you were away' },
    { signal },
  )
  expect(sent.boxes).toMatchObject([{ type: 'kept', box: hub.identity }])
  await alice[Symbol.asyncDispose]()

  await using again = await open('bob')
  await expect
    .poll(() => again.drops.list('requests'), { timeout: 20_000 })
    .toMatchObject([{ from: alice.identity, payload: { text: 'while you were away' } }])
})
