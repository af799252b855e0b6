/** What only the parts together show: texts beside entries are blobs too. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { contentId, utf8 } from '@effigy/core'
import { expect, onTestFinished, test } from 'vitest'
import { extend, headOf, runOf, sha256, testIdentity } from '../test/feed-maker.ts'
import { importFile } from './files/index.ts'
import { openNodeStore } from './node/open-store.ts'
import type { Store } from './store.ts'

const alice = testIdentity('alice')
const text = '{"type":"public_note","at":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA","text":"beside"}'
const content = contentId(text, sha256)
const note = { payload: content, links: [[content, utf8(text).length]] as const }
const erase = { payload: JSON.stringify({ type: 'erase', at: 2, targets: [{ identity: alice, content }] }) }

function holding(): Store {
  const store = openNodeStore(':memory:', { sha256, now: () => 5_000 })
  const chain = extend(alice, [], [note])
  store.watchFeed(alice, { depth: { type: 'all' }, blobs: { type: 'all' } })
  store.acceptHead(headOf(chain))
  store.appendRun(runOf(chain, new Map([[content, utf8(text)]])))
  return store
}

test('[R8] a text beside its entry is held by that feed, like a block that it links to', () => {
  using store = holding()
  expect(store.holders(content)).toEqual([`feed:${alice}`])
  expect(store.blobState(content)).toEqual({ type: 'complete', bytes: utf8(text).length })
  expect(store.block(content)).toEqual(utf8(text))
})

test('[S7] [P9] the text of an erased note is given to nobody, and back when the erase is', () => {
  using store = holding()
  const chain = extend(alice, [], [note])
  const erased = extend(alice, chain, [erase])
  store.acceptHead(headOf(erased))
  store.appendRun(runOf(erased.slice(1)))
  store.settle(store.unverified(10).map(({ id }) => ({ id, valid: true })))
  expect(store.resolve(alice, content)?.state.type ?? 'erased').toBe('erased')
  expect(store.holders(content)).toEqual([])
  expect(store.block(content)).toBeNull()
  // A rebase takes the erase out of the feed again.
  store.acceptHead(headOf(chain, 2))
  store.rewind(alice, 2, 1)
  expect(store.holders(content)).toEqual([`feed:${alice}`])
  expect(store.block(content)).toEqual(utf8(text))
})

test('[S9] files that a power cut made doubtful are whole again after `maintain`, with nobody else there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-doubt-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const options = { sha256, now: () => 5_000 }
  const signal = new AbortController().signal
  let root = content as Parameters<Store['blobState']>[0]
  {
    using store = openNodeStore(folder, options)
    store.watchFeed(alice, { depth: { type: 'all' }, blobs: { type: 'all' } })
    const file = await importFile([new Uint8Array(300_000)], store.asBlocks, { signal })
    root = file.cid
    const chain = extend(alice, [], [{ payload: note.payload, links: [[root, file.dagSize]] }])
    store.appendOwn([{ entry: chain[0]!, body: null }], headOf(chain))
    expect(store.completeBlob(root).type).toBe('complete')
  }
  // The main file relied on writes of the block file that are gone.
  const main = new DatabaseSync(join(folder, 'main.sqlite'))
  main.exec("update meta set value = value + 5 where key = 'blobs.writes'")
  main.close()
  using store = openNodeStore(folder, options)
  expect(store.wantedBlobs(10).map((want) => want.root)).toEqual([root])
  store.maintain()
  expect(store.blobState(root).type).toBe('complete')
})
