/**
 * Reads what `exportAll` wrote into an empty name (spec S57).
 *
 *     pieces ─▶ main file ─inspect▶ + blocks, holds counted anew ─every hash and signature▶ views made anew ─finish▶ a store
 *
 * Until the end the mark says that it is not whole: a worker that dies meanwhile leaves nothing of it.
 *
 * @module
 */
import { type Cid, err, isRawCid, ok, type Result, type Sha256 } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Damage } from '../blob-port.ts'
import { checkBlock } from '../files/blocks.ts'
import { holdsAnything } from '../holdings.ts'
import { type InspectFault, inspect, inspectPragmas } from '../inspect.ts'
import type { DatabaseOptions } from '../migrate.ts'
import type { Progress } from '../query-port.ts'
import { migrations } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Store } from '../store.ts'
import { verifyRecords } from '../verify-records.ts'
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
  readonly verify: Crypto['verify']
  /** Of the file; progress is told in them. */
  readonly bytes: number
  readonly onProgress?: (progress: Progress) => void
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

/** `store-not-empty`: there is a store under that name which would lose something. */
export interface ImportFault {
  readonly code: CopyFault['code'] | InspectFault['code'] | 'store-not-empty'
}

/**
 * Nothing of it counts before every hash and signature was checked. A file that is none of ours leaves what is there as it
 * is; any other fault leaves nothing. Throws as `openBrowserStore` does, and what `source` throws.
 */
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
      if (!isImporting && isUsed(pool)) return err({ code: 'store-not-empty' })
      const pieces = decodePieces(told(source, options), options.sha256)
      const first = await pieces.next()
      if (first.done === true) return err({ code: 'copy-damaged' })
      if (!first.value.ok) {
        await pieces.return(undefined)
        return first.value
      }
      await writeMark(name, { hadEntries, isImporting: true })
      const clear = (): void => {
        for (const file of [mainFile, blockFile]) deleteDatabase(pool, file)
      }
      clear()
      let isWhole = false
      try {
        const report = await readIn(pool, afterFirst(first.value, pieces), options)
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

function isUsed(pool: Pool): boolean {
  const isIn = (file: string, options: DatabaseOptions, look: (db: Sqlite) => boolean): boolean => {
    if (!pool.has(file)) return false
    using db = pool.open(file, options)
    return look(db)
  }
  return (
    isIn(mainFile, mainDatabase, holdsAnything) ||
    isIn(blockFile, blobDatabase, (db) => db.first('select 1 as one from blocks limit 1') !== null)
  )
}

/** What is done of it in turn; each counts as much as the file. */
const steps = ['read', 'blocks', 'signatures', 'views'] as const

function teller({ bytes, onProgress }: ImportOptions, step: (typeof steps)[number]) {
  const before = steps.indexOf(step) * bytes
  return ({ done, total }: Progress): void =>
    onProgress?.({
      done: before + Math.floor(bytes * Math.min(1, total === 0 ? 1 : done / total)),
      total: bytes * steps.length,
    })
}

async function* told(
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): AsyncGenerator<Uint8Array, void> {
  const tell = teller(options, 'read')
  let done = 0
  for await (const piece of source) {
    options.signal.throwIfAborted()
    yield piece
    done += piece.length
    tell({ done, total: options.bytes })
  }
}

async function* afterFirst(first: Result<Piece, CopyFault>, others: Pieces): Pieces {
  yield first
  yield* others
}

type Pieces = AsyncGenerator<Result<Piece, CopyFault>>

async function readIn(
  pool: Pool,
  pieces: Pieces,
  options: ImportOptions,
): Promise<Result<ImportReport, ImportFault>> {
  const { sha256, now, signal, finish } = options
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
    const damage = await findDamage(store, options)
    if (damage === null) return err({ code: 'copy-damaged' })
    store.repair(damage)
    // Whoever altered them altered nothing.
    await store.rebuildViews({ signal, onProgress: teller(options, 'views') })
    store.maintain()
    finish(store)
    store.syncBlocks()
    return ok({ blocks: read.value, missing: damage.length })
  } finally {
    store[Symbol.dispose]()
  }
}

/** Blocks and texts that are not what they were; null: an entry or a head is not. */
async function findDamage(store: Store, options: ImportOptions): Promise<readonly Damage[] | null> {
  const { findings } = await verifyRecords(store, options, {
    signal: options.signal,
    onProgress: teller(options, 'signatures'),
    onBlocks: teller(options, 'blocks'),
  })
  const damage: Damage[] = []
  for (const { kind, cid, identity } of findings) {
    if (kind === 'block' || kind === 'body') damage.push({ kind, cid, identity })
    // That one would have been found in time: nobody took it for signed.
    else if (kind !== 'signature' || !isRawCid(cid) || store.entry(cid)?.verified !== false) return null
  }
  return damage
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
