/**
 * From the network to a file of the person's: one, or a whole album packed into one.
 *
 *     folder ─browse─▶ files ─readFile▶ zip, not pressed together ─▶ a file
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer'

/** Files and folders below a root, at most. */
const maxEntries = 50_000

/** Bytes that are packed before they leave this page's memory. */
const heldBytes: number = 8 * 1024 * 1024

export interface PackedFile {
  readonly path: string
  readonly cid: Cid
}

/** Of one file or folder: nothing that a program which unpacks it could take for another place. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Browsers begin at once; what they have begun they end.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Of all that is here below a root. Rejects as `browse` does. */
async function* filesBelow(
  peer: Pick<RemotePeer, 'browse'>,
  root: Cid,
  signal: AbortSignal,
): AsyncGenerator<PackedFile> {
  const folders = ['']
  let seen = 0
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const { name, cid, type } of await peer.browse(root, folder, { signal })) {
      if (++seen > maxEntries) return
      if (!isPlainName(name)) continue
      const path = folder === '' ? name : `${folder}/${name}`
      if (type === 'directory') folders.push(path)
      else if (type === 'file') yield { path, cid }
    }
  }
}

/** Bytes of the album as it is packed, as they come. The album has to be here. */
async function pack(
  peer: Pick<RemotePeer, 'browse' | 'readFile'>,
  root: Cid,
  take: (piece: Uint8Array) => void,
  signal: AbortSignal,
): Promise<void> {
  const { Zip, ZipPassThrough } = await import('fflate')
  let fault: unknown = null
  const zip = new Zip((error, piece) => {
    if (error !== null) fault = error
    else take(piece)
  })
  for await (const { path, cid } of filesBelow(peer, root, signal)) {
    const file = new ZipPassThrough(path)
    zip.add(file)
    for await (const piece of peer.readFile(cid, { signal })) file.push(piece)
    file.push(new Uint8Array(0), true)
    if (fault !== null) throw fault
  }
  zip.end()
}

export interface PackOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

/** Fetches all of it, and gives it as one file. */
export async function packAlbum(
  peer: Pick<RemotePeer, 'browse' | 'fetchBlob' | 'readFile'>,
  root: Cid,
  { signal, onProgress }: PackOptions,
): Promise<Blob> {
  await peer.fetchBlob(root, { signal, onProgress })
  // What is a Blob already, a browser may put on the disk.
  const done: Blob[] = []
  let pieces: BlobPart[] = []
  let held = 0
  const take = (piece: Uint8Array): void => {
    pieces.push(piece as Uint8Array<ArrayBuffer>)
    held += piece.length
    if (held < heldBytes) return
    done.push(new Blob(pieces))
    pieces = []
    held = 0
  }
  await pack(peer, root, take, signal)
  return new Blob([...done, ...pieces], { type: 'application/zip' })
}
