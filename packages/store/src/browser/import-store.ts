/**
 * Reads what `exportAll` wrote into an empty name (spec S57).
 *
 *     pieces ─▶ main file ─inspect, check▶ + blocks, holds counted anew ─finish▶ a store
 *
 * Until the end the mark says that it is not whole: a worker that dies meanwhile leaves nothing of it.
 *
 * @module
 */
import { type Cid, err, ok, type Result, type Sha256 } from '@effigy/core'
import { checkBlock } from '../files/blocks.ts'
import { type InspectFault, inspect, inspectPragmas } from '../inspect.ts'
import { migrations } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Store } from '../store.ts'
import { type CopyFault, decodePieces, type Piece } from './copy-format.ts'
import { takeLock } from './lock.ts'
import { readMark, writeMark } from './mark.ts'
import {
  type BrowserStoreOptions,
  blobDatabase,
  blockFile,
  deleteDatabase,
  mainDatabase,
  mainFile,
  orClose,
  storeOver,
} from './open-store.ts'
import { assertName, inMemoryConnections, openPool, type Pool } from './pool.ts'

export interface ImportOptions extends BrowserStoreOptions {
  /**
   * The last step before it counts. The device's own alarm belongs here (`noteRestored` of a peer): what it published since
   * the copy was made is not in it.
   */
  readonly finish: (store: Store) => void
}

export interface ImportReport {
  readonly blocks: number
  /** Blocks that the store knows and that were not in the copy, or damaged: they are wanted again. */
  readonly missing: number
}

/** `store-not-empty`: there is a store with entries under that name. */
export interface ImportFault {
  readonly code: CopyFault['code'] | InspectFault['code'] | 'store-not-empty'
}

/** Hashes are checked, signatures are not. Throws as `openBrowserStore` does, and what `source` throws. */
export async function importBrowserStore(
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<Result<ImportReport, ImportFault>> {
  const { name = 'effigy', whenTaken = 'refuse', signal } = options
  assertName(name)
  const lock = await takeLock(navigator.locks, name, { whenTaken, signal })
  try {
    const pool = await openPool(name, signal)
    try {
      const { hadEntries, isImporting } = await readMark(name)
      if (!isImporting && hasEntries(pool)) return err({ code: 'store-not-empty' })
      await writeMark(name, { hadEntries, isImporting: true })
      const clear = (): void => {
        for (const file of [mainFile, blockFile]) deleteDatabase(pool, file)
      }
      clear()
      let isWhole = false
      try {
        const report = await readIn(pool, decodePieces(source, options.sha256), options)
        isWhole = report.ok
        return report
      } finally {
        if (!isWhole) clear()
        await writeMark(name, { hadEntries: hadEntries || isWhole, isImporting: false })
      }
    } finally {
      pool[Symbol.dispose]()
    }
  } finally {
    lock[Symbol.dispose]()
  }
}

function hasEntries(pool: Pool): boolean {
  if (!pool.has(mainFile)) return false
  const main = pool.open(mainFile, mainDatabase)
  try {
    return main.first('select 1 as one from entries limit 1') !== null
  } finally {
    main[Symbol.dispose]()
  }
}

type Pieces = AsyncGenerator<Result<Piece, CopyFault>>

async function readIn(
  pool: Pool,
  pieces: Pieces,
  { sha256, now, signal, finish }: ImportOptions,
): Promise<Result<ImportReport, ImportFault>> {
  const next = await writeMain(pool, pieces)
  if (!next.ok) return next
  const inspected = inspect(await bareConnections(pool), migrations)
  if (!inspected.ok) return inspected
  const main = pool.open(mainFile, mainDatabase)
  const blocks = orClose([main], () => pool.open(blockFile, blobDatabase))
  const store = orClose([main, blocks], () => storeOver({ main, blocks }, { sha256, now }))
  try {
    const read = await writeBlocks(store, next.value, pieces, { sha256, signal })
    if (!read.ok) return read
    store.copying?.holdAnew()
    const damage = await store.check({ signal })
    if (damage.some(({ kind }) => kind === 'entry')) return err({ code: 'copy-damaged' })
    store.repair(damage)
    store.maintain()
    finish(store)
    store.syncBlocks()
    return ok({ blocks: read.value, missing: damage.length })
  } finally {
    store[Symbol.dispose]()
  }
}

/** Gives the first piece behind it. */
async function writeMain(pool: Pool, pieces: Pieces): Promise<Result<Piece, CopyFault>> {
  let behind: Result<Piece, CopyFault> = err({ code: 'copy-damaged' })
  const source: AsyncIterator<Uint8Array> = {
    async next() {
      const { done, value } = await pieces.next()
      if (done === true) return { done: true, value: undefined }
      if (value.ok && value.value.type === 'main') {
        return { done: false, value: value.value.bytes }
      }
      behind = value
      return { done: true, value: undefined }
    },
  }
  const isDatabase = await pool.write(mainFile, source)
  if (behind.ok && !isDatabase) return err({ code: 'copy-damaged' })
  return behind
}

/** Written together, bytes. */
const batchBytes: number = 8 * 1024 * 1024

/** How many there were. Behind the last one comes the end, or the file is cut off. */
async function writeBlocks(
  store: Store,
  first: Piece,
  pieces: Pieces,
  { sha256, signal }: { readonly sha256: Sha256; readonly signal: AbortSignal },
): Promise<Result<number, CopyFault>> {
  let count = 0
  let batch: (readonly [Cid, Uint8Array])[] = []
  let size = 0
  const write = (): void => {
    store.putBlocks(batch)
    batch = []
    size = 0
  }
  for (let piece = first; piece.type !== 'end'; ) {
    signal.throwIfAborted()
    if (piece.type !== 'block' || !checkBlock(piece.cid, piece.bytes, sha256))
      return err({ code: 'copy-damaged' })
    batch.push([piece.cid, piece.bytes])
    count++
    size += piece.bytes.length
    if (size >= batchBytes) write()
    const { done, value } = await pieces.next()
    if (done === true) return err({ code: 'copy-damaged' })
    if (!value.ok) return value
    piece = value.value
  }
  write()
  return ok(count)
}

async function bareConnections(pool: Pool): Promise<(what: 'file' | 'memory') => Sqlite> {
  const connect = await inMemoryConnections()
  return (what) => {
    const db = what === 'file' ? pool.connect(mainFile) : connect()
    return orClose([db], () => {
      db.script(inspectPragmas)
      return db
    })
  }
}
