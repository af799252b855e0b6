/**
 * A file that is made piece by piece, into where the person keeps files.
 *
 *     pieces ─▶ the browser can ask where: written as they come
 *              │ else: gathered by the browser, then downloaded
 *
 * @module
 */

/** Not in every browser, and not in the types of any. */
interface FilePicking {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>
}

/**
 * Call it from a click: browsers ask nobody else. False: the person chose no place. Rejects with what the pieces reject
 * with, and then leaves no file.
 */
export async function saveFile(
  name: string,
  type: string,
  make: () => AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const { showSaveFilePicker } = globalThis as FilePicking
  if (showSaveFilePicker === undefined) {
    const parts: BlobPart[] = []
    for await (const piece of make()) parts.push(piece as Uint8Array<ArrayBuffer>)
    download(name, new Blob(parts, { type }))
    return true
  }
  const place = await showSaveFilePicker({ suggestedName: name }).catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === 'AbortError') return null
    throw reason
  })
  if (place === null) return false
  const writing = await place.createWritable()
  try {
    for await (const piece of make()) await writing.write(piece as Uint8Array<ArrayBuffer>)
    await writing.close()
    return true
  } catch (reason) {
    await writing.abort().catch(() => {})
    throw reason
  }
}

/** Ms in which a browser has taken hold of it. */
const takenMs = 60_000

function download(name: string, file: Blob): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), takenMs)
}

/** `effigy-backup-2026-11-21.age`. */
export function datedName(base: string, end: string, at: number): string {
  return `${base}-${new Date(at).toISOString().slice(0, 10)}.${end}`
}
