/**
 * Puts a backup into an empty home. All of it is checked before the home counts as one.
 *
 *     tar ─names, order, sizes▶ main.sqlite, hub.sqlite ─ours? whole?▶ blocks ─hash▶ every byte, chain, promise ─▶ vault
 *
 * A restored hub is a restored disk (S13): what it wrote since the backup it does not know, so it writes nothing of its
 * own before others have shown that nothing is missing.
 *
 * @module
 */
import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { type Cid, EffigyError, err, ok, type Result, type Sha256 } from '@effigy/core'
import { createNodeCrypto, isVaultFile } from '@effigy/crypto/node'
import { noteRestored, type TarMember, tarMembers } from '@effigy/peer'
import { type Damage, migrations, readCar, type Store } from '@effigy/store'
import { inspectDatabase, openNodeStore } from '@effigy/store/node'
import { recordMigrations } from '../ports/record-table.ts'
import {
  aboutName,
  type BackupAbout,
  type BackupEnd,
  endName,
  mainName,
  maxPieceBytes,
  maxTextBytes,
  parseAbout,
  parseEnd,
  pieceName,
  recordsName,
  vaultName,
} from './contents.ts'
import { beginRestore, endRestore, giveUpRestore } from './unfinished.ts'
import { type StoreReport, verifyStore } from './verify-store.ts'

export interface RestoreOptions {
  readonly now: () => number
  readonly signal: AbortSignal
  /** False: only looks whether it can be restored; the vault, the hub's key in the clear perhaps, stays in memory. */
  readonly keepsVault?: boolean
}

export interface Restored {
  readonly about: BackupAbout
  /** The backup holds the vault. */
  readonly hasVault: boolean
  /** What was found before it was mended. */
  readonly report: StoreReport
  /** Blocks that were damaged before the backup was made. */
  readonly damagedBefore: number
}

/**
 * `not-a-backup`; `backup-newer`: of a later version; `backup-damaged`: cut off, altered, or its entries are not what
 * their names and chains say.
 */
export interface RestoreFault {
  readonly code: 'not-a-backup' | 'backup-newer' | 'backup-damaged'
  /** One sentence. */
  readonly detail: string
}

/** What is read, one after the other. */
type Members = AsyncGenerator<TarMember, void>

class Refused extends Error {
  readonly fault: RestoreFault
  constructor(code: RestoreFault['code'], detail: string) {
    super(detail)
    this.fault = { code, detail }
  }
}

/**
 * On a fault, or when it throws (the system's errors, the signal's reason, 'home-occupied', what the store throws),
 * nothing of it is left in the home.
 */
export async function restoreHub(
  home: string,
  tar: AsyncIterable<Uint8Array>,
  options: RestoreOptions,
): Promise<Result<Restored, RestoreFault>> {
  beginRestore(home)
  try {
    const restored = await fill(home, tar, options)
    endRestore(home)
    return ok(restored)
  } catch (cause) {
    giveUpRestore(home)
    if (cause instanceof Refused) return err(cause.fault)
    if (cause instanceof EffigyError && ['backup-damaged', 'storage-damaged'].includes(cause.code)) {
      return err({ code: 'backup-damaged', detail: cause.message })
    }
    throw cause
  }
}

async function fill(
  home: string,
  tar: AsyncIterable<Uint8Array>,
  { now, signal, keepsVault = true }: RestoreOptions,
): Promise<Restored> {
  const members = readMembers(tar, signal)
  const about = textOf(parseAbout(await bytesOf(await next(members), aboutName)), aboutName)
  let member = await next(members)
  let vault: Uint8Array | null = null
  if (about.keys) {
    vault = await bytesOf(member, vaultName)
    member = await next(members)
  }
  mkdirSync(join(home, 'store'), { mode: 0o700 })
  await database(member, mainName, home, migrations)
  member = await next(members)
  if (member.name === recordsName) {
    await database(member, recordsName, home, recordMigrations)
    member = await next(members)
  }

  const crypto = createNodeCrypto()
  using store = openNodeStore(join(home, 'store'), { sha256: crypto.sha256, now })
  const found = { blocks: 0, bytes: 0 }
  for (let number = 1; member.name !== endName; number++) {
    await piece(member, number, store, found, { sha256: crypto.sha256, signal })
    member = await next(members)
  }
  const end = textOf(parseEnd(await bytesOf(member, endName)), endName)
  for await (const { name } of members) throw foreign(name)
  if (end.blocks !== found.blocks || end.bytes !== found.bytes)
    throw damaged('Not all of its blocks are in it.')

  const report = await settle(store, crypto, signal)
  noteRestored(store, vault !== null)
  store[Symbol.dispose]()
  if (vault !== null) {
    if (!isVaultFile(vault)) throw damaged('The vault in it is damaged.')
    if (keepsVault) await writeNew(join(home, vaultName), [vault])
  }
  return { about, hasVault: vault !== null, report, damagedBefore: end.damaged }
}

