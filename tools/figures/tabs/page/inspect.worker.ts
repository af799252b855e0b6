/**
 * Looks at a store whose worker is dead, as nobody's peer: files, chain, contents.
 *
 *     lock ─▶ pool ─┬─ pragma integrity_check of both databases
 *                   ╰─ store ─▶ chain links, head, what was acknowledged
 *
 * @module
 */
import {
  type ChainPoint,
  chainPoint,
  contentId,
  type Identity,
  judgeHead,
  judgeLink,
  parseUtf8,
  type RawCid,
} from '@effigy/core'
import { createBrowserCrypto } from '@effigy/crypto/browser'
import { blockDatabase, readFile, type Sqlite, type Store } from '@effigy/store'
import { takeLock } from '../../../../packages/store/src/browser/lock.ts'
import {
  blockFile,
  mainDatabase,
  mainFile,
  storeOver,
} from '../../../../packages/store/src/browser/open-store.ts'
import { hasFolder, openPool, type Pool } from '../../../../packages/store/src/browser/pool.ts'
import type { FileFacts } from '../../kills/events.ts'
import type { ContentFact, Found, InspectOrder } from '../told.ts'

const { signal } = new AbortController()
const nothing: Found = { faults: [], head: null, contents: [] }

async function inspect({ name, identity, contents }: InspectOrder): Promise<Found> {
  if (!(await hasFolder(name))) return identity === null ? nothing : { ...nothing, faults: ['all is gone'] }
  using _lock = await takeLock(navigator.locks, name, { whenTaken: 'wait', signal })
  using pool = await openPool(name, signal)
  const faults = [mainFile, blockFile].flatMap((file) => damageOf(pool, file))
  if (identity === null) return { ...nothing, faults }
  const { sha256 } = await createBrowserCrypto()
  const main = pool.open(mainFile, mainDatabase)
  const blocks = pool.open(blockFile, blockDatabase)
  using store = storeOver({ main, blocks }, { sha256, now: Date.now })
  const record = store.feed(identity)?.record ?? null
  const { chain, wrong } = chainOf(store, identity)
  const facts: [RawCid, ContentFact][] = []
  for (const [content, file] of contents) {
    const item = store.resolve(identity, content)
    const isWhole = item !== null && (await isWholeIn(store, item.cid, content, file))
    facts.push([content, { isOnChain: chain.has(content), state: item?.state.type ?? null, isWhole }])
  }
  const head =
    record === null ? null : { epoch: record.head.epoch, length: record.head.length, cid: record.head.head }
  return { faults: [...faults, ...wrong], head, contents: facts }

  async function isWholeIn(
    store: Store,
    cid: RawCid,
    content: RawCid,
    file: FileFacts | null,
  ): Promise<boolean> {
    const stored = store.entry(cid)
    const block = stored?.body ?? store.block(content)
    const inline = stored?.signed.entry.payload ?? ''
    const text = inline.startsWith('{') ? inline : block === null ? null : parseUtf8(block)
    if (text === null || contentId(text, sha256) !== content) return false
    return file === null || (await hashOf(store, file)) === file.hash
  }
}

function damageOf(pool: Pool, file: string): readonly string[] {
  if (!pool.has(file)) return []
  using db: Sqlite = pool.connect(file)
  // Without it a log needs shared memory, which there is none of.
  db.script('pragma locking_mode = exclusive')
  const found = [...db.rows<{ integrity_check: string }>('pragma integrity_check')].map(
    (row) => row.integrity_check,
  )
  const dangling = [...db.rows('pragma foreign_key_check')].length
  return [
    ...found.filter((text) => text !== 'ok').map((text) => `${file}: ${text}`),
    ...(dangling === 0 ? [] : [`${file}: ${dangling} references to nothing`]),
  ]
}

function chainOf(
  store: Store,
  identity: Identity,
): { readonly chain: ReadonlySet<RawCid>; readonly wrong: readonly string[] } {
  const chain = new Set<RawCid>()
  const wrong: string[] = []
  const state = store.feed(identity)
  let below: ChainPoint | null = null
  let top = null
  for (const { signed, content } of store.chain(identity)) {
    const fault = judgeLink(identity, below, signed)
    if (fault !== null) wrong.push(`the chain breaks at ${signed.entry.length}: ${fault.code}`)
    chain.add(content)
    below = chainPoint(signed)
    top = signed
  }
  const record = state?.record ?? null
  if (record !== null && (top === null || judgeHead(record.head, top) !== null)) {
    wrong.push('the head does not name the newest entry')
  }
  if (state?.disputedAbove != null || store.forkEvidence(identity).length > 0) wrong.push('forked')
  return { chain, wrong }
}

async function hashOf(store: Store, { root, size }: FileFacts): Promise<string | null> {
  if (store.blobState(root).type !== 'complete') return null
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const piece of readFile(root, store.asBlocks, { signal })) {
    if (!piece.ok || at + piece.value.length > size) return null
    bytes.set(piece.value, at)
    at += piece.value.length
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

addEventListener('message', ({ data }: MessageEvent<InspectOrder>) => {
  inspect(data).then(postMessage, (cause: unknown) => {
    const { code } = cause as { readonly code?: unknown }
    postMessage({ ...nothing, faults: [`it does not open: ${code ?? ''} ${String(cause)}`] })
  })
})
