/**
 * What stands in a folder of an album, fetched as far as that needs; and the bytes of one file in it.
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import type { DirectoryEntry } from '@effigy/store'
import { useCallback, useEffect, useState } from 'react'
import { pictureType } from './collection-of.ts'
import { findTypes } from './find-types.ts'

export type DirectoryAnswer =
  | { readonly type: 'pending' }
  | { readonly type: 'ready'; readonly entries: readonly DirectoryEntry[] }
  | { readonly type: 'failed'; readonly error: unknown }

/** Entries that are looked at one by one to know whether they are folders: each is asked for apart. */
const maxFound = 1_000

/** Folders first, then by name as people read numbers. Waits for as long as nobody has it. */
export function useDirectory(root: Cid, path: string): DirectoryAnswer & { readonly again: () => void } {
  const peer = usePeer()
  const [answer, setAnswer] = useState<DirectoryAnswer>({ type: 'pending' })
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const until = new AbortController()
    setAnswer({ type: 'pending' })
    const at = (name: string): string => (path === '' ? name : `${path}/${name}`)
    const found = (entryPath: string, type: 'directory' | 'file'): void =>
      setAnswer((now) => {
        if (now.type !== 'ready') return now
        const entries = now.entries.map((one) => (at(one.name) === entryPath ? { ...one, type } : one))
        return { type: 'ready', entries: sorted(entries) }
      })
    peer.browse(root, path, { signal: until.signal }).then(
      (entries) => {
        if (until.signal.aborted) return
        setAnswer({ type: 'ready', entries: sorted(entries) })
        const unknown = entries.filter(({ name, type }) => type === null && pictureType(name) === null)
        const paths = unknown.slice(0, maxFound).map(({ name }) => at(name))
        void findTypes(peer, root, paths, until.signal, found)
      },
      (error: unknown) => {
        if (!until.signal.aborted) setAnswer({ type: 'failed', error })
      },
    )
    return () => until.abort()
  }, [peer, root, path, tries])
  const again = useCallback(() => setTries((count) => count + 1), [])
  return { ...answer, again }
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

function sorted(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  const rank = ({ type }: DirectoryEntry): number => (type === 'directory' ? 0 : 1)
  return [...entries].sort((a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name))
}

export interface ReadPathOptions {
  readonly signal: AbortSignal
  readonly maxBytes?: number
  /** It is about to be shown. */
  readonly picture?: boolean
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** Rejects with what `fetchPath` and `readFile` throw. */
export async function readPath(
  peer: Pick<RemotePeer, 'fetchPath' | 'readFile'>,
  root: Cid,
  path: string,
  { signal, maxBytes, picture = false, onProgress }: ReadPathOptions,
): Promise<Blob> {
  const file = await peer.fetchPath(root, path, {
    signal,
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  const pieces: BlobPart[] = []
  for await (const piece of peer.readFile(file, { signal, picture }))
    pieces.push(piece as Uint8Array<ArrayBuffer>)
  signal.throwIfAborted()
  return new Blob(pieces, { type: pictureType(path) ?? 'application/octet-stream' })
}

export type FileAnswer =
  | { readonly type: 'pending' }
  | { readonly type: 'ready'; readonly url: string }
  | { readonly type: 'failed'; readonly error: unknown }

/** Of a picture, while it is shown; `path` null: nothing is fetched. */
export function usePicture(
  root: Cid,
  path: string | null,
  maxBytes: number,
): FileAnswer & { readonly again: () => void } {
  const peer = usePeer()
  const [answer, setAnswer] = useState<FileAnswer>({ type: 'pending' })
  const [tries, setTries] = useState(0)
  useEffect(() => {
    if (path === null) return
    const until = new AbortController()
    let url: string | null = null
    setAnswer({ type: 'pending' })
    readPath(peer, root, path, { signal: until.signal, maxBytes, picture: true }).then(
      (blob) => {
        if (until.signal.aborted) return
        url = URL.createObjectURL(blob)
        setAnswer({ type: 'ready', url })
      },
      (error: unknown) => {
        if (!until.signal.aborted) setAnswer({ type: 'failed', error })
      },
    )
    return () => {
      until.abort()
      if (url !== null) URL.revokeObjectURL(url)
    }
  }, [peer, root, path, maxBytes, tries])
  const again = useCallback(() => setTries((count) => count + 1), [])
  return { ...answer, again }
}
