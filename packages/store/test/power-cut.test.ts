/**
 * A power cut between the two files of a store: the log of the main file loses its end, the block file loses nothing. What went is
 * not taken to be here (spec S60).
 *
 * @module
 */
import { createRandom } from '@effigy/testkit'
import { createFaultyDisk, type FaultyDisk } from '@effigy/testkit/node'
import { expect, test } from 'vitest'
import { blockDatabase } from '../src/blobs/block-database.ts'
import { prepareDatabase } from '../src/migrate.ts'
import { migrations } from '../src/schema.ts'
import { rawBlob, type World, worldOver } from './blob-world.ts'

const all = { type: 'all' } as const
const { cid, bytes, link } = rawBlob('here before the lights went out')

function open(disk: FaultyDisk): World {
  const [main, blocks] = [disk.open('main'), disk.open('blocks')]
  prepareDatabase(main, { migrations })
  prepareDatabase(blocks, blockDatabase)
  const world = worldOver(main, blocks)
  // As the feeds of a store that is opened have the policy they had.
  world.setPolicy(1, all)
  return world
}

/** A disk with one blob, held by an entry, and all of it on the medium. */
async function diskWithBlob(isHeld: boolean): Promise<FaultyDisk> {
  const disk = await createFaultyDisk({ random: createRandom('power cut') })
  using world = open(disk)
  if (isHeld) world.show(1, 1, [link])
  world.blobs.putBlock(cid, bytes)
  world.blobs.completeBlob(cid)
  expect(world.blobs.blobState(cid)).toEqual({ type: 'complete', bytes: bytes.length })
  return disk
}

const ways: Readonly<Record<string, (world: World) => void>> = {
  'its entry is dropped'(world) {
    world.drop(1)
    world.blobs.settleHolds()
  },
  'nobody watches its feed any more'(world) {
    world.setPolicy(1, null)
    world.blobs.settleHolds()
  },
  'room is made of it'(world) {
    world.blobs.letGo?.([cid])
  },
  'it is taken down'(world) {
    world.blobs.takeDowns.add(cid)
  },
  'it is damaged'(world) {
    world.blocks.run('update block_bytes set bytes = zeroblob(1000)')
    expect(world.blobs.block(cid)).toBeNull()
    world.blobs.settleHolds()
  },
}

test.for(Object.entries(ways))(
  '[S60] what went before a power cut is not taken to be here: %s',
  async ([, go]) => {
    const disk = await diskWithBlob(true)
    using world = open(disk)
    go(world)
    expect(world.blobs.hasBlock(cid)).toBe(false)
    expectMissed(disk)
  },
)

test('[S60] what nothing held, and went before a power cut, is not taken to be here', async () => {
  const disk = await diskWithBlob(false)
  using world = open(disk)
  expect(world.blobs.evict(bytes.length)).toBe(bytes.length)
  expect(world.blobs.hasBlock(cid)).toBe(false)
  expectMissed(disk)
})

/** What survives of the disk, with a process on it that goes on. */
function expectMissed(disk: FaultyDisk): void {
  using world = open(disk.powerLoss('none'))
  expect(world.blobs.hasBlock(cid)).toBe(false)
  expect(world.blobs.blobState(cid).type).not.toBe('complete')
}
