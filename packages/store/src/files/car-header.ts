/**
 * The header of a CARv1 archive, by the library (spec B11): DAG-CBOR of a version and the roots.
 *
 * @module
 */
import { type Cid, cidOfBytes, createByteWriter } from '@effigy/core'
import { close as closeCar, createWriter, headerLength } from '@ipld/car/buffer-writer'
import { bytesReader, readHeader } from '@ipld/car/decoder'
import { CID } from 'multiformats/cid'

/** Bytes that the length in front of a header may have. */
const maxLengthBytes = 8

/** The roots; null when it is no header of CARv1, or a root is not of our kind. `body`: without the length in front. */
export async function decodeHeader(body: Uint8Array): Promise<readonly Cid[] | null> {
  // The library wants the frame around the header, so it is put back.
  const framed = createByteWriter(maxLengthBytes + body.length)
  framed.varint(body.length)
  framed.bytes(body)
  let roots: readonly CID[]
  try {
    roots = (await readHeader(bytesReader(framed.take()), 1)).roots
  } catch {
    return null
  }
  const ours: Cid[] = []
  for (const root of roots) {
    const cid = cidOfBytes(root.bytes)
    if (cid === null) return null
    ours.push(cid)
  }
  return ours
}

/** With the length in front. */
export function encodeHeader(roots: readonly Cid[]): Uint8Array {
  const cids = roots.map((root) => CID.parse(root))
  const length = headerLength({ roots: cids })
  return closeCar(createWriter(new ArrayBuffer(length), { roots: cids, headerSize: length }))
}