async function* readMembers(tar: AsyncIterable<Uint8Array>, signal: AbortSignal): Members {
  for await (const member of tarMembers(tar)) {
    signal.throwIfAborted()
    if (!member.ok) throw damaged('It is no archive, or cut off.')
    yield member.value
  }
}

async function next(members: Members): Promise<TarMember> {
  const { value } = await members.next()
  if (value === undefined) throw damaged('It is cut off.')
  return value
}

/** A small file, whole. */
async function bytesOf({ name, size, content }: TarMember, expected: string): Promise<Uint8Array> {
  if (name !== expected) throw foreign(name)
  if (size > maxTextBytes) throw damaged(`${expected} is too large.`)
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const part of content) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function textOf<Text extends BackupAbout | BackupEnd>(parsed: Text | 'version' | null, name: string): Text {
  if (parsed === 'version') throw newer()
  if (parsed === null) throw new Refused('not-a-backup', `${name} in it is not what it should be.`)
  return parsed
}

/** Names are compared, and never taken from the archive: nothing is written elsewhere. */
async function database(
  { name, content }: TarMember,
  expected: typeof mainName | typeof recordsName,
  home: string,
  known: readonly string[],
): Promise<void> {
  if (name !== expected) throw foreign(name)
  const path = join(home, expected)
  await writeNew(path, content)
  const inspected = inspectDatabase(path, known)
  if (inspected.ok) return
  if (inspected.error.code === 'newer') throw newer()
  throw damaged(
    `${expected} in it is ${inspected.error.code === 'foreign' ? 'of another program' : 'damaged'}.`,
  )
}

async function writeNew(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const part of content) {
      for (let at = 0; at < part.length; ) at += (await file.write(part, at)).bytesWritten
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

async function piece(
  { name, size, content }: TarMember,
  number: number,
  store: Store,
  found: { blocks: number; bytes: number },
  { sha256, signal }: { readonly sha256: Sha256; readonly signal: AbortSignal },
): Promise<void> {
  if (name !== pieceName(number)) throw foreign(name)
  if (size > maxPieceBytes) throw damaged(`${name} is too large.`)
  const blocks: (readonly [Cid, Uint8Array])[] = []
  for await (const item of readCar(content, { sha256, signal })) {
    if (!item.ok) throw damaged(`${name} in it is damaged (${item.error.code}).`)
    if (item.value.type !== 'block') continue
    const { cid, bytes } = item.value
    blocks.push([cid, bytes])
    found.blocks++
    found.bytes += bytes.length
  }
  store.putBlocks(blocks)
}

/** What is whole is found to be whole; then everything is looked at, and blocks that are damaged are wanted again. */
async function settle(
  store: Store,
  crypto: ReturnType<typeof createNodeCrypto>,
  signal: AbortSignal,
): Promise<StoreReport> {
  store.copying?.holdAnew()
  // Each call looks at some thousands of those that are not known to be whole.
  for (let left = Number.POSITIVE_INFINITY; ; ) {
    signal.throwIfAborted()
    store.maintain()
    const wanted = store.wantedBlobs(4096).length
    if (wanted === 0 || wanted >= left) break
    left = wanted
  }
  const report = await verifyStore(store, crypto, { signal })
  const isEntry = ({ kind }: Damage): boolean => kind === 'entry'
  if (report.damage.some(isEntry) || report.chains.length > 0) {
    throw damaged('Entries in it are not what their names and chains say.')
  }
  store.repair(report.damage)
  store.syncBlocks()
  return report
}

const damaged = (detail: string): Refused => new Refused('backup-damaged', detail)
const newer = (): Refused =>
  new Refused(
    'backup-newer',
    'It was made by a newer version. Update Effigy, then restore it; nothing was changed.',
  )
const foreign = (name: string): Refused =>
  new Refused('not-a-backup', `${JSON.stringify(name.slice(0, 100))} does not belong in it, or not there.`)
