/** One honest peer against an end of a session that does as it likes while they come up to date (T29, T16, T30). */
import { concatBytes, type Identity, identityKey } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import { createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { feeds, headOf, hold } from '../../test/catch-up-kit.ts'
import {
  createPeer,
  createWorld,
  createWriter,
  openTestSession,
  replicatorOf,
  sha256,
  type TestPeer,
  turning,
  until,
  type World,
} from '../../test/replication-kit.ts'
import type { Message } from '../messages.ts'
import { writeHeads, writeIdentities } from '../messages-bytes.ts'
import { createCellMaker, encodeCells } from '../reconcile/cells.ts'
import { hashPrints, printsOf } from '../reconcile/prints.ts'
import type { Session } from '../session.ts'

type Answer = (message: Message, bytes: Uint8Array, session: Session) => void

const random = createRandom('hostile catch-up')

/** The peer runs; whatever it sends is noted and answered. */
async function against(
  world: World,
  peer: TestPeer,
  role: 'dialler' | 'acceptor',
  answer: Answer = () => {},
) {
  const mallory = await createPeer(world, 'mallory')
  const [left, right] = memoryPair()
  const other = role === 'dialler' ? 'acceptor' : 'dialler'
  const [ours, theirs] = await turning(
    world,
    Promise.all([
      openTestSession(peer, role, left, role === 'dialler' ? mallory.identity : null),
      openTestSession(mallory, other, right, other === 'dialler' ? peer.identity : null),
    ]),
  )
  const stop = new AbortController()
  const running = replicatorOf(peer, ours).run(stop.signal)
  running.catch(() => {})
  const heard: { readonly message: Message; readonly bytes: Uint8Array }[] = []
  const reading = (async () => {
    for await (const { message, bytes } of theirs.receive()) {
      heard.push({ message, bytes })
      answer(message, bytes, theirs)
    }
  })()
  const codes: string[] = []
  void theirs.closed.then(({ code }) => codes.push(code))
  return {
    theirs,
    remote: mallory.identity,
    heard,
    codes,
    types: () => heard.map(({ message }) => message.type),
    async end() {
      stop.abort()
      await turning(world, Promise.all([running, reading]))
    },
  }
}

async function watcher(world: World, name: string, count: number) {
  const peer = await createPeer(world, name)
  const writers = await feeds(name, count)
  for (const writer of writers) hold(peer, writer)
  return { peer, writers }
}

/** The cells of a set that is all but two of what the peer has. */
function honestCells(
  peer: TestPeer,
  session: Session,
  count: number,
): { hash: Uint8Array; cells: Uint8Array; size: number } {
  const { digests } = peer.store.headLog!.watchedHeads()
  const prints = printsOf(session.exporter('heads'), digests.slice(32))
  const maker = createCellMaker(prints)
  maker.extend(count)
  const size = prints.length / 2
  return { hash: hashPrints(prints, sha256), cells: encodeCells(maker.cells, size, 0, count), size }
}

describe('[T29] whoever answers `compare`', () => {
  async function compared(answer: Answer) {
    const world = createWorld()
    const { peer } = await watcher(world, 'compared', 300)
    const met = await against(world, peer, 'dialler', (message, bytes, session) => {
      if (message.type === 'compare') answer(message, bytes, session)
    })
    await until(world, () => met.types().includes('list') || met.codes.length > 0, 4_000)
    await met.end()
    return { peer, ...met }
  }
  const cellsOf = (id: number, bytes: Uint8Array, count: number, size = 300): [Message, Uint8Array] => [
    { type: 'cells', re: id, end: false, count, size },
    bytes,
  ]

  test('with random cells: what is watched is listed, and the session lives', async () => {
    const { types, codes } = await compared((message, _bytes, session) => {
      if (message.type !== 'compare') return
      session.send(...cellsOf(message.id, random.bytes(16 + 384 * 13), 384))
    })
    expect(types()).toContain('list')
    expect(codes).toEqual(['done'])
  })

  test('with the right cells and another hash: listed', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'false hash', 300)
    const met = await against(world, peer, 'dialler', (message, _bytes, session) => {
      if (message.type !== 'compare') return
      const { cells, size } = honestCells(peer, session, 384)
      session.send(...cellsOf(message.id, concatBytes(random.bytes(16), cells), 384, size))
    })
    expect(await until(world, () => met.types().includes('list'), 4_000)).toBe(true)
    expect(met.types()).not.toContain('getprints')
    await met.end()
  })

  test('with the right cells and the right hash: only what differs', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'right hash', 300)
    const met = await against(world, peer, 'dialler', (message, _bytes, session) => {
      if (message.type !== 'compare') return
      const { hash, cells, size } = honestCells(peer, session, 384)
      session.send(...cellsOf(message.id, concatBytes(hash, cells), 384, size))
    })
    expect(await until(world, () => met.types().includes('list'), 4_000)).toBe(true)
    const list = met.heard.find(({ message }) => message.type === 'list')?.message
    expect(list).toMatchObject({ count: 2, first: false })
    await met.end()
  })

  test('with more cells than were asked for: the session ends', async () => {
    const { codes } = await compared((message, _bytes, session) => {
      if (message.type !== 'compare') return
      const { hash } = { hash: random.bytes(16) }
      // Empty sets: nothing to peel, and never done.
      const zeros = new Uint8Array(385 * 13)
      session.send(...cellsOf(message.id, concatBytes(hash, zeros), 385))
    })
    expect(codes).toEqual(['bad-message'])
  })

  test('with cells without end: 4,096, and then the list', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'endless', 300)
    let id = 0
    let given = 0
    const give = (session: Session, count: number): void => {
      given += count
      // Full of prints that nobody can tell apart.
      const cells = Array.from({ length: count }, () => concatBytes(random.bytes(12), Uint8Array.of(20)))
      session.send(...cellsOf(id, concatBytes(new Uint8Array(16), ...cells), count))
    }
    const met = await against(world, peer, 'dialler', (message, _bytes, session) => {
      if (message.type === 'compare') {
        id = message.id
        give(session, 384)
      } else if (message.type === 'credit' && message.id === id) {
        give(session, message.bytes / 16)
      }
    })
    expect(await until(world, () => met.types().includes('list'), 4_000)).toBe(true)
    expect(given).toBeLessThanOrEqual(4_096)
    expect(met.codes).toEqual([])
    await met.end()
  })

  test('with a false size, or cells that are cut off', async () => {
    for (const [size, length] of [
      [2 ** 21, 384 * 13],
      [0, 384 * 13],
      [300, 384 * 14 - 1],
    ] as const) {
      const { types, codes } = await compared((message, _bytes, session) => {
        if (message.type !== 'compare') return
        session.send(...cellsOf(message.id, random.bytes(16 + length), 384, size))
      })
      expect(types().includes('list') || codes[0] === 'bad-message').toBe(true)
    }
  })
})

