/**
 * Gives blocks to who wants them (spec R7, R8).
 *
 *     iwant ─▶ ihave (now, and when more arrives)      getblob ─▶ blob … blob {end}
 *
 * A block is read when its frame has room at the link, so that open requests hold no bytes.
 *
 * @module
 */
import { type Cid, cidBytes, cidOfBytes, concatBytes, isRawCid } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { freeBytes } from '../free-bytes.ts'
import type { GetBlob, IWant } from '../messages.ts'
import { readCids, readKeyedNames } from '../messages-bytes.ts'
import { createPace } from '../session/pace.ts'
import { createBlobGrants } from './blob-grants.ts'
import { type Effects, type Outgoing, type Producer, takeTurns } from './effects.ts'
import type { Sharing } from './sharing.ts'

export interface BlobSourcePorts {
  readonly store: Pick<Store, 'block' | 'blockSize' | 'hasBlock' | 'heldRoots' | 'rootsAbove'>
  readonly clock: Pick<Clock, 'monotonic'>
  readonly sharing: Sharing
  readonly effects: Pick<Effects, 'send' | 'wake' | 'end' | 'after'>
  /** A CID as this session names it to those who should not learn what we want (R7): 32 bytes. */
  keyedName(cid: Cid): Uint8Array
}

export interface BlobSource extends Producer, Disposable {
  want(message: IWant, bytes: Uint8Array): void
  getBlob(message: GetBlob, bytes: Uint8Array): void
  cancel(id: number): void
  /** The store changed: these roots became complete, and entries may have come that need what is here already. */
  arrived(roots: Iterable<Cid>): void
}

/** R7: bytes in one frame. */
export const maxBlobFrameBytes: number = 256 * 1024

/** Names that one session may want at a time; a few MB of memory. */
export const maxWanted = 16_384

/** Held roots, the newest, that keyed wants are compared with: a MAC costs 3 µs. */
const maxKeyedRoots = 4096

/**
 * Requests for less than an eighth of a block, a second and at once: each costs reading and hashing all of it, and a line so slow
 * that it asks in pieces (R7) asks for no less (T16).
 */
const shortReadsPerSecond = 32
const shortReadBurst = 128
const shortPart = 8

/** Ms until open wants are compared with what entries brought: a text comes beside its entry, and is no root that became complete. */
const lookMs = 1_000

/** The same, at most so often: each time may cost `maxKeyedRoots` MACs, 12 ms. */
const lookEveryMs = 30_000

interface Want {
  /** By CID: the name to answer with. */
  readonly cids: Map<Cid, Uint8Array>
  /** MACs, as keys of the session's table; null where CIDs were given. */
  readonly keys: ReadonlySet<string> | null
  readonly count: number
  /** What the other side knows that we have. */
  readonly told: Set<Cid>
}

