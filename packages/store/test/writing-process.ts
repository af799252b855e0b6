/**
 * Writes blocks beside until it is killed, and tells its parent which ones were acknowledged.
 *
 * @module
 */
import { type RawCid, rawCid } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { openNodeStore } from '../src/node/open-store.ts'

const [folder = '', name = ''] = process.argv.slice(2)
const { sha256, randomBytes } = createNodeCrypto()
const store = openNodeStore(folder, { sha256, now: Date.now })

function blocks(): (readonly [RawCid, Uint8Array])[] {
  return Array.from({ length: 20 }, () => {
    const bytes = randomBytes(70_000)
    return [rawCid(bytes, sha256), bytes] as const
  })
}

process.on('disconnect', () => process.exit(0))

for (let round = 0; ; round++) {
  const batch = blocks()
  const cids = batch.map(([cid]) => cid)
  const writing = store.writeBlocks?.(batch)
  // The other connection writes too.
  if (round % 3 === 0) store.hold(cids[0] as RawCid, `${name} ${round}`)
  store.putBlocks(blocks().slice(0, 1))
  await writing
  process.send?.(cids)
}
