/**
 * Random histories of shows, hides, drops, pins, puts and evictions, against a model that knows every root's blocks.
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openWorld, sha256 } from '../../test/blob-world.ts'
import { runs } from '../../test/medium.ts'
import { createMemoryBlocks } from '../files/blocks.ts'
import { directoryBlock, fileBlock, type ReferenceLink, rawLink } from '../files/reference.ts'
import { dagBlocks } from '../files/walk.ts'

/** Roots that share blocks, are parts of each other, and raw ones. */
function makeRoots() {
  const memory = createMemoryBlocks()
  const leaf = (name: string): ReferenceLink => {
    const bytes = new TextEncoder().encode(`leaf ${name}`.padEnd(100 + name.length))
    const link = rawLink(bytes, sha256)
    memory.put(link.cid, bytes)
    return link
  }
  const file = (...parts: ReferenceLink[]): ReferenceLink => {
    const size = parts.reduce((sum, part) => sum + part.size, 0)
    const block = fileBlock(parts, { size }, sha256)
    memory.put(block.cid, block.bytes)
    return { cid: block.cid, name: '', linkSize: size, size }
  }
  const [a, b, c, d] = [leaf('a'), leaf('bb'), leaf('ccc'), leaf('dddd')]
  const inner = file(a, b)
  const directory = directoryBlock(
    [
      { ...inner, name: 'one' },
      { ...c, name: 'two' },
    ],
    sha256,
  )
  memory.put(directory.cid, directory.bytes)
  const cids: Cid[] = [a.cid, d.cid, inner.cid, file(inner, c).cid, file(c, d, c).cid, directory.cid]
  return cids.map((cid) => {
    const blocks = [...dagBlocks(cid, memory)].map((block) => {
      if (!block.ok) throw new Error(block.error.code)
      return [block.value.cid, block.value.bytes] as const
    })
    return { cid, blocks, size: blocks.reduce((sum, [, bytes]) => sum + bytes.length, 0) }
  })
}

const roots = makeRoots()
const root = fc.nat(roots.length - 1)
const entry = fc.integer({ min: 1, max: 6 })

const step = fc.oneof(
  fc.record({ type: fc.constant('show' as const), entry, roots: fc.uniqueArray(root, { maxLength: 3 }) }),
  fc.record({ type: fc.constant('hide' as const), entry }),
  fc.record({ type: fc.constant('drop' as const), entry }),
  fc.record({ type: fc.constant('pin' as const), root }),
  fc.record({ type: fc.constant('unpin' as const), root }),
  fc.record({ type: fc.constant('fetch' as const), root }),
  fc.record({ type: fc.constant('put' as const), root, block: fc.nat(6) }),
  fc.record({ type: fc.constant('evict' as const), bytes: fc.nat(1000) }),
  fc.record({ type: fc.constant('watch' as const), feed: fc.integer({ min: 1, max: 2 }), on: fc.boolean() }),
  fc.record({ type: fc.constant('discard' as const), root, block: fc.nat(6) }),
)

