/**
 * Everything that a peer asks of its store, in phases; each begins where the one before ended.
 *
 *     phase = operations, each safe to repeat ─▶ what must be there once it was acknowledged
 *
 * Signatures are made up: the store never checks them, and the same bytes come in every run.
 *
 * @module
 */
import {
  type Cid,
  contentId,
  type HeadRecord,
  type Link,
  type RawCid,
  type SignedEntry,
  utf8,
} from '@effigy/core'
import { createMemoryBlocks, dagBlocks, importFile, type OwnEntry, type Store } from '@effigy/store'
import { createRandom } from '@effigy/testkit'
import {
  type EntryDraft,
  extend,
  headOf,
  runOf,
  sha256,
  testIdentity,
} from '../../../packages/store/test/feed-maker.ts'

export const alice = testIdentity('alice')
export const bob = testIdentity('bob')
const day = 24 * 60 * 60 * 1000
const startMs = 1_800_000_000_000
const all = { depth: { type: 'all' }, blobs: { type: 'all' } } as const

/** The own feed after an operation. */
export interface OwnState {
  readonly record: HeadRecord
  readonly chain: readonly SignedEntry[]
  readonly erased: ReadonlySet<RawCid>
}

export interface Operation {
  readonly name: string
  run(store: Store): void | Promise<void>
  /** Durable once `run` has returned. */
  readonly own?: OwnState
  readonly setting?: readonly [string, string]
}

export interface Phase {
  readonly name: string
  /** Wall clock during it, ms. */
  readonly nowMs: number
  readonly operations: readonly Operation[]
}

interface Text {
  readonly content: RawCid
  readonly body: Uint8Array
}

const textOf = (text: string): Text => {
  const payload = JSON.stringify({ type: 'public_note', at: 1, salt: 'AAAAAAAAAAAAAAAAAAAAAA', text })
  return { content: contentId(payload, sha256), body: utf8(payload) }
}
const detached = ({ content, body }: Text, more: readonly Link[] = []): EntryDraft => ({
  payload: content,
  links: [[content, body.length], ...more],
})
const inline = (payload: object): EntryDraft => ({ payload: JSON.stringify({ at: 1, ...payload }) })
const note = (text: string): EntryDraft => inline({ type: 'public_note', text })

/** A file of several blocks, the same each time. */
async function makeFile(name: string, length: number) {
  const blocks = createMemoryBlocks()
  const bytes = createRandom(name).bytes(length)
  const file = await importFile([bytes], blocks, { signal: new AbortController().signal })
  const list = [...dagBlocks(file.cid, blocks)].map((block) => {
    if (!block.ok) throw new Error(block.error.code)
    return [block.value.cid, block.value.bytes] as const
  })
  return { root: file.cid, size: file.dagSize, blocks: list, link: [file.cid, file.dagSize] as const }
}

const mediaOf = (root: Cid): EntryDraft =>
  inline({ type: 'media', kind: 'document', blob: root, mime: 'text/plain', bytes: 1 })

/** The writer's side of the own feed, one state after the other. */
function createOwnFeed() {
  let state: OwnState | null = null
  let epoch = 1

  const become = (chain: readonly SignedEntry[], erased: Iterable<RawCid>): OwnState => {
    state = { chain, erased: new Set(erased), record: headOf(chain, epoch) }
    return state
  }
  const withBodies = (entries: readonly SignedEntry[], texts: readonly Text[]): readonly OwnEntry[] =>
    entries.map((entry) => ({
      entry,
      body: texts.find(({ content }) => content === entry.entry.payload)?.body ?? null,
    }))

  return {
    publish(
      name: string,
      drafts: readonly EntryDraft[],
      texts: readonly Text[] = [],
      erases: readonly RawCid[] = [],
    ): Operation {
      const before = state?.chain ?? []
      const chain = extend(alice, before, drafts)
      const own = become(chain, [...(state?.erased ?? []), ...erases])
      const entries = withBodies(chain.slice(before.length), texts)
      return { name, own, run: (store) => store.appendOwn(entries, own.record) }
    },
    /** Takes one entry out and writes what lies above it anew. */
    remove(name: string, length: number, texts: readonly Text[]): Operation {
      const before = state?.chain ?? []
      epoch++
      const kept = before.slice(0, length - 1)
      const moved = before.slice(length).map(({ entry: { payload, links } }) => ({ payload, links }))
      const chain = extend(alice, kept, moved, `epoch ${epoch}`)
      const own = become(chain, state?.erased ?? [])
      const entries = withBodies(chain.slice(kept.length), texts)
      return { name, own, run: (store) => store.replaceOwn(kept.length, entries, own.record) }
    },
  }
}

