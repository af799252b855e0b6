import { concatBytes, EffigyError, equalBytes } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { linkPage } from '../../test/remote-kit.ts'
import { createWorld, never, note } from '../../test/world.ts'
import type { Peer } from '../peer.ts'
import { membersOf } from './members.ts'
import { maxCalls, maxReadAhead } from './messages.ts'
import { peerTable } from './peer-table.ts'
import type { RemoteConnection } from './remote-peer.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (reason: unknown) => reason,
  )

describe('a peer through a port', () => {
  test('[O1] what is written and asked through it is what is written and asked without', async () => {
    await using world = createWorld('remote')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const published = await remote.publish(note('hello'))
    const page = await remote.query.timeline({ limit: 5 })
    expect(page).toEqual(peer.query.timeline({ limit: 5 }))
    expect(page.items[0]?.cid).toBe(published.cid)
    expect(await remote.saving()).toBe('none')
    await remote.setSaving('metered')
    expect(await remote.saving()).toBe('metered')
    expect(remote.identity).toBe(peer.identity)
    expect((await remote.query.persons(peer.identity, 'follow')).identities).toBeInstanceOf(Set)
    expect(await remote.status()).toEqual(peer.status())
  })

  test('[O2] each member that the table names is there on a peer, and is what the table says', async () => {
    await using world = createWorld('remote-table')
    const { peer } = await world.add('alice')
    for (const [path, { segments, how }] of membersOf(peerTable)) {
      const member = segments.reduce<unknown>((part, name) => Reflect.get(part as object, name), peer)
      expect([path, typeof member === 'function']).toEqual([path, how !== 'value'])
    }
  })

  test.for([
    'peer.store.dispose',
    'peer.__proto__',
    'peer.constructor.constructor',
    'peer.publish.call',
    'peer.query.toString',
    'peer.identity',
    'peer',
    'toString',
  ])('[O2] nothing else can be reached: %s', async (path) => {
    await using world = createWorld('remote-reach')
    const { peer } = await world.add('alice')
    const { remote, client } = linkPage(peer)
    await using _remote = remote
    const reason = await failure(client.invoke(path, 'once', []) as Promise<unknown>)
    expect(reason).toMatchObject({ code: 'port-unknown' })
  })

  test('[O9] an error has its code and its words, and nothing else of the worker', async () => {
    await using world = createWorld('remote-errors')
    const { peer } = await world.add('alice')
    const { remote, posted } = linkPage(peer)
    await using _remote = remote
    const reason = await failure(remote.forget(peer.identity))
    expect(reason).toBeInstanceOf(EffigyError)
    expect(reason).toMatchObject({ code: 'own-identity' })
    const said = posted.findLast(({ from }) => from === 'worker')?.message
    expect(Object.keys(said as object).sort()).toEqual(['code', 'id', 'message', 'type'])
    // A mistake of ours, not of the world.
    expect(await failure(remote.query.thread(null as never, null as never))).toMatchObject({
      code: 'internal',
      message: 'something failed that should not',
    })
  })

  test('[O6] what cannot be copied is refused, and the port goes on', async () => {
    await using world = createWorld('remote-copy')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const reason = await failure(remote.publish({ ...note('x'), answer: () => 1 } as never))
    expect(reason).toMatchObject({ code: 'port-argument' })
    expect(await remote.pins()).toEqual([])
  })

  test('[O6] more calls at once than a port takes are refused, and the others are answered', async () => {
    await using world = createWorld('remote-busy')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const calls = Array.from({ length: maxCalls + 3 }, () => failure(remote.pins()))
    const refused = (await Promise.all(calls)).filter((reason) => reason !== null)
    expect(refused.map((reason) => (reason as EffigyError).code)).toEqual([
      'port-busy',
      'port-busy',
      'port-busy',
    ])
  })

  test('[O6] a signal of the page ends a call at once, there as here', async () => {
    await using world = createWorld('remote-abort')
    const { peer } = await world.add('alice')
    const { peer: bob } = await world.add('bob')
    const { remote, posted } = linkPage(peer)
    await using _remote = remote
    await remote.watch(bob.identity)
    const stop = new AbortController()
    const waiting = failure(remote.fetchOlder(bob.identity, 5, { signal: stop.signal }))
    await expect.poll(() => posted.length).toBeGreaterThan(1)
    stop.abort(new Error('enough'))
    expect(await waiting).toBe(stop.signal.reason)
    expect(posted.some(({ message }) => (message as { type: string }).type === 'cancel')).toBe(true)
  })
})

