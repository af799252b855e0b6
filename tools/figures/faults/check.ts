/**
 * What must be true of a store that is opened again after its disk failed.
 *
 * @module
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { contentId, parseUtf8 } from '@effigy/core'
import {
  blockDatabase,
  createStore,
  migrations,
  prepareDatabase,
  type Sqlite,
  type Store,
} from '@effigy/store'
import type { FaultyDisk } from '@effigy/testkit/node'
import { sha256 } from '../../../packages/store/test/feed-maker.ts'
import { alice, type Operation, type OwnState } from './workload.ts'

export interface OpenStore extends Disposable {
  readonly store: Store
  readonly main: Sqlite
  readonly blocks: Sqlite
}

/** As `openNodeStore` does it, over the disk. Throws what the disk makes it throw, with nothing left open. */
export function openOn(disk: FaultyDisk, nowMs: number): OpenStore {
  const main = disk.open('main')
  let blocks: Sqlite | null = null
  try {
    prepareDatabase(main, { migrations })
    blocks = disk.open('blocks')
    prepareDatabase(blocks, blockDatabase)
    const store = createStore({ main, blocks, sha256, now: () => nowMs, pause: () => nextTurn() })
    return { store, main, blocks, [Symbol.dispose]: () => store[Symbol.dispose]() }
  } catch (cause) {
    main[Symbol.dispose]()
    blocks?.[Symbol.dispose]()
    throw cause
  }
}

/** What is wrong, in words. `acknowledged`: in order; `attempted`: under way when the disk failed, or null. */
export async function faultsOf(
  { store, main, blocks }: OpenStore,
  acknowledged: readonly Operation[],
  attempted: Operation | null,
): Promise<readonly string[]> {
  const faults: string[] = []
  store.maintain()
  for (const [name, db] of [
    ['main', main],
    ['blocks', blocks],
  ] as const) {
    const check = db.first<{ integrity_check: string }>('pragma integrity_check')?.integrity_check
    if (check !== 'ok') faults.push(`${name} is damaged: ${check}`)
  }
  faults.push(...settingFaults(store, acknowledged, attempted))
  faults.push(...ownFaults(store, acknowledged, attempted))
  faults.push(...(await viewFaults(store, main)))
  return faults
}

function settingFaults(
  store: Store,
  acknowledged: readonly Operation[],
  attempted: Operation | null,
): readonly string[] {
  const expected = new Map(acknowledged.flatMap(({ setting }) => (setting === undefined ? [] : [setting])))
  const faults: string[] = []
  for (const [key, value] of expected) {
    const found = store.setting(key)
    const isNext = attempted?.setting?.[0] === key && attempted.setting[1] === found
    if (found !== value && !isNext) faults.push(`setting ${key} is ${found}`)
  }
  return faults
}

/** The own feed is as it was after the last acknowledged operation, or the one under way. */
function ownFaults(
  store: Store,
  acknowledged: readonly Operation[],
  attempted: Operation | null,
): readonly string[] {
  const record = store.feed(alice)?.record ?? null
  const last = acknowledged.findLast(({ own }) => own !== undefined)?.own ?? null
  const states = [last, attempted?.own ?? null]
  const state = states.find((one) => one !== null && sameHead(one, record)) ?? null
  if (state === null) {
    return last === null && record === null
      ? []
      : [`the own head is ${record?.head.epoch}/${record?.head.length}`]
  }
  const cids = Array.from(store.chain(alice), ({ signed }) => signed.cid).join()
  if (cids !== state.chain.map(({ cid }) => cid).join()) return ['the own chain is another one']
  return state.chain.flatMap(({ entry }) => contentFaults(store, state, entry.payload))
}

const sameHead = ({ record }: OwnState, found: OwnState['record'] | null): boolean =>
  found?.head.head === record.head.head && found.head.epoch === record.head.epoch

function contentFaults(store: Store, state: OwnState, payload: string): readonly string[] {
  const content = contentId(payload, sha256)
  const item = store.resolve(alice, content)
  const found = item?.state.type ?? 'erased'
  const expected = state.erased.has(content) ? 'erased' : 'shown'
  if (found !== expected) return [`${payload.slice(0, 60)} is ${found}`]
  if (expected === 'erased') return []
  const stored = item === null ? null : store.entry(item.cid)
  const bytes = payload.startsWith('{') ? null : (stored?.body ?? store.block(content))
  if (!payload.startsWith('{') && (bytes === null || contentId(parseUtf8(bytes) ?? '', sha256) !== content)) {
    return [`the text ${content} is gone`]
  }
  const roots = stored?.signed.entry.links.map(([root]) => root) ?? []
  return roots
    .filter((root) => store.blobState(root).type !== 'complete' || store.missingBlocks(root, 1).length > 0)
    .map((root) => `the file ${root} is ${store.blobState(root).type}`)
}

const viewTables = [
  ['items', 'entry'],
  ['replies', 'entry'],
  ['mentions', 'subject, sort, entry'],
  ['labels', 'label, sort, entry'],
  ['was', 'content_key, entry, author, content'],
  ['claims', 'entry'],
] as const

/** Views say the same as when they are made anew from the bytes. */
async function viewFaults(store: Store, main: Sqlite): Promise<readonly string[]> {
  const signal = new AbortController().signal
  const dump = (): string =>
    JSON.stringify(
      viewTables.map(([name, order]) => [...main.rows(`select * from ${name} order by ${order}`)]),
      (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value),
    )
  if (store.rebuildPending) await store.rebuildViews({ signal })
  const before = dump()
  await store.rebuildViews({ signal })
  const faults = dump() === before ? [] : ['the views are not what a rebuild makes of the bytes']
  for (let left = 100; store.indexSearch(100).behind > 0; left--) {
    if (left === 0) return [...faults, 'search never comes to an end']
  }
  return faults
}