export async function makePhases(): Promise<readonly Phase[]> {
  const own = createOwnFeed()
  const [small, large, second] = [
    textOf('small words'),
    textOf(`large ${'x'.repeat(20_000)}`),
    textOf('second words'),
  ]
  const file = await makeFile('own file', 600_000)
  const theirFile = await makeFile('their file', 300_000)
  const [theirSmall, theirLarge] = [textOf('their small words'), textOf(`theirs ${'y'.repeat(20_000)}`)]
  const theirNote = contentId(note('their first').payload, sha256)
  const theirs = extend(
    bob,
    [],
    [
      note('their first'),
      detached(theirSmall),
      detached(theirLarge),
      { ...mediaOf(theirFile.root), links: [theirFile.link] },
      inline({ type: 'identification', name: 'Bob', about: '', avatar: null, hubs: [], box: 'A'.repeat(43) }),
      ...Array.from({ length: 20 }, (_, index) => note(`theirs ${index}`)),
      inline({ type: 'erase', targets: [{ identity: bob, content: theirNote }] }),
      note('their last'),
    ],
  )
  const rebased = extend(
    bob,
    theirs.slice(0, 10),
    theirs.slice(11).map(({ entry: { payload, links } }) => ({ payload, links })),
    'again',
  )
  const bodies = new Map([[theirSmall.content, theirSmall.body]])
  const put = (name: string, blocks: readonly (readonly [Cid, Uint8Array])[], root: Cid): Operation => ({
    name,
    run(store) {
      store.putBlocks(blocks)
      store.holdUntil(root, 'upload', startMs + day)
      store.completeBlob(root)
      store.syncBlocks()
    },
  })
  const setting = (key: string, value: string): Operation => ({
    name: `setting ${key}`,
    setting: [key, value],
    run: (store) => store.saveSetting(key, value),
  })
  const settleAll: Operation = {
    name: 'settle',
    run: (store) => store.settle(store.unverified(1_000).map(({ id }) => ({ id, valid: true }))),
  }

  const phases: readonly (readonly [string, readonly Operation[], number?])[] = [
    [
      'publish',
      [
        setting('instance-next', '2'),
        { name: 'watch oneself', run: (store) => store.watchFeed(alice, all) },
        own.publish('notes', [note('first words'), detached(small)], [small]),
        put('large text', [[large.content, large.body]], large.content),
        own.publish('large note', [detached(large)]),
        own.publish('follow', [
          inline({ type: 'follow', target: { identity: bob, root: null }, value: true }),
        ]),
        setting('instance', '2'),
      ],
    ],
    [
      'file',
      [
        put('file', file.blocks, file.root),
        own.publish('media', [{ ...mediaOf(file.root), links: [file.link] }]),
        { name: 'release', run: (store) => store.release(file.root, 'upload') },
      ],
    ],
    [
      'sync',
      [
        { name: 'watch', run: (store) => store.watchFeed(bob, all) },
        { name: 'head', run: (store) => void store.acceptHead(headOf(theirs)) },
        { name: 'newest', run: (store) => void store.appendRuns([runOf(theirs.slice(12), bodies)]) },
        own.publish('meanwhile', [note('meanwhile'), detached(second)], [second]),
        { name: 'older', run: (store) => void store.appendRuns([runOf(theirs.slice(0, 12), bodies)]) },
        settleAll,
      ],
    ],
    [
      'blobs',
      [
        { name: 'text', run: (store) => store.putBlocks([[theirLarge.content, theirLarge.body]]) },
        { name: 'part', run: (store) => store.putBlocks(theirFile.blocks.slice(0, 1)) },
        { name: 'rest', run: (store) => store.putBlocks(theirFile.blocks.slice(1)) },
        { name: 'complete', run: (store) => void store.completeBlob(theirFile.root) },
        { name: 'pin', run: (store) => store.hold(theirFile.root, 'pin') },
      ],
    ],
    [
      'erase',
      [
        own.publish(
          'erase',
          [inline({ type: 'erase', targets: [{ identity: alice, content: small.content }] })],
          [],
          [small.content],
        ),
        own.publish('after', [note('after the erase')]),
      ],
    ],
    [
      'rebase',
      [
        own.remove('own rebase', 1, [small, second]),
        { name: 'their head', run: (store) => void store.acceptHead(headOf(rebased, 2)) },
        { name: 'rewind', run: (store) => store.rewind(bob, 2, 10) },
        { name: 'their rebase', run: (store) => void store.appendRuns([runOf(rebased.slice(10))]) },
        settleAll,
        own.publish('on top', [note('on top of the rebase')]),
      ],
    ],
    [
      'search',
      [
        { name: 'index', run: (store) => void store.indexSearch(10) },
        { name: 'more', run: (store) => void store.indexSearch(1_000) },
      ],
    ],
    [
      'rebuild',
      [
        { name: 'rebuild', run: (store) => store.rebuildViews({ signal: new AbortController().signal }) },
        own.publish('afterwards', [note('after the rebuild')]),
      ],
    ],
    [
      'maintain',
      [
        { name: 'maintain', run: (store) => store.maintain() },
        { name: 'evict', run: (store) => void store.evict(1) },
        { name: 'unwatch', run: (store) => store.watchFeed(bob, null) },
        { name: 'forget', run: (store) => store.forget(bob) },
        own.publish('last', [note('the last one')]),
      ],
      9 * day,
    ],
  ]
  return phases.map(([name, operations, laterMs = 0]) => ({ name, operations, nowMs: startMs + laterMs }))
}