describe('streams through a port', () => {
  test('[O7] a live query yields what changes, and ends with its signal', async () => {
    await using world = createWorld('remote-live')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const stop = new AbortController()
    const seen: number[] = []
    for await (const { items } of remote.live('timeline', [{ limit: 5 }], stop.signal)) {
      seen.push(items.length)
      if (items.length < 2) await remote.publish(note(`note ${items.length}`))
      else stop.abort()
    }
    expect(seen).toEqual([0, 1, 2])
  })

  test('[O7] parts are asked live by their name, and what is no read is not', async () => {
    await using world = createWorld('remote-live-parts')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const stop = new AbortController()
    for await (const { items } of remote.live('conversations.list', [], stop.signal)) {
      if (items.length > 0) stop.abort()
      else await remote.conversations.write([], { text: 'to myself' } as never)
    }
    for (const name of ['publish', 'persons', 'store', 'query.timeline', '__proto__']) {
      const items = remote.live(name as 'timeline', [], never)[Symbol.asyncIterator]()
      expect(await failure(items.next())).toMatchObject({ code: 'port-argument' })
    }
  })

  test('[O7] what nobody asks for is not made: a slow page slows the worker down', async () => {
    await using world = createWorld('remote-slow')
    const { peer } = await world.add('alice')
    let pieces = 0
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for (; ; pieces++) yield new Uint8Array(10)
    }
    let items = 0
    async function* statuses(): AsyncGenerator<ReturnType<typeof peer.status>> {
      for (; ; items++) yield peer.status()
    }
    const { remote } = linkPage({ ...peer, readFile: bytes, statuses })
    await using _remote = remote
    const file = remote.readFile('x' as never, { signal: never })[Symbol.asyncIterator]()
    for (let taken = 0; taken < 20; taken++) await file.next()
    expect(pieces).toBeLessThanOrEqual(20 + maxReadAhead)
    await file.return?.()
    const one = remote.statuses(never)[Symbol.asyncIterator]()
    await one.next()
    await one.next()
    expect(items).toBe(1)
  })

  test('[O8] files cross as Blob, as streams and as what yields pieces, and come back as bytes', async () => {
    await using world = createWorld('remote-files')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const bytes = new Uint8Array(1_500_000).map((_, at) => at % 251)
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 70_001) yield bytes.subarray(at, at + 70_001)
    }
    const told: number[] = []
    const onProgress = ({ done }: { readonly done: number }): void => void told.push(done)
    const added = await remote.addFile(pieces(), { signal: never, onProgress })
    expect(told.at(-1)).toBeGreaterThan(0)
    const blob = new Blob([bytes])
    expect((await remote.addFile(blob, { signal: never })).root).toBe(added.root)
    expect((await remote.addFile(blob.stream(), { signal: never })).root).toBe(added.root)
    expect((await remote.addFile([bytes], { signal: never })).root).toBe(added.root)
    const read: Uint8Array[] = []
    for await (const piece of remote.readFile(added.root, { signal: never })) read.push(piece)
    expect(equalBytes(concatBytes(...read), bytes)).toBe(true)
  })

  test('[O8] a directory crosses with its files; a source that fails ends the call', async () => {
    await using world = createWorld('remote-directory')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const text = (words: string): Blob => new Blob([words])
    const files = [
      { path: 'a/one.txt', content: text('one') },
      { path: 'a/two.txt', content: [new TextEncoder().encode('two')] },
      { path: 'empty', content: null },
    ]
    const added = await remote.addDirectory(files, { signal: never })
    expect(added.files).toBe(2)
    expect((await remote.listDirectory(added.root, 'a')).map(({ name }) => name)).toEqual([
      'one.txt',
      'two.txt',
    ])
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(4)
      throw new Error('the disk was pulled out')
    }
    expect(await failure(remote.addFile(broken(), { signal: never }))).toMatchObject({
      code: 'source-failed',
    })
  })

  test('[O8] a signal ends a call that waits for bytes of the page, and the page reads no more', async () => {
    await using world = createWorld('remote-source-abort')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const stop = new AbortController()
    let isLetGo = false
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          stop.abort(new Error('enough'))
          return { done: false, value: new Uint8Array(8) }
        },
        return: async () => {
          isLetGo = true
          return { done: true, value: undefined }
        },
      }),
    }
    expect(await failure(remote.addFile(source, { signal: stop.signal }))).toBe(stop.signal.reason)
    await expect.poll(() => isLetGo).toBe(true)
  })
})