describe('whoever answers the first question', () => {
  test('[M3] not knowing it, as an older peer: everything is watched by name', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'older', 40)
    const met = await against(world, peer, 'dialler', (message, _bytes, session) => {
      if (message.type === 'prints') {
        session.send({ type: 'error', re: message.id, code: 'unknown-type', retry: null })
      }
    })
    expect(await until(world, () => met.types().includes('watch'), 1_000)).toBe(true)
    await met.end()
  })

  test('[T4] not at all: watched by name after a while', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'silent', 40)
    const met = await against(world, peer, 'dialler')
    expect(await until(world, () => met.types().includes('watch'), 8_000)).toBe(true)
    await met.end()
  })

  test('[R2] [T18] with heads of feeds that nobody watches: not stored; [H2] with a forged one: the session ends', async () => {
    const world = createWorld()
    const { peer, writers } = await watcher(world, 'forged', 20)
    const spam = await createWriter('spam')
    await spam.write(['buy'])
    const [first] = writers
    const forged = { ...first!.record, head: { ...first!.record.head, length: 9 } }
    const met = await against(world, peer, 'dialler', (message, _bytes, session) => {
      if (message.type !== 'list') return
      const re = message.id
      session.send({ type: 'lastknownheads', re, end: false, count: 1 }, writeHeads([spam.record]))
      session.send({ type: 'lastknownheads', re, end: true, count: 1 }, writeHeads([forged]))
    })
    expect(await until(world, () => met.codes.length > 0, 4_000)).toBe(true)
    expect(met.codes).toEqual(['bad-head'])
    expect(headOf(peer, spam.identity)).toBeNull()
    await met.end()
  })

  test('[C3] with an index beyond the set: the session ends', async () => {
    const world = createWorld()
    const { peer, writers } = await watcher(world, 'beyond', 20)
    const hub = await createPeer(world, 'mallory')
    const keys = new Uint8Array(32 * 20)
    const set = {
      mine: true,
      hash: random.bytes(16),
      keys,
      theirs: { log: random.bytes(8), count: 3 },
      own: 0,
    }
    peer.store.headLog!.saveSet(hub.identity, set)
    const met = await against(world, peer, 'dialler', (message, _bytes, session) => {
      if (message.type !== 'resume') return
      const record = writeHeads([writers[0]!.record]).subarray(32)
      const bytes = concatBytes(random.bytes(8), Uint8Array.of(4, 0xe8, 0x07), record)
      session.send({ type: 'resumed', re: message.id, end: true, count: 1 }, bytes)
    })
    expect(await until(world, () => met.codes.length > 0, 4_000)).toBe(true)
    expect(met.codes).toEqual(['bad-message'])
    await met.end()
  })
})

