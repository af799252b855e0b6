import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Identity, identityKey } from '@effigy/core'
import { type NodePeer, openNodePeer } from '@effigy/peer/node'
import { type ServiceCall, silentLog, systemClock } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { testIdentity } from '../../test/fake-peer.ts'
import { memoryRecords } from '../../test/records.ts'
import { readConfig } from '../config/config.ts'
import { prepareHome } from '../home.ts'
import { type Hub, startHub } from '../hub.ts'
import { maxWished, readWishes, wishService } from './wish-service.ts'

const shared = { clock: systemClock, log: silentLog, verifyThreads: 0 }
const timeout = { timeout: 20_000 }

async function openHub(
  home: string,
  follows: string,
): Promise<{ readonly hub: Hub; readonly peer: NodePeer }> {
  const flags = new Map([['port', '0'], ...(follows === '' ? [] : [['follows', follows] as const])])
  const read = readConfig({ flags, environment: {}, file: null, defaultHome: home })
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  await prepareHome(home)
  let opened: NodePeer | null = null
  const hub = await startHub(
    {
      async openPeer(hooks) {
        opened = await openNodePeer({ home, kind: 'hub', ...shared, ...hooks })
        return opened
      },
      records: memoryRecords(),
      ...shared,
      version: '9.9.9',
    },
    read.value.config,
  )
  return { hub, peer: opened as unknown as NodePeer }
}

async function openPerson(home: string): Promise<NodePeer> {
  await prepareHome(home)
  return openNodePeer({ home, ...shared })
}

test('[V114] [V115] three hubs in a line: a member of the first hears one of the last, with files; neither keeps what nobody wants any more', {
  timeout: 60_000,
}, async () => {
  const base = mkdtempSync(join(tmpdir(), 'effigy-line-'))
  using _base = { [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }) }
  const last = await openHub(join(base, 'last'), '')
  await using _last = last.hub
  const middle = await openHub(join(base, 'middle'), last.hub.address)
  await using _middle = middle.hub
  const first = await openHub(join(base, 'first'), middle.hub.address)
  await using _first = first.hub

  await using carol = await openPerson(join(base, 'carol'))
  carol.connect(last.hub.address)
  const { cid } = await carol.publish({ type: 'public_note', at: 1, text: 'from afar' })
  const bytes = new Uint8Array(300_000).map((_, at) => (at * 31 + (at >> 8) * 7) & 0xff)
  async function* source() {
    yield bytes
  }
  const { root, size } = await carol.addFile(source(), { signal: new AbortController().signal })
  const mime = 'application/octet-stream'
  await carol.publish({ type: 'media', at: 1, kind: 'document', blob: root, mime, bytes: size })
  await expect.poll(() => last.peer.store.blobState(root).type, timeout).toBe('complete')

  await using alice = await openPerson(join(base, 'alice'))
  await alice.relate('follow', carol.identity, true)
  const connection = alice.connect(first.hub.address)
  await expect
    .poll(() => alice.query.item(cid)?.state, timeout)
    .toMatchObject({ payload: { text: 'from afar' } })
  await expect.poll(() => alice.store.blobState(root).type, timeout).toBe('complete')

  const quota = async () =>
    await alice.call(first.hub.identity, 'quota', 'get', {}, { signal: new AbortController().signal })
  await expect
    .poll(
      async () => ((await quota()) as { value?: { value?: { fileBytes?: number } } }).value?.value?.fileBytes,
      timeout,
    )
    .toBeGreaterThanOrEqual(300_000)

  await alice.relate('follow', carol.identity, false)
  alice.unwatch(carol.identity)
  // A hub learns what somebody watches no more when they meet again.
  await connection[Symbol.asyncDispose]()
  await expect.poll(() => alice.status().sessions, timeout).toEqual([])
  alice.connect(first.hub.address)
  const watches = ({ peer }: typeof middle) => peer.store.feed(carol.identity)?.watched
  await expect
    .poll(() => [watches(first), watches(middle), watches(last)], timeout)
    .toEqual([false, false, true])
})

describe('[V114] [T18] what a hub wishes', () => {
  test('is bounded, and whole keys', async () => {
    const alice = await testIdentity('alice')
    const keys = (count: number) =>
      new Uint8Array(Array.from({ length: count }, () => [...identityKey(alice)]).flat())
    expect(readWishes(keys(0))).toEqual([])
    expect(readWishes(keys(2))).toEqual([alice, alice])
    expect(readWishes(keys(maxWished))?.length).toBe(maxWished)
    expect(readWishes(keys(maxWished + 1))).toBe(null)
    for (let length = 1; length < 32; length++) expect(readWishes(keys(1).subarray(0, length))).toBe(null)
  })

  test('is taken of members alone', async () => {
    const [alice, bob] = [await testIdentity('alice'), await testIdentity('bob')]
    const wished: [Identity, readonly Identity[]][] = []
    const members = {
      has: (identity: Identity) => identity === alice,
      trackHub: (hub: Identity, list: readonly Identity[]) => void wished.push([hub, list]),
    }
    const clock = createFakeClock()
    const service = wishService(() => members, clock)
    const caller = (remote: Identity) => ({ remote, trust: 'stranger' as const })
    expect([service.isFor(caller(alice)), service.isFor(caller(bob))]).toEqual([true, false])
    const call = (bytes: Uint8Array) => ({ remote: alice, bytes, value: {} }) as unknown as ServiceCall
    expect(await service.methods.wish?.(call(identityKey(bob)))).toMatchObject({ ok: true })
    expect(await service.methods.wish?.(call(identityKey(bob)))).toMatchObject({
      error: { code: 'too-fast' },
    })
    await clock.advance(500)
    expect(await service.methods.wish?.(call(new Uint8Array(5)))).toMatchObject({
      error: { code: 'bad-request' },
    })
    expect(wished).toEqual([[alice, [bob]]])
  })
})
