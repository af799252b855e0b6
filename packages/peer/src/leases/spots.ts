/**
 * Spot checks: what is asked after, and what the answer says (spec V33, V34, V38).
 *
 *     promise ─▶ its head, an entry by chance, a block of a text or file by chance ─▶ nonce, range ─▶ right │ wrong
 *
 * Only what is here can be compared, so what was erased meanwhile is not asked for.
 *
 * @module
 */
import { type Cid, equalBytes, type Identity, parseRawCid, type RawCid } from '@effigy/core'
import { type DagNode, decodeNode, type LeasePromise, type StoredEntry } from '@effigy/store'
import { createSpot, type Spot } from '@effigy/sync'
import type { LeasePorts } from './ports.ts'

/** Entries that are looked at for one with a text or a file. */
const tries = 8

/** Nodes from the root of a file to a block: 174 links a node make an exabyte of seven. */
const maxDepth = 16

/** No answer says anything: asked again later. */
export type SpotVerdict = 'right' | 'absent' | 'range' | 'wrong-answer' | 'unanswered'

/** Empty: nothing of that promise is here to compare with. */
export function spotsOf(promise: LeasePromise, ports: LeasePorts): readonly Spot[] {
  const { crypto, random } = ports
  const ask = (cid: RawCid, bytes: Uint8Array): Spot =>
    createSpot(promise.for, cid, bytes, { random, sha256: crypto.sha256 })
  const head = entryAt(promise.for, promise.length, ports)
  if (head === null || head.signed.cid !== promise.head) return []
  const spots = [ask(head.signed.cid, head.signed.bytes)]
  let block: readonly [RawCid, Uint8Array] | null = null
  for (let turn = 0; turn < tries && block === null; turn++) {
    const stored = entryAt(promise.for, 1 + chance(promise.length, ports), ports)
    if (stored === null) continue
    if (turn === 0) spots.push(ask(stored.signed.cid, stored.signed.bytes))
    block = blockOf(stored, promise, ports)
  }
  return block === null ? spots : [...spots, ask(...block)]
}

/** Rejects with the signal's reason alone. */
export async function checkSpot(
  holder: Identity,
  { check, expected }: Spot,
  signal: AbortSignal,
  { call }: Pick<LeasePorts, 'call'>,
): Promise<SpotVerdict> {
  const { nonce, ...value } = check
  const answer = await call(holder, 'datalease', 'check', value, { bytes: nonce, signal })
  if (answer.ok) return equalBytes(answer.value.bytes, expected) ? 'right' : 'wrong-answer'
  const { code } = answer.error
  return code === 'absent' || code === 'range' ? code : 'unanswered'
}

function entryAt(feed: Identity, length: number, { store }: LeasePorts): StoredEntry | null {
  for (const stored of store.chain(feed, { first: length, last: length })) {
    return stored.verified && stored.signed.entry.length === length ? stored : null
  }
  return null
}

/** Of its text, or of a file that is covered; null: it has none, or it is not here. */
function blockOf(
  { signed, content }: StoredEntry,
  { for: feed, blobs }: LeasePromise,
  ports: LeasePorts,
): readonly [RawCid, Uint8Array] | null {
  const { store } = ports
  const isHeld = (root: Cid): boolean => store.holders(root).includes(`feed:${feed}`)
  const roots = signed.entry.links.filter(([, size]) => size <= blobs).map(([cid]) => cid)
  const all = [content, ...roots].filter(isHeld)
  let cid: Cid | undefined = all[chance(all.length, ports)]
  for (let depth = 0; depth < maxDepth && cid !== undefined; depth++) {
    const bytes = store.block(cid)
    if (bytes === null) return null
    const raw = parseRawCid(cid)
    if (raw !== null) return bytes.length === 0 ? null : [raw, bytes]
    const node = decodeNode(cid, bytes)
    const children = node.ok ? childrenOf(node.value) : []
    cid = children[chance(children.length, ports)]
  }
  return null
}

function childrenOf(node: DagNode): readonly Cid[] {
  switch (node.type) {
    case 'file':
      return node.parts.map(({ cid }) => cid)
    case 'directory':
      return node.links.map(({ cid }) => cid)
    case 'shard':
      return node.buckets.map(({ cid }) => cid)
    case 'symlink':
      return []
  }
}

/** From 0 to below `count`; 0 where there is nothing to choose from. */
function chance(count: number, { random }: Pick<LeasePorts, 'random'>): number {
  const bytes = random(4)
  return count < 1 ? 0 : new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) % count
}