describe('whoever asks', () => {
  const position = [...random.bytes(8), 5]
  const resumeOf = (removed: readonly number[], added = 0) =>
    concatBytes(
      random.bytes(16),
      Uint8Array.from([...position, ...position, ...removed]),
      random.bytes(32 * added),
    )

  test('[T29] [T16] again and again: a few comparisons, and no more', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'flooded', 300)
    const met = await against(world, peer, 'acceptor')
    for (let id = 1; id <= 60; id++) met.theirs.send({ type: 'compare', id, size: 300 })
    await until(
      world,
      () => met.heard.filter(({ message }) => message.type === 'unlike').length === 54,
      4_000,
    )
    const cells = met.heard.filter(({ message }) => message.type === 'cells')
    expect(cells.length).toBe(6)
    expect(met.codes).toEqual([])
    // Credit without end gives no more cells than there are.
    for (let round = 0; round < 50; round++) met.theirs.send({ type: 'credit', id: 1, bytes: 2 ** 50 })
    await until(world, () => false, 1_000)
    const given = met.heard.reduce(
      (sum, { message }) => sum + (message.type === 'cells' && message.re === 1 ? message.count : 0),
      0,
    )
    expect(given).toBe(4_096)
    await met.end()
  })

  test('[C2] what does not hang together is answered, and what breaks a rule ends the session', async () => {
    const identity = (await createWriter('somebody')).identity
    const listed = concatBytes(identityKey(identity), new Uint8Array(8))
    const agreed = concatBytes(random.bytes(16), Uint8Array.from(position))
    const cases: readonly (readonly [Message, Uint8Array, string])[] = [
      [{ type: 'resume', id: 9, removed: 0, added: 0 }, resumeOf([]), 'unlike'],
      [{ type: 'resume', id: 9, removed: 2, added: 0 }, resumeOf([4, 4]), 'bye bad-message'],
      [{ type: 'compare', id: 9, size: 300 }, random.bytes(16), 'unlike'],
      [{ type: 'compare', id: 9, size: 99_999 }, new Uint8Array(0), 'unlike'],
      [{ type: 'getprints', id: 9, count: 1 }, random.bytes(8), 'unlike'],
      [{ type: 'list', id: 9, count: 1, first: false }, listed, 'unlike'],
      [{ type: 'list', id: 9, count: 1, first: true }, listed, 'lastknownheads'],
      [{ type: 'list', id: 9, count: 0, first: true }, new Uint8Array(0), 'lastknownheads'],
      [{ type: 'list', id: 9, count: 0, first: false }, new Uint8Array(0), 'bye bad-message'],
      [{ type: 'agree', id: 9, removed: 0 }, agreed, 'unlike'],
      [{ type: 'prints', id: 9, count: 2 }, random.bytes(16), 'unmatched'],
    ]
    for (const [message, bytes, expected] of cases) {
      const world = createWorld()
      const { peer } = await watcher(world, 'asked', 20)
      const met = await against(world, peer, 'acceptor')
      met.theirs.send(message, bytes)
      const answer = () =>
        met.heard.find((heard) => 're' in heard.message && heard.message.re === 9)?.message.type
      await until(world, () => answer() !== undefined || met.codes.length > 0, 500)
      expect([message.type, answer() ?? `bye ${met.codes[0]}`]).toEqual([message.type, expected])
      await met.end()
    }
  })

  test('[T16] with more than it may watch is told so', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'too many', 20)
    peer.facts.trust = () => 'contact'
    peer.facts.isMember = () => true
    const met = await against(world, peer, 'acceptor')
    for (let id = 1; id <= 101; id++) {
      met.theirs.send({ type: 'list', id, count: 1_000, first: id === 1 }, random.bytes(40_000))
      await until(world, () => met.heard.some(({ message }) => 're' in message && message.re === id), 500)
    }
    expect(met.heard.find(({ message }) => 're' in message && message.re === 100)?.message.type).toBe(
      'lastknownheads',
    )
    expect(met.heard.find(({ message }) => 're' in message && message.re === 101)?.message).toMatchObject({
      type: 'error',
      code: 'too-many',
    })
    await met.end()
  })

  test('[C5] lists that begin anew again and again: a dozen are taken, and no part after them', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'listed anew', 20)
    const met = await against(world, peer, 'acceptor')
    const part = (id: number, first: boolean) =>
      met.theirs.send({ type: 'list', id, count: 1, first }, concatBytes(random.bytes(32), new Uint8Array(8)))
    for (let id = 1; id <= 13; id++) part(id, true)
    part(14, false)
    await until(world, () => met.heard.some(({ message }) => 're' in message && message.re === 14), 4_000)
    const answers = met.heard.flatMap(({ message }) =>
      're' in message ? [[message.re, message.type] as const] : [],
    )
    expect(answers.filter(([, type]) => type === 'lastknownheads').length).toBe(12)
    expect(answers.filter(([, type]) => type === 'unlike').map(([re]) => re)).toEqual([13, 14])
    expect(met.codes).toEqual([])
    await met.end()
  })

  test('[T16] agreeing on set after set: a few are kept, and no more', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'agreeable', 20)
    const met = await against(world, peer, 'acceptor')
    for (let round = 1; round <= 20; round++) {
      const key = random.bytes(32)
      met.theirs.send(
        { type: 'list', id: 2 * round, count: 1, first: true },
        concatBytes(key, new Uint8Array(8)),
      )
      const agree = concatBytes(sha256(key).slice(0, 16), Uint8Array.from(position))
      met.theirs.send({ type: 'agree', id: 2 * round + 1, removed: 0 }, agree)
    }
    await until(world, () => met.types().includes('error'), 4_000)
    await until(world, () => false, 500)
    expect(met.types().filter((type) => type === 'agreed').length).toBe(6)
    expect(met.codes).toEqual([])
    await met.end()
  })

  test('[C3] [T16] position after position: no set is written anew, and the newest is stored once in 5 s', async () => {
    const world = createWorld()
    const { peer } = await watcher(world, 'written to', 3)
    const met = await against(world, peer, 'acceptor', ({ type, ...message }, _bytes, session) => {
      if (!('id' in message)) return
      const { id: re } = message
      if (type === 'getheads') session.send({ type: 'lastknownheads', re, end: true, count: 0 })
      else if (type === 'list') session.send({ type: 'error', re, code: 'refused', retry: null })
    })
    const known = (count: number) => Uint8Array.from([...position.slice(0, 8), count])
    const hashes: Uint8Array[] = []
    for (let round = 1; round <= 4; round++) {
      const key = random.bytes(32)
      const hash = sha256(key).slice(0, 16)
      hashes.push(hash)
      const list = concatBytes(key, new Uint8Array(8))
      met.theirs.send({ type: 'list', id: 2 * round, count: 1, first: true }, list)
      met.theirs.send({ type: 'agree', id: 2 * round + 1, removed: 0 }, concatBytes(hash, known(1)))
    }
    const log = peer.store.headLog!
    const countOf = (hash: Uint8Array) => log.metSet(met.remote, false, hash)?.theirs?.count
    expect(await until(world, () => countOf(hashes[3]!) === 1, 4_000)).toBe(true)
    let saves = 0
    const save = log.saveSet.bind(log)
    log.saveSet = (remote, set) => {
      saves++
      save(remote, set)
    }
    for (let count = 2; count <= 60; count++) met.theirs.send({ type: 'position' }, known(count))
    expect(await until(world, () => countOf(hashes[3]!) === 60, 4_000)).toBe(true)
    expect(saves).toBe(4)
    // Of those that the store has let go none comes back.
    expect(hashes.map(countOf)).toEqual([undefined, undefined, 60, 60])
    for (let count = 61; count <= 90; count++) met.theirs.send({ type: 'position' }, known(count))
    await until(world, () => false, 2_000)
    expect(saves).toBe(4)
    expect(met.codes).toEqual([])
    await met.end()
    expect(saves).toBe(6)
    expect(countOf(hashes[3]!)).toBe(90)
  })

  test('[T16] saying again and again that it has another head: it is asked once', async () => {
    const world = createWorld()
    const { peer, writers } = await watcher(world, 'asked back', 20)
    const met = await against(world, peer, 'acceptor')
    const listed = concatBytes(identityKey(writers[0]!.identity), random.bytes(8))
    for (let id = 1; id <= 30; id++) met.theirs.send({ type: 'list', id, count: 1, first: true }, listed)
    await until(world, () => false, 500)
    expect(met.types().filter((type) => type === 'getheads').length).toBe(1)
    await met.end()
  })

  test('[C3] busy when asked back: how far its log is known is not kept before it has answered', async () => {
    const world = createWorld()
    const { peer, writers } = await watcher(world, 'not yet', 20)
    const met = await against(world, peer, 'acceptor', (message, _bytes, session) => {
      if (message.type !== 'getheads') return
      session.send({ type: 'error', re: message.id, code: 'busy', retry: 60_000 })
    })
    const key = identityKey(writers[0]!.identity)
    met.theirs.send({ type: 'list', id: 1, count: 1, first: true }, concatBytes(key, random.bytes(8)))
    const hash = sha256(key).slice(0, 16)
    met.theirs.send({ type: 'agree', id: 2, removed: 0 }, concatBytes(hash, Uint8Array.from(position)))
    await until(world, () => false, 2_000)
    expect(met.types()).toContain('agreed')
    expect(peer.store.headLog!.metSet(met.remote, false, hash)).toMatchObject({ theirs: null })
    await met.end()
  })

  test('[C1] [T30] as a stranger hears the same whatever is watched here', async () => {
    const views: string[] = []
    for (const watches of [true, false]) {
      const world = createWorld()
      const { peer, writers } = await watcher(world, 'stranger’s host', 20)
      peer.facts.trust = () => 'stranger'
      if (!watches) for (const { identity } of writers) peer.store.watchFeed(identity, null)
      const met = await against(world, peer, 'acceptor')
      const asked = writeIdentities(writers.map(({ identity }): Identity => identity))
      const questions: readonly (readonly [Message, Uint8Array])[] = [
        [{ type: 'resume', id: 1, removed: 0, added: 0 }, resumeOf([])],
        [{ type: 'compare', id: 2, size: 20 }, new Uint8Array(0)],
        [{ type: 'prints', id: 3, count: 2 }, random.bytes(16)],
        [{ type: 'getprints', id: 4, count: 2 }, random.bytes(16)],
        [
          { type: 'list', id: 5, count: 1, first: true },
          concatBytes(asked.subarray(0, 32), new Uint8Array(8)),
        ],
        [{ type: 'agree', id: 6, removed: 0 }, concatBytes(random.bytes(16), Uint8Array.from(position))],
      ]
      for (const question of questions) met.theirs.send(...question)
      await until(world, () => met.heard.length >= 6, 2_000)
      views.push(JSON.stringify(met.heard.map(({ message }) => message)))
      await met.end()
    }
    expect(views[0]).toBe(views[1])
    expect(views[0]?.match(/refused/g)?.length).toBe(6)
  })
})
