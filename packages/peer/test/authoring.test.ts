/** What a person does with their own feed. */
import { type Payload, type RawCid, rawCid } from '@effigy/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxRewritten } from '../src/authoring.ts'
import { createWorld, note, soundChain, testCrypto, textOf, texts } from './world.ts'

const code = (name: string) => expect.objectContaining({ code: name })

describe('publish', () => {
  test.for([
    [undefined, 100, 'detached'],
    [true, 100, 'detached'],
    [false, 100, 'inline'],
    [undefined, 16_000, 'detached'],
    [undefined, 100_000, 'detached'],
  ] as const)('detached %s, %d characters: %s', async ([detached, length, place]) => {
    await using world = createWorld()
    const { peer, store } = await world.add('alice')
    const text = 'a'.repeat(length)
    const options = detached === undefined ? {} : { detached }
    const { cid, content, record } = await peer.publish(note(text), options)
    const entry = store.entry(cid)
    expect(entry?.signed.entry.payload === content).toBe(place !== 'inline')
    expect(entry?.body !== null).toBe(place !== 'inline')
    expect(store.hasBlock(content)).toBe(place !== 'inline')
    expect(record.head.head).toBe(cid)
    expect(texts(store, peer.identity)).toEqual([text])
    expect(store.timeline().items.map(textOf)).toEqual([text])
    // Nothing goes while its entry stands.
    store.maintain()
    world.clock.jump(30 * 24 * 60 * 60 * 1000)
    store.maintain()
    expect(texts(store, peer.identity)).toEqual([text])
  })

  test('too large, inline or detached, leaves nothing behind and stops nothing', async () => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    const results = await Promise.allSettled([
      peer.publish(note('before')),
      peer.publish(note('a'.repeat(16_000)), { detached: false }),
      peer.publish(note('a'.repeat(300_000))),
      peer.publish(note('after')),
    ])
    expect(
      results.map((result) => (result.status === 'rejected' ? result.reason.code : 'published')),
    ).toEqual(['published', 'entry-too-large', expect.stringMatching(/^payload-/), 'published'])
    expect(texts(store, identity)).toEqual(['after', 'before'])
    soundChain(store, identity)
  })

  test('a file that is not here', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    const blob = rawCid(new Uint8Array(3), testCrypto.sha256)
    const image = { type: 'image', at: 1, blob, mime: 'image/png', width: 1, height: 1, alt: '' }
    await expect(peer.publish(image as unknown as Payload)).rejects.toThrow(code('blob-absent'))
  })

  test('a payload that its type does not allow', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    await expect(peer.publish({ type: 'public_note', at: 1 } as Payload)).rejects.toThrow(
      code('payload-invalid'),
    )
  })

  test('200 at once share a few commits, in the order of the calls', async () => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    let commits = 0
    using _watching = store.watch(() => {
      commits++
    })
    const names = Array.from({ length: 200 }, (_, index) => `note ${index}`)
    const published = await Promise.all(names.map((name) => peer.publish(note(name))))
    expect(commits).toBeLessThanOrEqual(4)
    expect(soundChain(store, identity)).toEqual(published.map(({ cid }) => cid))
    expect(texts(store, identity)).toEqual(names.toReversed())
  })

  test('not after the end', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    await alice.stop()
    await expect(alice.peer.publish(note('late'))).rejects.toThrow(code('closed'))
  })

  test('what is under way when the peer is closed is written before that resolves', async () => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    const publishing = Array.from({ length: 20 }, (_, index) => peer.publish(note(`${index}`)))
    await Promise.resolve()
    await peer[Symbol.asyncDispose]()
    const results = await Promise.allSettled(publishing)
    const written = results.filter(({ status }) => status === 'fulfilled').length
    expect(soundChain(store, identity).length).toBe(written)
  })
})

