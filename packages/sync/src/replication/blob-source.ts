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
import { decodeNode, type Store } from '@effigy/store'
import type { GetBlob, IWant } from '../messages.ts'
import { readCids, readKeyedNames } from '../messages-bytes.ts'
import { type Effects, type Outgoing, type Producer, takeTurns } from './effects.ts'
import type { Sharing } from './sharing.ts'

export interface BlobSourcePorts {
  readonly store: Pick<Store, 'block' | 'blockSize'>
  readonly sharing: Sharing
  readonly effects: Pick<Effects, 'send' | 'wake' | 'end'>
  /** A CID as this session names it to those who should not learn what we want (R7): 32 bytes. */
  readonly keyedName: (cid: Cid) => Uint8Array
  /** Roots that are here, for wants that come keyed; asked once a session. */
  readonly roots: () => Iterable<Cid>
}

export interface BlobSource extends Producer {
  want(message: IWant, bytes: Uint8Array): void
  getBlob(message: GetBlob, bytes: Uint8Array): void
  cancel(id: number): void
  /** Roots that became complete. */
  arrived(roots: Iterable<Cid>): void
}

/** R7: bytes in one frame. */
export const maxBlobFrameBytes: number = 256 * 1024

/** Names that one session may want at a time; a few MB of memory. */
export const maxWanted = 16_384

/** Children of served nodes that may be asked for; a stranger's walk through a large file starts anew beyond it. */
const maxChildren = 65_536

/** How the asker named what it wants. */
interface Want {
  /** By CID: the name to answer with. */
  readonly left: Map<Cid, Uint8Array>
}

export function createBlobSource({ store, sharing, effects, keyedName, roots }: BlobSourcePorts): BlobSource {
  const wants = new Map<number, Want>()
  const open = new Map<number, Producer>()
  /** Blocks below nodes that were given: who may have a file may have its parts. */
  const children = new Set<Cid>()
  let wanted = 0
  let cidsByName: Map<string, Cid> | null = null

  /** The block's size, or null where it is not here or not theirs to have. */
  function sizeOf(cid: Cid): number | null {
    return children.has(cid) || sharing.blob(cid) ? store.blockSize(cid) : null
  }

  function want({ id, count, keyed }: IWant, bytes: Uint8Array): void {
    if (wanted + count > maxWanted) {
      effects.send({ type: 'error', re: id, code: 'too-many', retry: null })
      return
    }
    const left = keyed ? keyedWants(bytes) : plainWants(bytes)
    if (left === null) {
      effects.end('bad-message')
      return
    }
    wanted += left.size
    wants.set(id, { left })
    tell(id, left.keys(), true)
  }

  function plainWants(bytes: Uint8Array): Map<Cid, Uint8Array> | null {
    const cids = readCids(bytes)
    return cids === null ? null : new Map(cids.map((cid) => [cid, cidBytes(cid)]))
  }

  function keyedWants(bytes: Uint8Array): Map<Cid, Uint8Array> | null {
    const names = readKeyedNames(bytes)
    if (names === null) return null
    cidsByName ??= new Map(Array.from(roots(), (cid) => [nameKey(keyedName(cid)), cid]))
    const left = new Map<Cid, Uint8Array>()
    for (const name of names) {
      const cid = cidsByName.get(nameKey(name))
      if (cid !== undefined) left.set(cid, name.slice())
    }
    return left
  }

  /** `always`: an answer without names too, so that the asker knows. */
  function tell(id: number, cids: Iterable<Cid>, always: boolean): void {
    const want = wants.get(id)
    if (want === undefined) return
    const sizes: number[] = []
    const names: Uint8Array[] = []
    for (const cid of [...cids]) {
      const name = want.left.get(cid)
      const size = name === undefined ? null : sizeOf(cid)
      if (name === undefined || size === null) continue
      names.push(name)
      sizes.push(size)
    }
    if (always || names.length > 0) effects.send({ type: 'ihave', re: id, sizes }, concatBytes(...names))
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
    open.set(id, parts(id, cid, offset, Math.min(size, offset + (length ?? size))))
    effects.wake()
  }

  function parts(id: number, cid: Cid, from: number, to: number): Producer {
    let offset = from
    return {
      pull() {
        const block = store.block(cid)
        if (block === null || sizeOf(cid) === null) {
          open.delete(id)
          return { message: { type: 'error', re: id, code: 'absent', retry: null }, bytes: [] }
        }
        const next = Math.min(to, offset + maxBlobFrameBytes)
        const outgoing: Outgoing = {
          message: { type: 'blob', re: id, end: next === to, size: block.length, offset },
          bytes: block.subarray(offset, next),
        }
        offset = next
        if (next === to) open.delete(id)
        if (next === to && !isRawCid(cid)) allowBelow(cid, block)
        return outgoing
      },
    }
  }

  function allowBelow(cid: Cid, block: Uint8Array): void {
    const node = decodeNode(cid, block)
    if (!node.ok) return
    if (children.size > maxChildren) children.clear()
    const value = node.value
    const links =
      value.type === 'file'
        ? value.parts
        : value.type === 'directory'
          ? value.links
          : value.type === 'shard'
            ? value.buckets
            : []
    for (const link of links) children.add(link.cid)
  }

  return {
    want,
    getBlob,
    cancel(id) {
      open.delete(id)
      wanted -= wants.get(id)?.left.size ?? 0
      wants.delete(id)
    },
    arrived(cids) {
      const list = [...cids]
      if (list.length > 0) for (const id of wants.keys()) tell(id, list, false)
    },
    pull: () => takeTurns(open),
  }
}

function nameKey(name: Uint8Array): string {
  return String.fromCharCode(...name)
}