describe('connections through a port', () => {
  test('[O9] a connection lives in the worker until it is disposed of', async () => {
    await using world = createWorld('remote-connect')
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const { remote } = linkPage(alice.peer)
    await using _remote = remote
    {
      await using connection = await remote.connect(bob.address)
      expect(connection.address).toBe(bob.address)
      expect(await world.turn(connection.ready(never))).toBe(bob.identity)
      expect((await connection.state()).type).toBe('connected')
    }
    await world.until(() => alice.peer.status().connections.length === 0)
  })

  test('[O9] an address that two ask for is kept connected once, until both are done with it', async () => {
    await using world = createWorld('remote-shared')
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await using remote = linkPage(alice.peer).remote
    const [first, second] = await Promise.all([remote.connect(bob.address), remote.connect(bob.address)])
    await world.turn(Promise.all([first.ready(never), second.ready(never)]))
    expect(bob.dials.count).toBe(1)
    expect(await remote.status()).toMatchObject({ connections: [{ address: bob.address }] })
    await first[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
    expect((await second.state()).type).toBe('connected')
    await world.turn(Promise.resolve(second[Symbol.asyncDispose]()))
    await world.until(() => alice.peer.status().connections.length === 0)
  })

  test('[O9] what a page holds is let go of when the page is gone', async () => {
    await using world = createWorld('remote-gone')
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const { remote, host } = linkPage(alice.peer)
    await using _remote = remote
    const connection = await remote.connect(bob.address)
    await world.turn(connection.ready(never))
    host.end('gone')
    await world.turn(host.ended)
    await world.until(() => alice.peer.status().connections.length === 0)
  })
})

describe('every member of the table', () => {
  /** A peer whose members say what they were called with. */
  function echoPeer(): Peer {
    const peer = { identity: 'did:key:zEcho' }
    for (const [path, { segments, how }] of membersOf(peerTable)) {
      let part: Record<string, unknown> = peer
      for (const segment of segments.slice(0, -1)) {
        part[segment] ??= {}
        part = part[segment] as Record<string, unknown>
      }
      part[segments.at(-1) ?? ''] = how === 'value' ? `value of ${path}` : answering(path, how)
    }
    return peer as never
  }

  function answering(path: string, how: unknown): (...args: unknown[]) => unknown {
    if (how === 'stream' || how === 'bytes') {
      return async function* (...args) {
        yield [path, args[0]]
        yield (args[1] as { readonly signal: AbortSignal }).signal instanceof AbortSignal
        return 'end'
      }
    }
    if (typeof how === 'object')
      return (...args) => ({ address: path, text: args[0], state: 'state', retry: () => 1 })
    return (...args) => [
      path,
      args[0],
      (args[1] as { readonly signal: unknown } | undefined)?.signal instanceof AbortSignal,
    ]
  }

  test('[O1] [O3] calls what it names, with what it was given, and gives back what that gives', async () => {
    const peer = echoPeer()
    await using remote = linkPage(peer).remote
    for (const [path, { segments, how }] of membersOf(peerTable)) {
      // Their first argument is bytes.
      if (path === 'addFile' || path === 'addDirectory') continue
      const member = segments.reduce<unknown>((part, name) => Reflect.get(part as object, name), remote)
      const call = member as (...args: unknown[]) => Promise<unknown> & AsyncIterator<unknown>
      const answer = call({ asked: path }, { signal: never })
      if (how === 'stream' || how === 'bytes') {
        expect(await answer.next()).toEqual({ done: false, value: [path, { asked: path }] })
        expect(await answer.next()).toEqual({ done: false, value: true })
        expect(await answer.next()).toEqual({ done: true, value: 'end' })
      } else if (how === 'value') {
        expect(await answer).toBe(`value of ${path}`)
      } else if (typeof how === 'object') {
        const handle = (await answer) as RemoteConnection
        expect(await handle.state()).toBe('state')
        await handle[Symbol.asyncDispose]()
      } else {
        expect(await answer).toEqual([path, { asked: path }, true])
      }
    }
  })
})
