/**
 * The file that a store is copied into (spec S57): pieces with their kind, length and hash, so that what is cut off or
 * altered is found where it is read.
 *
 *     magic ─ main, main, … ─ block, block, … ─ end       piece: kind 1 byte ‖ length 4 bytes ‖ SHA-256 ‖ bytes
 *
 * @module
 */
import { type Cid, cidBytes, cidOfBytes, err, ok, type Result, type Sha256 } from '@effigy/core'

export type Piece =
  /** Of the main file, in order. */
  | { readonly type: 'main'; readonly bytes: Uint8Array }
  | { readonly type: 'block'; readonly cid: Cid; readonly bytes: Uint8Array }
  /** Nothing follows. */
  | { readonly type: 'end' }

/**
 * - `not-a-copy`: another file
 * - `copy-version`: written by a later program
 * - `copy-damaged`: cut off or altered
 */
export interface CopyFault {
  readonly code: 'not-a-copy' | 'copy-version' | 'copy-damaged'
}

const name = new TextEncoder().encode('effigy store ')
const version = 1

/** Of one piece: a block of 1 MiB and its name fit into it. */
const maxPieceBytes: number = 2 * 1024 * 1024

const headBytes = 1 + 4 + 32
const cidLength = 36

const kinds = { main: 1, block: 2, end: 3 } as const

/** What stands first. */
export const copyStart = (): Uint8Array => new Uint8Array([...name, version])

export function encodePiece(piece: Piece, sha256: Sha256): Uint8Array {
  const body = bodyOf(piece)
  const bytes = new Uint8Array(headBytes + body.length)
  bytes[0] = kinds[piece.type]
  new DataView(bytes.buffer).setUint32(1, body.length)
  bytes.set(hashOf(kinds[piece.type], body, sha256), 5)
  bytes.set(body, headBytes)
  return bytes
}

function bodyOf(piece: Piece): Uint8Array {
  switch (piece.type) {
    case 'main':
      return piece.bytes
    case 'block':
      return joined(cidBytes(piece.cid), piece.bytes)
    case 'end':
      return new Uint8Array(0)
  }
}

/** Over the kind too: a piece of one kind is none of another. */
const hashOf = (kind: number, body: Uint8Array, sha256: Sha256): Uint8Array =>
  sha256(joined(Uint8Array.of(kind), body))

/** The pieces of a file that comes in pieces of any length. Ends after `end`, or with the first fault. */
export async function* decodePieces(
  source: AsyncIterable<Uint8Array>,
  sha256: Sha256,
): AsyncGenerator<Result<Piece, CopyFault>> {
  const input = source[Symbol.asyncIterator]()
  let held: Uint8Array = new Uint8Array(0)
  /** Exactly so many bytes, or null at the end of the file. */
  const take = async (length: number): Promise<Uint8Array | null> => {
    const parts = [held]
    let have = held.length
    while (have < length) {
      const next = await input.next()
      if (next.done === true) return null
      parts.push(next.value)
      have += next.value.length
    }
    const all = parts.length === 1 ? held : joined(...parts)
    held = all.subarray(length)
    return all.subarray(0, length)
  }
  try {
    const start = await take(name.length + 1)
    if (start === null || !name.every((byte, at) => start[at] === byte))
      return yield err({ code: 'not-a-copy' })
    if (start[name.length] !== version) return yield err({ code: 'copy-version' })
    for (;;) {
      const head = await take(headBytes)
      const length = head === null ? 0 : new DataView(head.buffer, head.byteOffset).getUint32(1)
      const body = head === null || length > maxPieceBytes ? null : await take(length)
      const piece = head === null || body === null ? null : pieceOf(head, body, sha256)
      if (piece === null) return yield err({ code: 'copy-damaged' })
      yield ok(piece)
      if (piece.type === 'end') return
    }
  } finally {
    await input.return?.()
  }
}

function pieceOf(head: Uint8Array, body: Uint8Array, sha256: Sha256): Piece | null {
  const [kind = 0] = head
  const hash = hashOf(kind, body, sha256)
  if (!hash.every((byte, at) => head[5 + at] === byte)) return null
  // The caller may keep it.
  if (kind === kinds.main) return { type: 'main', bytes: body.slice() }
  if (kind === kinds.end) return body.length === 0 ? { type: 'end' } : null
  if (kind !== kinds.block || body.length < cidLength) return null
  const cid = cidOfBytes(body.subarray(0, cidLength))
  return cid === null ? null : { type: 'block', cid, bytes: body.slice(cidLength) }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
