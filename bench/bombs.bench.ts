/**
 * What the shortcuts of the protocol cost whom somebody attacks through them (RELIABILITY T29): each case is the most
 * that its limits let through, and is refused at the very end of it where that is possible. CPU time and what is held
 * when it is over, beside what was received.
 *
 *     limit ─▶ the worst that fits ─▶ what ships ─▶ CPU ms, bytes held        bound: 50 ms and 2 MiB
 *
 * @module
 */
import { setTimeout as systemPause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  assembleEntry,
  createByteWriter,
  decodeDrop,
  decodeEntry,
  dropNonce,
  type Entry,
  identityOfKey,
  rawCid,
  readPayload,
  type SignedEntry,
  signDrop,
  utf8,
  writeEntryJson,
} from '@effigy/core'
import { openAge } from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import { type Block, type Blocks, createMemoryDrops, missingBlocks } from '@effigy/store'
import {
  createDropBox,
  decodeFrame,
  defaultDropLimits,
  type ExpectedBatch,
  maxHeaderBytes,
  maxSealedDropBytes,
  rebuildBatch,
  systemClock,
} from '@effigy/sync'
import { createRandom } from '@effigy/testkit'
import { rawLink, shardBlock } from '../packages/store/src/files/reference.ts'
import { createCellMaker, encodeCells, maxCells } from '../packages/sync/src/reconcile/cells.ts'
import { createPeeler } from '../packages/sync/src/reconcile/peel.ts'
import { findPrints, type Prints, sortedPrints } from '../packages/sync/src/reconcile/prints.ts'
import { encodeBatch, maxBatchEntries } from '../packages/sync/src/replication/batch.ts'
import { type Figure, figure } from './figure.ts'

const crypto = createNodeCrypto()
const random = createRandom('bombs')
const { sha256 } = crypto

/** As many as anybody may watch (R1), and their prints may be compared. */
const watched = 100_000

/** T29. */
const mostMs = 50
const mostBytes = 2 * 1024 * 1024

interface Bomb {
  readonly name: string
  /** Made anew for each explosion, and not counted. */
  readonly make: () => () => unknown | Promise<unknown>
}

export async function* bench(): AsyncGenerator<Figure> {
  for (const { name, make } of bombs(await signedRecord())) {
    // Not the first: then the compiler is what is measured.
    for (let round = 0; round < 3; round++) await make()()
    const times: number[] = []
    for (let round = 0; round < 9; round++) times.push((await explode(make())).ms)
    const ms = times.toSorted((a, b) => a - b)[4] ?? 0
    const { bytes } = await explode(make())
    yield figure(`${name}, CPU`, ms, 'ms', { ratio: ms / mostMs, of: `${mostMs} ms at most` })
    yield figure(`${name}, held`, bytes / 1024, 'KiB', { ratio: bytes / mostBytes, of: '2 MiB at most' })
  }
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

async function explode(run: () => unknown | Promise<unknown>): Promise<{ ms: number; bytes: number }> {
  await collectAll()
  const before = heldBytes()
  const cpu = process.cpuUsage()
  const left = await run()
  const { user, system } = process.cpuUsage(cpu)
  await collectAll()
  const bytes = Math.max(0, heldBytes() - before)
  // What came of it is still here until now.
  return { ms: (user + system) / 1000, bytes: left === undefined ? 0 : bytes }
}

/** Buffers are freed beside the program, some time later. */
async function collectAll(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    collect()
    await systemPause(5)
  }
}

function heldBytes(): number {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + Math.max(external, arrayBuffers)
}

function bombs(signed: Uint8Array): readonly Bomb[] {
  const prints = printsOf(watched)
  const moved = largest((count, text) => referencesTo(count, text)())
  const written = largest((count, text) => entriesOf(count, text)())
  return [
    {
      name: `batch of ${moved.count} references to ${moved.text.length} bytes of the old chain`,
      make: () => referencesTo(moved.count, moved.text),
    },
    {
      name: `batch of ${written.count} entries of ${written.text.length} bytes, of another chain`,
      make: () => entriesOf(written.count, written.text),
    },
    {
      name: `batch of ${written.count} entries, rebuilt whole`,
      make: () => rightBatch(written.count, written.text),
    },
    { name: 'batch of false lengths', make: falseLengths },
    {
      name: `${maxCells} cells that never decode, beside ${watched} feeds`,
      make: () => endlessCells(prints),
    },
    { name: `${maxCells} cells that are all pure, beside ${watched} feeds`, make: () => pureCells(prints) },
    {
      name: `${maxCells} cells of ${watched} feeds made for somebody`,
      make: () => () => encodeAll(prints),
    },
    { name: '65,536 prints that are nobody’s', make: () => foreignPrints(prints) },
    { name: `header of ${maxHeaderBytes} bytes, brackets`, make: () => header('['.repeat(maxHeaderBytes)) },
    { name: `header of ${maxHeaderBytes} bytes, numbers`, make: () => header(numbers()) },
    { name: `drop of ${maxSealedDropBytes} bytes, all recipients`, make: recipients },
    { name: `record of ${signed.length} bytes`, make: () => record(signed) },
    { name: 'payload of 256 KiB, keys', make: payload },
    { name: 'ten blocks that stand for 256^9 files', make: shards },
    { name: 'drop from a stranger, refused', make: strangersDrop },
  ]
}

