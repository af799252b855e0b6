/** What is here of roots that have begun is counted as it comes, and is what a walk through all of it finds (spec B17). */
import { type Cid, cidBytes, isRawCid, type RawCid } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openWorld, sha256 } from '../../test/blob-world.ts'
import { openSqlite, runs } from '../../test/medium.ts'
import { fileBlock, type ReferenceLink, rawLink } from '../files/reference.ts'
import { createBegunCounts } from './begun-counts.ts'
import { blockDatabase } from './block-database.ts'
import { belowRoot, writeRow } from './block-rows.ts'
import { createBlockTable } from './block-table.ts'

const all = new Map<Cid, Uint8Array>()

function leaf(name: string): ReferenceLink {
  const bytes = new TextEncoder().encode(`leaf ${name}`)
  const link = rawLink(bytes, sha256)
  all.set(link.cid, bytes)
  return link
}

function file(...parts: readonly ReferenceLink[]): ReferenceLink {
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  const block = fileBlock([...parts], { size }, sha256)
  all.set(block.cid, block.bytes)
  return { cid: block.cid, name: '', linkSize: size, size }
}

const [a, b, c] = [leaf('a'), leaf('bb'), leaf('ccc')]
const inner = file(a, b)
const roots = [file(inner, c), file(inner, file(c, a)), file(file(inner), b), inner].map(({ cid }) => cid)
const cids = [...all.keys()]
const rawCids = cids.filter(isRawCid)

const root = fc.constantFrom(...roots)
const step = fc.oneof(
  fc.record({ type: fc.constant('pin' as const), root, on: fc.boolean() }),
  fc.record({ type: fc.constant('put' as const), cid: fc.constantFrom(...cids) }),
  fc.record({ type: fc.constant('beside' as const), cids: fc.uniqueArray(fc.constantFrom(...rawCids)) }),
  fc.record({ type: fc.constant('written' as const) }),
  fc.record({ type: fc.constant('remove' as const), cid: fc.constantFrom(...cids), isKept: fc.boolean() }),
  fc.record({ type: fc.constant('look' as const), root }),
)

test('[B17] what is here of a root is the same counted as it comes and counted anew', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      using db = openSqlite(':memory:', blockDatabase)
      const now = 1_700_000_000_000
      const begun = createBegunCounts({ db, now: () => now, isPinned: (cid) => table.isPinned(cid) })
      const table = createBlockTable({ db, sha256, now: () => now, begun })
      const bytesOf = (cid: Cid): Uint8Array => all.get(cid) ?? new Uint8Array()
      let written = (): void => undefined
      for (const each of steps) {
        switch (each.type) {
          case 'pin':
            table.write(() => table.setPinned(each.root, each.on))
            break
          case 'put':
            table.write(() => table.put(each.cid, bytesOf(each.cid)))
            break
          case 'beside': {
            written()
            const told = table.othersWrite(each.cids.map((cid: RawCid) => [cid, bytesOf(cid)]))
            const rows = each.cids.map((cid) => writeRow(db, cidBytes(cid), bytesOf(cid), now))
            const blocks = rows.filter((row) => row !== null).length
            written = () => {
              told({ blocks, bytes: 0, heldBytes: 0 })
              written = () => undefined
            }
            break
          }
          case 'written':
            written()
            break
          case 'remove':
            table.write(() => table.remove(each.cid, each.isKept ? 'keep' : 'delete'))
            break
          case 'look':
            begun.of(each.root)
        }
      }
      written()
      for (const each of roots) expect(begun.of(each)?.bytes).toBe(belowRoot(db, each, 1000).bytes)
    }),
    { numRuns: runs(100) },
  )
})

test('[B17] [T16] no list of wants walks again through what is here of a root', () => {
  let walks = 0
  using world = openWorld(null)
  const { blobs, blocks } = world
  const { first } = blocks
  blocks.first = (sql, ...values) => {
    if (sql.includes('with recursive below')) walks++
    return first.call(blocks, sql, ...values) as never
  }
  world.setPolicy(1, { type: 'all' })
  blobs.setQuota(1_500_000)
  const put = (cid: Cid): void => blobs.putBlocks([[cid, all.get(cid) ?? new Uint8Array()]])
  for (const name of [1, 2, 3]) {
    const leaves = Array.from({ length: 20 }, (_, at) => leaf(`${name} ${at}`))
    const begun = file(...leaves)
    world.show(name, 1, [[begun.cid, 1_000_000]])
    put(begun.cid)
    for (const { cid } of leaves) {
      put(cid)
      expect(blobs.wantedBlobs(10)).toHaveLength(1)
    }
  }
  expect(walks).toBe(3)
})

test('[B17] [T16] walks take a part of the time: others are counted later', () => {
  const clock = { now: 1_700_000_000_000 }
  const walked = { rows: 60_000, bytes: 10, used: 1 }
  const counts = createBegunCounts({
    db: { first: () => walked as never, rows: () => [] },
    now: () => clock.now,
    isPinned: () => true,
  })
  const counted = () => roots.map((each) => counts.of(each)?.bytes ?? null)
  expect(counted()).toEqual([10, 10, null, null])
  clock.now += 1_000
  expect(counted()).toEqual([10, 10, null, null])
  clock.now += 1_000
  expect(counted()).toEqual([10, 10, 10, null])
})