describe('edit', () => {
  test('carries the names of what it replaces, the first and the newest, and answers to all', async () => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    await peer.publish(note('below'))
    let last = await peer.publish(note('version 0'))
    await peer.publish(note('above'))
    const contents = [last.content]
    for (let version = 1; version <= 4; version++) {
      last = await peer.edit(last.cid, note(`version ${version}`))
      contents.push(last.content)
    }
    expect(texts(store, identity)).toEqual(['above', 'version 4', 'below'])
    for (const content of contents) expect(store.resolve(identity, content)?.cid).toBe(last.cid)
    expect(last.record.head.epoch).toBe(5)
    soundChain(store, identity)
  })

  test('two at once both count, although each gives the other another name', async () => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    const [first, second, third] = await Promise.all(['1', '2', '3'].map((text) => peer.publish(note(text))))
    await Promise.all([
      peer.edit(first!.cid, note('1 new')),
      peer.edit(third!.cid, note('3 new')),
      peer.remove([second!.cid]),
      peer.publish(note('4')),
    ])
    expect(texts(store, identity)).toEqual(['4', '3 new', '1 new'])
    soundChain(store, identity)
  })

  test('of the same entry at once: the second is refused', async () => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    const { cid } = await peer.publish(note('old'))
    const results = await Promise.allSettled([peer.edit(cid, note('one')), peer.edit(cid, note('two'))])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(texts(store, identity)).toEqual(['one'])
  })

  test('too large: the old one stays', async () => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    const { cid } = await peer.publish(note('old'), { detached: false })
    await expect(peer.edit(cid, note('a'.repeat(16_000)))).rejects.toThrow(code('entry-too-large'))
    expect(texts(store, identity)).toEqual(['old'])
  })

  test('of another kind, of a former entry, of somebody else', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const { cid } = await alice.peer.publish(note('old'))
    const other = await bob.peer.publish(note('mine'))
    const comment = { type: 'x-other', at: 1 } as unknown as Payload
    await expect(alice.peer.edit(cid, comment)).rejects.toThrow(code('not-editable'))
    await alice.peer.edit(cid, note('new'))
    await expect(alice.peer.edit(cid, note('newer'))).rejects.toThrow(code('not-own-entry'))
    await expect(alice.peer.edit(other.cid, note('x'))).rejects.toThrow(code('not-own-entry'))
    await expect(alice.peer.remove([other.cid])).rejects.toThrow(code('not-own-entry'))
  })

  test('deep in the feed it is a new entry, and the old content is erased', async () => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    const old = await peer.publish(note('old'))
    const filler = Array.from({ length: maxRewritten + 1 }, (_, index) => peer.publish(note(`${index}`)))
    await Promise.all(filler)
    const edited = await peer.edit(old.cid, note('new'))
    expect(edited.record.head.epoch).toBe(1)
    expect(store.resolve(identity, old.content)?.cid).toBe(edited.cid)
    expect(store.item(old.cid)?.state.type).not.toBe('shown')
    expect(soundChain(store, identity).length).toBe(maxRewritten + 4)
  })
})

describe('remove', () => {
  test.for([
    ['the newest', [2], ['1', '0']],
    ['the oldest', [0], ['2', '1']],
    ['one between', [1], ['2', '0']],
    ['two', [0, 2], ['1']],
    ['all', [0, 1, 2], ['void']],
  ] as const)('%s', async ([, gone, left]) => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    const published = await Promise.all(['0', '1', '2'].map((text) => peer.publish(note(text))))
    const record = await peer.remove(gone.map((index) => published[index]?.cid as RawCid))
    expect(texts(store, identity)).toEqual(left)
    expect(store.feed(identity)?.record).toEqual(record)
    await peer.publish(note('next'))
    soundChain(store, identity)
  })
})

describe('erase', () => {
  test('hides the content and leaves the chain alone', async () => {
    await using world = createWorld()
    const { peer, store, identity } = await world.add('alice')
    const first = await peer.publish(note('secret'))
    await peer.publish(note('kept'))
    const erased = await peer.erase([first.content])
    expect(erased.record.head.epoch).toBe(1)
    expect(soundChain(store, identity).length).toBe(3)
    expect(texts(store, identity)).not.toContain('secret')
    await expect(peer.erase([])).rejects.toThrow(code('payload-invalid'))
  })
})

test('[T5] whatever is asked for at once, the chain stays one chain', async () => {
  const act = fc.oneof(
    fc.record({ type: fc.constant('publish' as const), detached: fc.boolean() }),
    fc.record({ type: fc.constantFrom('edit' as const, 'remove' as const, 'erase' as const), at: fc.nat(9) }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(act, { minLength: 1, maxLength: 5 }), { maxLength: 4 }),
      async (rounds) => {
        await using world = createWorld()
        const { peer, store, identity } = await world.add('alice')
        let count = 0
        for (const round of rounds) {
          const cids = soundChain(store, identity)
          const doing = round.map(async (one) => {
            if (one.type === 'publish') return peer.publish(note(`note ${count++}`), one)
            const cid = cids[one.at % Math.max(1, cids.length)]
            if (cid === undefined) return
            const content = store.entry(cid)?.content as RawCid
            if (one.type === 'edit') return peer.edit(cid, note(`edit ${count++}`))
            return one.type === 'remove' ? peer.remove([cid]) : peer.erase([content])
          })
          for (const result of await Promise.allSettled(doing)) {
            if (result.status === 'rejected') expect(result.reason).toHaveProperty('code')
          }
          soundChain(store, identity)
        }
      },
    ),
    { numRuns: 25 },
  )
})