// Batches -----------------------------------------------------------------------

const identity = identityOfKey(random.bytes(32))
const someCid = rawCid(utf8('some'), sha256)

function entryOf(payload: string): Entry {
  return { identity, parent: null, length: 1, comparable: 1, synod: null, links: [], payload }
}

/** As many entries as go into a batch, and then as long as they may be: the last one still fits. */
function largest(rebuild: (count: number, text: string) => string): { count: number; text: string } {
  const fits = (count: number, length: number): boolean =>
    rebuild(count, 'x'.repeat(length)) !== 'batch-limit'
  let count = maxBatchEntries
  while (!fits(count, 1)) count -= 16
  let length = 1
  while (fits(count, length + 1)) length++
  return { count, text: 'x'.repeat(length) }
}

const rebuildFrom = (bytes: Uint8Array, count: number, oldEntry?: ExpectedBatch['oldEntry']): string => {
  const expected = { identity, first: 1, count, top: someCid, sha256 }
  const result = rebuildBatch(bytes, oldEntry === undefined ? expected : { ...expected, oldEntry })
  return result.ok ? 'ok' : result.error.code
}

function referencesTo(count: number, text: string): () => string {
  const old = entryOf(text)
  const record = utf8(`${writeEntryJson(old)}\n${'A'.repeat(86)}`)
  const bytes = new Uint8Array(1 + count * 66)
  bytes[0] = 1
  for (let at = 1; at < bytes.length; at += 66) {
    bytes.set([64, 1], at)
    bytes.set(random.bytes(64), at + 2)
  }
  // Read anew each time, as from a store.
  const oldEntry = (): Entry => {
    const decoded = decodeEntry(record, sha256)
    if (!decoded.ok) throw new Error(decoded.error.code)
    return decoded.value.entry
  }
  return () => rebuildFrom(bytes, count, oldEntry)
}

function entriesOf(count: number, text: string): () => string {
  const signature = random.bytes(64)
  const writer = createByteWriter(100 + text.length)
  writer.bytes(Uint8Array.of(0))
  writer.bytes(signature)
  writer.varint(text.length)
  writer.bytes(utf8(text))
  const one = writer.take()
  const bytes = new Uint8Array(1 + count * one.length)
  bytes[0] = 1
  for (let at = 1; at < bytes.length; at += one.length) bytes.set(one, at)
  return () => rebuildFrom(bytes, count)
}

/** What is held at the end of the others too, before their last hash turns out to be another. */
function rightBatch(count: number, text: string): () => unknown {
  const chain: SignedEntry[] = []
  for (let length = 1; length <= count; length++) {
    const parent = chain.at(-1)?.cid ?? null
    const entry = { ...entryOf(text), parent, length, comparable: length }
    chain.push(assembleEntry(entry, random.bytes(64), sha256))
  }
  const { bytes } = encodeBatch(chain.map((entry) => ({ entry, body: null })))
  const top = chain.at(-1)?.cid ?? someCid
  return () => {
    const result = rebuildBatch(bytes, { identity, first: 1, count, top, sha256 })
    if (!result.ok) throw new Error(result.error.code)
    return result.value
  }
}

function falseLengths(): () => unknown {
  const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]
  const batches = [1, 2, 4, 8, 12, 24, 32, 64, 96].map((flags) => Uint8Array.of(1, flags, ...huge, ...huge))
  const expected = { identity, first: 1, count: maxBatchEntries, top: someCid, sha256 }
  return () => batches.map((bytes) => rebuildBatch(bytes, expected))
}

// Cells ---------------------------------------------------------------------------

function printsOf(count: number): Prints {
  const bytes = random.bytes(count * 8)
  return sortedPrints(new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + count * 8)))
}

function endlessCells(prints: Prints): () => unknown {
  const cells = Array.from({ length: maxCells / 16 }, () => {
    const bytes = random.bytes(16 * 13)
    for (let cell = 0; cell < 16; cell++) bytes[cell * 13 + 12] = 0
    return bytes
  })
  return () => {
    const peeler = createPeeler(createCellMaker(prints), watched)
    for (const bytes of cells) if (peeler.take(bytes, 16) !== 'open') break
    return peeler
  }
}