export function createBlobSource({ store, clock, sharing, effects, keyedName }: BlobSourcePorts): BlobSource {
  const wants = new Map<number, Want>()
  const open = new Map<number, Producer>()
  const shortReads = createPace(shortReadsPerSecond, shortReadBurst)
  /** What was read for the last frame, which has left when the next one is pulled: that may be of the same block. */
  let lent: { readonly cid: Cid; readonly bytes: Uint8Array } | null = null
  let wanted = 0
  /** Held roots by the names of this session; null until a MAC is asked for. */
  let cidsByKey: Map<string, Cid> | null = null
  let looking: Disposable | null = null
  let lookedMs = Number.NEGATIVE_INFINITY
  const grants = createBlobGrants({ store, sharing, monotonic: clock.monotonic })

  /** The block's size, or null where it is not here or not theirs to have. */
  function sizeOf(cid: Cid): number | null {
    const size = store.blockSize(cid)
    return size !== null && grants.has(cid) ? size : null
  }

  function want({ id, count, keyed }: IWant, bytes: Uint8Array): void {
    if (wanted + count > maxWanted) {
      effects.send({ type: 'error', re: id, code: 'too-many', retry: null })
      return
    }
    const want = keyed ? keyedWant(bytes) : plainWant(bytes)
    if (want === null) {
      effects.end('bad-message')
      return
    }
    wanted += want.count
    wants.set(id, want)
    tell(id, want.cids.keys(), true)
  }

  function plainWant(bytes: Uint8Array): Want | null {
    const cids = readCids(bytes)
    if (cids === null) return null
    return {
      cids: new Map(cids.map((cid) => [cid, cidBytes(cid)])),
      keys: null,
      count: cids.length,
      told: new Set(),
    }
  }

  function keyedWant(bytes: Uint8Array): Want | null {
    const names = readKeyedNames(bytes)
    if (names === null) return null
    const cids = new Map<Cid, Uint8Array>()
    const want: Want = { cids, keys: new Set(names.map(nameKey)), count: names.length, told: new Set() }
    matchHeld(want)
    return want
  }

  function matchHeld({ cids, keys }: Want): void {
    cidsByKey ??= new Map(Array.from(store.heldRoots(maxKeyedRoots), (cid) => [nameKey(keyedName(cid)), cid]))
    for (const key of keys ?? []) {
      const cid = cidsByKey.get(key)
      if (cid !== undefined) cids.set(cid, keyedName(cid))
    }
  }

  /** What came only now may be what a MAC meant. */
  function match({ cids, keys }: Want, arrived: ReadonlyMap<Cid, Uint8Array>): void {
    if (keys === null) return
    for (const [cid, name] of arrived) if (keys.has(nameKey(name))) cids.set(cid, name)
  }

  /** `always`: an answer without names too, so that the asker knows. */
  function tell(id: number, cids: Iterable<Cid>, always: boolean): void {
    const want = wants.get(id)
    if (want === undefined) return
    const sizes: number[] = []
    const names: Uint8Array[] = []
    for (const cid of [...cids]) {
      const name = want.cids.get(cid)
      const size = name === undefined ? null : sizeOf(cid)
      if (name === undefined || size === null) continue
      names.push(name)
      sizes.push(size)
      want.told.add(cid)
    }
    if (always || names.length > 0) effects.send({ type: 'ihave', re: id, sizes }, concatBytes(...names))
  }

  const isOpen = ({ told, count }: Want): boolean => told.size < count

  function lookSoon(): void {
    if (looking !== null || ![...wants.values()].some(isOpen)) return
    const sinceMs = clock.monotonic() - lookedMs
    looking = effects.after(Math.max(lookMs, lookEveryMs - sinceMs), look)
  }

  function look(): void {
    looking = null
    lookedMs = clock.monotonic()
    cidsByKey = null
    for (const [id, want] of wants) {
      if (!isOpen(want)) continue
      matchHeld(want)
      const untold = [...want.cids.keys()].filter((cid) => !want.told.has(cid))
      tell(id, untold, false)
    }
  }

  function getBlob({ id, maxsize, offset, length }: GetBlob, bytes: Uint8Array): void {
    const cid = cidOfBytes(bytes)
    if (cid === null) {
      effects.end('bad-message')
      return
    }
    const size = sizeOf(cid)
    const code = size === null ? 'absent' : size > maxsize ? 'too-large' : offset > size ? 'range' : null
    if (size === null || code !== null) {
      effects.send({ type: 'error', re: id, code: code ?? 'absent', retry: null })
      return
    }
    const end = Math.min(size, offset + (length ?? size))
    const waitMs = (end - offset) * shortPart < size ? shortReads.take(clock.monotonic(), 1) : 0
    if (waitMs > 0) {
      effects.send({ type: 'error', re: id, code: 'busy', retry: waitMs })
      return
    }
    open.set(id, parts(id, cid, offset, end))
    effects.wake()
  }

  function parts(id: number, cid: Cid, from: number, to: number): Producer {
    let offset = from
    return {
      pull() {
        const block = read(cid)
        if (block === null || !grants.has(cid)) {
          open.delete(id)
          return { message: { type: 'error', re: id, code: 'absent', retry: null }, bytes: [] }
        }
        if (!isRawCid(cid)) grants.learn(cid, block)
        const next = Math.min(to, offset + maxBlobFrameBytes)
        const outgoing: Outgoing = {
          message: { type: 'blob', re: id, end: next === to, size: block.length, offset },
          bytes: block.subarray(offset, next),
        }
        offset = next
        if (next === to) open.delete(id)
        return outgoing
      },
    }
  }

  /** From the store, or what the last frame was cut from. */
  function read(cid: Cid): Uint8Array | null {
    if (lent?.cid === cid && store.hasBlock(cid)) return lent.bytes
    if (lent !== null) freeBytes(lent.bytes)
    const bytes = store.block(cid)
    lent = bytes === null ? null : { cid, bytes }
    return bytes
  }

  return {
    want,
    getBlob,
    cancel(id) {
      open.delete(id)
      wanted -= wants.get(id)?.count ?? 0
      wants.delete(id)
    },
    arrived(cids) {
      const list = [...cids]
      lookSoon()
      if (list.length === 0) return
      const isKeyed = cidsByKey !== null || [...wants.values()].some(({ keys }) => keys !== null)
      const named = new Map(isKeyed ? list.map((cid) => [cid, keyedName(cid)]) : [])
      for (const [cid, name] of named) cidsByKey?.set(nameKey(name), cid)
      if (cidsByKey !== null && cidsByKey.size > 2 * maxKeyedRoots) cidsByKey = null
      for (const [id, want] of wants) {
        match(want, named)
        tell(id, list, false)
      }
    },
    pull() {
      if (open.size > 0 || lent === null) return takeTurns(open)
      freeBytes(lent.bytes)
      lent = null
      return null
    },
    [Symbol.dispose]: () => looking?.[Symbol.dispose](),
  }
}

function nameKey(name: Uint8Array): string {
  return String.fromCharCode(...name)
}
