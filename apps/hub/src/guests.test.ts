/** Guests of a real hub: who has a session and is no member (V64, V65). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { memoryRecords } from '../test/records.ts'
import { readConfig } from './config/config.ts'
import { prepareHome } from './home.ts'
import { startHub } from './hub.ts'

const shared = { clock: systemClock, log: silentLog, verifyThreads: 0 }

test('[V65] a guest of a community reads what is public there; nothing of theirs is kept, and nobody sees them', {
  timeout: 30_000,
}, async () => {
  const base = mkdtempSync(join(tmpdir(), 'effigy-guests-'))
  using _base = { [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }) }
  const openHome = async (name: string): Promise<NodePeer> => {
    await prepareHome(join(base, name))
    return openNodePeer({ home: join(base, name), ...shared })
  }
  const home = join(base, 'hub')
  await using alice = await openHome('alice')
  const flags = new Map([
    ['port', '0'],
    ['members', alice.identity],
    ['privacy', 'community'],
    ['room', 'true'],
  ])
  const read = readConfig({ flags, environment: {}, file: null, defaultHome: home })
  if (!read.ok) throw new Error('the settings are wrong')
  await prepareHome(home)
  let keeper: NodePeer | null = null
  const openPeer = async (hooks: object) => {
    keeper = await openNodePeer({ home, kind: 'hub', ...shared, ...hooks })
    return keeper
  }
  await using hub = await startHub(
    { openPeer, records: memoryRecords(), ...shared, version: '9.9.9' },
    read.value.config,
  )
  const url = hub.address.split('#')[0] ?? ''
  const signal = AbortSignal.timeout(25_000)
  const { cid } = await alice.publish({ type: 'public_note', at: 1, text: 'hello' })
  await alice.connect(url, { expect: hub.identity }).ready(signal)
  await alice.settled(signal)

  await using guest = await openHome('guest')
  await guest.publish({ type: 'public_note', at: 1, text: 'here I am' })
  await guest.relate('follow', alice.identity, true)
  await alice.relate('follow', guest.identity, true)
  await guest.connect(url, { expect: hub.identity }).ready(signal)
  await guest.settled(signal)
  expect(guest.query.item(cid)?.state).toMatchObject({ type: 'shown', payload: { text: 'hello' } })
  alice.presence.choose({ room: true, list: [guest.identity] })
  guest.presence.choose({ room: true, list: [alice.identity] })
  const seen = await alice.presence.settled(signal)
  expect(seen.hubs).toEqual([{ hub: hub.identity, privacy: 'community', hasRoom: true }])
  expect(seen.here).toEqual([])
  expect((await guest.presence.settled(signal)).hubs).toEqual([])
  const sent = guest.signals.send(alice.identity, { type: 'x-hello' }, { signal })
  await expect(sent).rejects.toMatchObject({ code: expect.stringMatching(/^signal-no-(hub|key)$/) })
  // What the member wants of them is kept for the member's sake, and nothing is kept for theirs.
  const { store } = keeper as unknown as NodePeer
  expect(store.setting(`hub.tracked.${guest.identity}`)).toBeNull()
  const said = (await (await fetch(`${hub.origin}/.well-known/effigy`)).json()) as object
  expect(said).toMatchObject({ privacy: 'community', room: true, members: 'listed' })
})
