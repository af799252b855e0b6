/** A real hub, a member, and coturn (T19). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Identity, identityOfKey } from '@effigy/core'
import { openNodePeer } from '@effigy/peer/node'
import { type ServiceCall, silentLog, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { hasCoturn, startCoturn, testSecret, turnSettings, withCoturn } from '../../test/coturn.ts'
import { createFakePeer, testIdentity } from '../../test/fake-peer.ts'
import { memoryRecords } from '../../test/records.ts'
import { readConfig } from '../config/config.ts'
import type { HubConfig } from '../config/options.ts'
import { prepareHome } from '../home.ts'
import { startHub } from '../hub.ts'
import { relayService } from './relay.ts'
import { openTurnClient } from './turn-client.ts'

function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'effigy-relay-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

function settingsFor(home: string): HubConfig {
  const read = readConfig({ flags: new Map([['port', '0']]), environment: {}, file: null, defaultHome: home })
  if (!read.ok) throw new Error('the defaults are wrong')
  return read.value.config
}

test.skipIf(!hasCoturn)(
  `[V80] [T19] what a hub gives its member opens a way through coturn${withCoturn}`,
  { timeout: 60_000 },
  async () => {
    using folder = temporaryFolder()
    const turnSecretFile = join(folder.path, 'secret')
    writeFileSync(turnSecretFile, `${testSecret}\n`, { mode: 0o600 })
    await using coturn = await startCoturn()
    const home = join(folder.path, 'hub')
    await prepareHome(home)
    await prepareHome(join(folder.path, 'alice'))
    const shared = { clock: systemClock, log: silentLog, verifyThreads: 0 }
    await using hub = await startHub(
      {
        openPeer: (hooks: object) => openNodePeer({ home, kind: 'hub', ...shared, ...hooks }),
        records: memoryRecords(),
        ...shared,
        version: '9.9.9',
      },
      { ...settingsFor(home), turnUrls: coturn.settings.turnUrls, turnSecretFile },
    )
    await using alice = await openNodePeer({ home: join(folder.path, 'alice'), ...shared })
    alice.connect(hub.address.split('#')[0] ?? '', { expect: hub.identity })
    const signal = AbortSignal.timeout(30_000)
    await expect.poll(() => alice.turn.iceServers(signal), { timeout: 10_000 }).toHaveLength(1)
    const [{ urls, username = '', credential = '' } = { urls: [] }] = await alice.turn.iceServers(signal)
    expect(urls).toEqual(coturn.settings.turnUrls)
    expect(username).not.toContain('did:key')
    using client = await openTurnClient({
      url: { scheme: 'turn', host: coturn.host, port: coturn.port, transport: 'udp' },
      user: username,
      password: credential,
      clock: systemClock,
      signal,
    })
    expect(await client.allocate()).toMatchObject({ ok: true })
    const described = await (await fetch(`${hub.origin}/.well-known/effigy`)).json()
    expect(described).toMatchObject({ services: expect.arrayContaining(['turn']) })
  },
)

test('a hub whose secret is none, or can be read by others, does not start', async () => {
  using folder = temporaryFolder()
  const turnSecretFile = join(folder.path, 'secret')
  writeFileSync(turnSecretFile, `${testSecret}\n`, { mode: 0o644 })
  const start = (turn: Partial<HubConfig>) =>
    startHub(
      {
        openPeer: async (hooks) => (await createFakePeer(hooks)).peer,
        records: memoryRecords(),
        clock: systemClock,
        log: silentLog,
        version: '9.9.9',
      },
      { ...settingsFor(folder.path), turnUrls: ['turn:relay.example'], ...turn },
    )
  await expect(start({})).rejects.toMatchObject({ code: 'turn-secret' })
  await expect(start({ turnSecretFile })).rejects.toMatchObject({ code: 'turn-secret' })
  await expect(start({ turnSecretFile: join(folder.path, 'none') })).rejects.toMatchObject({
    code: 'turn-secret',
  })
})

test('[V82] [T18] names that were made up fill 500 places, and members have theirs', async () => {
  using folder = temporaryFolder()
  const turnSecretFile = join(folder.path, 'secret')
  writeFileSync(turnSecretFile, `${testSecret}\n`, { mode: 0o600 })
  const member = await testIdentity('member')
  const ports = { clock: systemClock, isMember: () => true, isNewcomer: (one: string) => one !== member }
  const relay = relayService(turnSettings({ turnUrls: ['turn:relay.example'], turnSecretFile }), ports)
  const codeFor = async (remote: Identity) => {
    const answer = await relay?.methods.servers?.({ remote, value: {} } as ServiceCall)
    return answer?.ok === false ? answer.error.code : null
  }
  const madeUp = Array.from({ length: 501 }, (_, at) =>
    identityOfKey(Uint8Array.from({ length: 32 }, (_, byte) => (byte < 2 ? at >> (8 * byte) : 7) & 0xff)),
  )
  const codes = await Promise.all(madeUp.map(codeFor))
  expect(codes.flatMap((code, at) => (code === null ? [] : [`${at} ${code}`]))).toEqual(['500 busy'])
  expect(await codeFor(member)).toBeNull()
})

test('[V80] members alone may have a name; without a relay there is none to have', async () => {
  const [member, stranger] = [await testIdentity('member'), await testIdentity('stranger')]
  const isMember = (identity: string) => identity === member
  const ports = { clock: systemClock, isMember, isNewcomer: () => false }
  expect(relayService(turnSettings(), ports)).toBeNull()
  const relay = relayService(turnSettings({ turnUrls: ['stun:relay.example'] }), ports)
  expect(relay?.isFor({ remote: member, trust: 'stranger' })).toBe(true)
  expect(relay?.isFor({ remote: stranger, trust: 'friend' })).toBe(false)
})
