/** Homes on this machine's disk: one process at a time, and what a copy of one may not do. */
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acceptWebSockets } from '@effigy/links/node'
import { silentLog, systemClock } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { createHome, type NodePeer, openNodePeer } from '../src/node.ts'
import { confirmPhrase } from './account-kit.ts'
import { never, note, soundChain, texts } from './world.ts'

const code = (name: string) => expect.objectContaining({ code: name })

function temporaryFolder(): Disposable & { readonly at: (name: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-peer-'))
  return {
    at: (name) => join(folder, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const open = (home: string, options: object = {}) =>
  openNodePeer({ home, clock: systemClock, log: silentLog, verifyThreads: 0, ...options })

/** The peer behind a WebSocket of this machine. */
async function listen(peer: NodePeer): Promise<AsyncDisposable & { readonly address: string }> {
  const server = createServer()
  const stop = new AbortController()
  acceptWebSockets(server, {
    path: '/effigy/1',
    maxConnections: 8,
    maxPerAddress: 8,
    maxWaiting: 8,
    clock: systemClock,
    onLink: (link) => void peer.accept(link),
    signal: stop.signal,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `ws://127.0.0.1:${port}/effigy/1#${peer.identity}`,
    async [Symbol.asyncDispose]() {
      stop.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('a home', () => {
  test('keeps its identity and its feed', async () => {
    using folder = temporaryFolder()
    const home = folder.at('alice')
    const identity = await createHome(home, { words: 24 })
    expect(statSync(join(home, 'vault.json')).mode & 0o777).toBe(0o600)
    {
      await using peer = await open(home)
      expect(peer.identity).toBe(identity)
      expect(peer.phrase?.split(' ').length).toBe(24)
      await peer.publish(note('first'))
    }
    await using peer = await open(home)
    await peer.publish(note('second'))
    expect(texts(peer.store, identity)).toEqual(['second', 'first'])
    soundChain(peer.store, identity)
  })

  test('is open once: the second one is told, and changes nothing', async () => {
    using folder = temporaryFolder()
    const home = folder.at('alice')
    await createHome(home)
    {
      await using peer = await open(home)
      const second = open(home)
      await expect(second).rejects.toThrow(code('storage-locked'))
      await expect(second).rejects.toThrow(/another process/)
      await peer.publish(note('still here'))
    }
    // Not a restored disk either.
    await using again = await open(home)
    expect(again.status().mayWrite).toBe(true)
  })

  test('that is none, is there already, cannot be made, has lost its key', async () => {
    using folder = temporaryFolder()
    await expect(open(folder.at('nobody'))).rejects.toThrow(code('home-absent'))
    await createHome(folder.at('alice'))
    await expect(createHome(folder.at('alice'))).rejects.toThrow(code('home-exists'))
    writeFileSync(folder.at('file'), '')
    await expect(createHome(join(folder.at('file'), 'home'))).rejects.toThrow(code('home-unwritable'))
    await expect(createHome(folder.at('bob'), { phrase: 'no such words' })).rejects.toThrow(
      code('phrase-invalid'),
    )
    writeFileSync(join(folder.at('alice'), 'vault.json'), '{', { mode: 0o600 })
    await expect(open(folder.at('alice'))).rejects.toThrow(code('vault-damaged'))
  })
})

test('[T5] a store put back from a copy publishes nothing until others gave what it lacks', async () => {
  using folder = temporaryFolder()
  const home = folder.at('alice')
  const identity = await createHome(home)
  await createHome(folder.at('bob'))
  await using bob = await open(folder.at('bob'))
  await bob.relate('follow', identity, true)
  await using server = await listen(bob)
  {
    await using alice = await open(home)
    await alice.publish(note('in the copy'))
  }
  cpSync(join(home, 'store'), folder.at('copy'), { recursive: true })
  {
    await using alice = await open(home)
    await alice.publish(note('after the copy'))
    alice.connect(server.address)
    await expect.poll(() => texts(bob.store, identity).length, { timeout: 10_000 }).toBe(2)
  }
  rmSync(join(home, 'store'), { recursive: true })
  cpSync(folder.at('copy'), join(home, 'store'), { recursive: true })
  for (let start = 0; start < 2; start++) {
    await using alice = await open(home)
    await expect(alice.publish(note('too early'))).rejects.toThrow(code('restored'))
  }
  {
    await using alice = await open(home)
    alice.connect(server.address)
    await expect.poll(() => alice.status().mayWrite, { timeout: 10_000 }).toBe(true)
    await alice.publish(note('now'))
    expect(soundChain(alice.store, identity).length).toBe(3)
    await expect.poll(() => texts(bob.store, identity)[0], { timeout: 10_000 }).toBe('now')
    soundChain(bob.store, identity)
  }
  await using alice = await open(home)
  await alice.publish(note('and without anybody'))
})

test('over WebSockets, by an address that names who must answer', async () => {
  using folder = temporaryFolder()
  for (const name of ['alice', 'bob']) await createHome(folder.at(name))
  await using alice = await open(folder.at('alice'))
  await using bob = await open(folder.at('bob'), { verifyThreads: 1 })
  await using server = await listen(alice)
  await Promise.all(Array.from({ length: 500 }, (_, index) => alice.publish(note(`${index}`))))
  await bob.relate('follow', alice.identity, true)
  const connection = bob.connect(server.address)
  expect(await connection.ready(never)).toBe(alice.identity)
  const status = await bob.settled(never)
  expect(status.behind.entries).toBe(0)
  expect(soundChain(bob.store, alice.identity).length).toBe(500)
  const wrong = bob.connect(server.address.replace(alice.identity, bob.identity))
  await expect(wrong.ready(never)).rejects.toThrow(code('self'))
  const nonsense = bob.connect('ftp://127.0.0.1/')
  await expect(nonsense.ready(never)).rejects.toThrow(code('bad-address'))
})

describe('an account of homes', () => {
  test('is linked over a real socket, handed over, and is there after each was opened again', async () => {
    using folder = temporaryFolder()
    const [laptopHome, phoneHome] = [folder.at('laptop'), folder.at('phone')]
    await createHome(laptopHome)
    await createHome(phoneHome)
    {
      await using laptop = await open(laptopHome)
      await using phone = await open(phoneHome)
      await using server = await listen(laptop)
      const words = laptop.phrase
      await laptop.account.create({ label: 'laptop' })
      expect(laptop.account.phrase()).toBe(words)
      await laptop.publish(note('before'))
      const [place = ''] = server.address.split('#')
      const shown = laptop.account.showLink({ places: [place] })
      const read = phone.account.readLink(shown.text ?? '', { label: 'phone' })
      for (const link of [shown, read]) {
        void (async () => {
          for await (const { type } of link.states(never)) if (type === 'comparing') link.decide(true)
        })()
      }
      expect([(await shown.outcome).ok, (await read.outcome).ok]).toEqual([true, true])
      for await (const { done, total } of phone.account.history(never))
        expect(done).toBeLessThanOrEqual(total)
      expect(texts(phone.store, laptop.identity)).toEqual(['before'])
      await confirmPhrase(laptop.account)
      expect([laptop.phrase, phone.phrase]).toEqual([null, null])
      await laptop.account.handOver(phone.identity, { signal: never })
    }
    await using laptop = await open(laptopHome)
    await using phone = await open(phoneHome)
    expect(laptop.account.show()).toMatchObject({ role: 'linked', handingTo: null })
    expect(phone.account.show()).toMatchObject({ role: 'main', phraseConfirmed: true })
    await phone.account.set({ labels: [[laptop.identity, 'old laptop']] })
    expect(phone.account.show()?.members.map(({ label }) => label)).toEqual(['phone', 'old laptop'])
  })
})
