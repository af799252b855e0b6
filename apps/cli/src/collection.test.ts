/** `effigy collection get` of what unfolds to far more than it is made of (T29). */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cid, cidBytes, dagCidOfDigest, type Sha256 } from '@effigy/core'
import { openNodeStore } from '@effigy/store/node'
import { expect, test } from 'vitest'
import { createPrograms } from '../test/programs.ts'

const { root, run, json } = createPrograms('collection')
const sha256: Sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest())

test('[B6] [B9] [T29] a few blocks that name each other twice, and a file of one piece many times, write nothing', async () => {
  await run('home', ['init', '--name', 'Alice'])
  const target = join(root, 'target')
  const doubled = await run('home', ['collection', 'get', doublings(join(root, 'home'), 20), target])
  expect(doubled).toMatchObject({ code: 6, out: '' })
  expect(doubled.error).toContain('[too-large]')

  const folder = join(root, 'folder')
  mkdirSync(folder)
  const file = join(folder, 'zeros')
  writeFileSync(file, '')
  truncateSync(file, 80 * 1024 * 1024)
  const [added] = await json('home', ['collection', 'add', folder])
  const zeros = await run('home', ['collection', 'get', String(added?.cid), target])
  expect(zeros).toMatchObject({ code: 6, out: '' })
  expect(existsSync(target)).toBe(false)
}, 60_000)

/** A folder of two that are the same folder of two …: 2^levels of them in as many blocks as levels. */
function doublings(home: string, levels: number): Cid {
  using store = openNodeStore(join(home, 'store'), { sha256, now: Date.now })
  const put = (bytes: Uint8Array): Cid => {
    const cid = dagCidOfDigest(sha256(bytes))
    store.putBlock(cid, bytes)
    return cid
  }
  // dag-pb: { Links (2): { Hash (1), Name (2) }, Data (1): UnixFS directory }.
  const data = [0x0a, 2, 8, 1]
  let cid = put(Uint8Array.from(data))
  for (let level = 0; level < levels; level++) {
    const links = ['a', 'b'].flatMap((name) => {
      const link = [0x0a, 36, ...cidBytes(cid), 0x12, 1, name.charCodeAt(0)]
      return [0x12, link.length, ...link]
    })
    cid = put(Uint8Array.from([...links, ...data]))
  }
  store.hold(cid, 'pin')
  expect(store.completeBlob(cid).type).toBe('complete')
  store.syncBlocks()
  return cid
}