/** Each is what is left of ours and a print of its own: all of them are peeled. */
function pureCells(prints: Prints): () => unknown {
  const own = createCellMaker(prints)
  own.extend(maxCells)
  const more = Uint32Array.from({ length: 2 * 2_600 }, () => random.integer(2 ** 32))
  const theirs = createCellMaker(new Uint32Array([...prints, ...more]))
  theirs.extend(maxCells)
  const size = watched + 2_600
  const parts = Array.from({ length: maxCells / 16 }, (_, part) =>
    encodeCells(theirs.cells, size, part * 16, part * 16 + 16),
  )
  return () => {
    const peeler = createPeeler(createCellMaker(prints), size)
    for (const bytes of parts) if (peeler.take(bytes, 16) !== 'open') break
    return peeler
  }
}

function encodeAll(prints: Prints): unknown {
  const maker = createCellMaker(prints)
  maker.extend(maxCells)
  return [maker, encodeCells(maker.cells, watched, 0, maxCells)]
}

function foreignPrints(prints: Prints): () => unknown {
  const theirs = printsOf(65_536)
  return () => findPrints(prints, theirs)
}

// Frames, records, payloads ---------------------------------------------------------

function header(text: string): () => unknown {
  const frame = utf8(`${text.slice(0, maxHeaderBytes - 1)}\n`)
  return () => decodeFrame(frame)
}

function numbers(): string {
  const list = Array.from({ length: 40_000 }, () => '1').join()
  return `{"type":"ihave","sizes":[${list.slice(0, maxHeaderBytes - 30)}]}`.replace(',]', ']')
}

async function openAll(bytes: Uint8Array): Promise<unknown> {
  const keys = await Promise.all([1, 2].map(() => crypto.agreementKey(crypto.randomBytes(32))))
  return openAge(`age:${Buffer.from(bytes).toString('base64url')}`, keys, crypto)
}

/** Stanzas until it is full: for each of them each key tries. */
function recipients(): () => Promise<unknown> {
  const stanza = (): string => {
    const share = Buffer.from(random.bytes(32)).toString('base64').replaceAll('=', '')
    return `-> X25519 ${share}\n${share}\n`
  }
  const lines = Array.from({ length: Math.floor((maxSealedDropBytes - 200) / stanza().length) }, stanza)
  const few = lines.slice(0, 64)
  const mac = Buffer.from(random.bytes(32)).toString('base64').replaceAll('=', '')
  const text = `age-encryption.org/v1\n${few.join('')}--- ${mac}\n`
  const bytes = new Uint8Array(maxSealedDropBytes)
  bytes.set(utf8(text))
  return () => openAll(bytes)
}

async function signedRecord(): Promise<Uint8Array> {
  const signer = await crypto.signer(random.bytes(32))
  const from = identityOfKey(signer.publicKey)
  const payload: Record<string, string | number> = { type: 'x-bomb' }
  for (let at = 0; at < 4_300; at++) payload[`k${at}`] = 1
  return signDrop({ from, to: from, nonce: dropNonce(random.bytes(16)), at: 1, payload }, signer)
}

function record(bytes: Uint8Array): () => unknown {
  return () => decodeDrop(bytes)
}

function payload(): () => unknown {
  const keys: string[] = []
  for (let at = 0, left = 255 * 1024; left > 0; at++) {
    const key = `"k${at}":${at}`
    keys.push(key)
    left -= key.length + 1
  }
  const text = `{"type":"x-bomb","at":1,${keys.join()}}`.slice(0, 262_144)
  return () => readPayload(text)
}

// Blocks and drops --------------------------------------------------------------------

function shards(): () => unknown {
  const blocks = new Map<string, Uint8Array>()
  const keep = (block: Block): Block => {
    blocks.set(block.cid, block.bytes)
    return block
  }
  const label = (index: number): string => index.toString(16).toUpperCase().padStart(2, '0')
  let below = keep(shardBlock([{ ...rawLink(utf8('leaf'), sha256), name: '00a' }], sha256))
  for (let level = 0; level < 9; level++) {
    const { cid } = below
    const names = Array.from({ length: 256 }, (_, index) => ({
      cid,
      name: label(index),
      size: 0,
      linkSize: 0,
    }))
    below = keep(shardBlock(names, sha256))
  }
  const port: Blocks = {
    get: (cid) => blocks.get(cid) ?? null,
    has: (cid) => blocks.has(cid),
    put() {},
  }
  return () => missingBlocks(below.cid, port, { limit: 1 })
}

function strangersDrop(): () => unknown {
  const box = createDropBox({
    store: createMemoryDrops(),
    clock: systemClock,
    sha256,
    limits: defaultDropLimits,
    devicesOf: () => [],
    accountOf: () => null,
    isCommunity: false,
  })
  const bytes = random.bytes(maxSealedDropBytes)
  return () => box.put(identity, identity, bytes)
}
