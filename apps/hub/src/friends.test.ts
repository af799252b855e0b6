import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
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
  await using hub = await startHub({ openPeer, ...shared, version: '9.9.9' }, read.value.config)
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
  await hub[Symbol.asyncDispose]()
  await expect.poll(() => connection.state.type, timeout).not.toBe('connected')
})