test('[B15] [T27] a held blob is never lost, one that nothing holds any more goes, and usage is exact', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      using world = openWorld(null)
      const { blobs } = world
      const shown = new Map<number, readonly number[]>()
      const hidden = new Map<number, readonly number[]>()
      const pinned = new Set<number>()
      const watched = new Set<number>()
      const complete = new Set<number>()
      const feedOf = (id: number) => (id % 2) + 1
      const isShown = (index: number) =>
        [...shown].some(([id, links]) => watched.has(feedOf(id)) && links.includes(index))
      const isHeld = (index: number) =>
        pinned.has(index) || isShown(index) || [...hidden.values()].some((links) => links.includes(index))
      const put = (index: number, block: number) => {
        const { blocks } = roots[index]!
        const [cid, bytes] = blocks[block % blocks.length]!
        blobs.putBlock(cid, bytes)
      }
      world.setPolicy(1, null)
      world.setPolicy(2, null)

      for (const step of steps) {
        switch (step.type) {
          case 'show':
            if (!shown.has(step.entry)) show(step.entry, hidden.get(step.entry) ?? step.roots)
            break
          case 'hide': {
            const links = shown.get(step.entry)
            if (links !== undefined && watched.has(feedOf(step.entry))) hidden.set(step.entry, links)
            shown.delete(step.entry)
            world.hide(step.entry)
            break
          }
          case 'drop':
            shown.delete(step.entry)
            hidden.delete(step.entry)
            world.drop(step.entry)
            break
          case 'pin':
            pinned.add(step.root)
            blobs.hold(roots[step.root]!.cid, 'pin')
            break
          case 'unpin':
            pinned.delete(step.root)
            blobs.release(roots[step.root]!.cid, 'pin')
            break
          case 'fetch':
            for (const [cid, bytes] of roots[step.root]!.blocks) blobs.putBlock(cid, bytes)
            expect(blobs.completeBlob(roots[step.root]!.cid)).toEqual({
              type: 'complete',
              bytes: roots[step.root]!.size,
            })
            complete.add(step.root)
            break
          case 'put':
            put(step.root, step.block)
            break
          case 'evict':
            blobs.evict(step.bytes)
            break
          case 'watch':
            if (step.on) watched.add(step.feed)
            else {
              watched.delete(step.feed)
              for (const id of [...hidden.keys()]) if (feedOf(id) === step.feed) hidden.delete(id)
            }
            world.setPolicy(step.feed, step.on ? { type: 'all' } : null)
            break
          case 'discard': {
            const { blocks } = roots[step.root]!
            const [cid] = blocks[step.block % blocks.length]!
            blobs.repair([{ kind: 'block', cid, identity: null }])
            for (const [index, one] of roots.entries())
              if (one.blocks.some(([other]) => other === cid)) complete.delete(index)
          }
        }
        while (!blobs.settleHolds());
        for (const [index, { cid, blocks, size }] of roots.entries()) {
          expect(blobs.holders(cid).some((name) => name.startsWith('feed:'))).toBe(isShown(index))
          if (!isHeld(index)) {
            complete.delete(index)
            continue
          }
          if (!complete.has(index)) continue
          for (const [name, bytes] of blocks) expect(blobs.block(name)).toEqual(bytes)
          const state = blobs.blobState(cid)
          if (state.type === 'complete') expect(state.bytes).toBe(size)
          else expect(state).toEqual({ type: 'partial', missing: 0 })
        }
        for (const { root } of blobs.wantedBlobs(10)) {
          expect(isShown(roots.findIndex(({ cid }) => cid === root))).toBe(true)
        }
        checkUsage()
      }

      for (const id of [...shown.keys(), ...hidden.keys()]) world.drop(id)
      for (const index of pinned) blobs.release(roots[index]!.cid, 'pin')
      while (!blobs.settleHolds());
      expect(blobs.blobUsage().heldBytes).toBe(0)
      blobs.evict(Number.MAX_SAFE_INTEGER)
      expect(blobs.blobUsage()).toMatchObject({ blocks: 0, bytes: 0 })
      for (const name of ['blocks', 'block_bytes', 'block_edges']) {
        expect(world.blocks.first(`select count(*) as n from ${name}`)).toEqual({ n: 0 })
      }

      function show(id: number, links: readonly number[]) {
        hidden.delete(id)
        shown.set(id, links)
        world.show(
          id,
          feedOf(id),
          links.map((index) => [roots[index]!.cid, roots[index]!.size] as const),
        )
      }

      /** What the blocks here and the model say, against the counts that are kept. */
      function checkUsage() {
        const here = new Map<Cid, number>()
        const held = new Map<Cid, number>()
        for (const [index, { cid, blocks }] of roots.entries()) {
          for (const [name, bytes] of blocks) if (blobs.hasBlock(name)) here.set(name, bytes.length)
          if (isHeld(index)) for (const name of reachable(cid)) held.set(name, blobs.blockSize(name) ?? 0)
        }
        const sum = (sizes: Map<Cid, number>) => [...sizes.values()].reduce((total, size) => total + size, 0)
        expect(blobs.blobUsage()).toEqual({
          blocks: here.size,
          bytes: sum(here),
          heldBytes: sum(held),
          quotaBytes: null,
        })
      }

      /** Below a node that is not here nothing is known to be held. */
      function reachable(cid: Cid): readonly Cid[] {
        return [...dagBlocks(cid, blobs.asBlocks)].flatMap((block) => (block.ok ? [block.value.cid] : []))
      }
    }),
    { numRuns: runs(150) },
  )
})
