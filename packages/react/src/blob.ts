/**
 * A file of the network as an address that `<img>`, `<video>` and downloads take.
 *
 *     root ─fetchBlob, progress▶ here ─readFile▶ Blob ─▶ object URL        nobody shows it ─▶ URL revoked
 *
 * @module
 */
import { type Pending, QueryError, queryError } from './answer.ts'
import { aborted, type Source } from './cache.ts'
import type { Cid, FileSecret, HookPeer } from './hook-peer.ts'
import { useShared } from './use-shared.ts'

export interface BlobOptions {
  /** Stands in the payload beside the root, of encrypted files. */
  readonly secret?: FileSecret
  /** What the payload says that it is. Types that a browser would run as part of this page become plain bytes. */
  readonly mime?: string
  /** It goes into an `<img>`: anything else than a picture that may be decoded fails with 'not-an-image', 'image-damaged' or 'image-too-large'. */
  readonly picture?: boolean
  /** Larger ones fail with 'blob-too-large'; 64 MiB when omitted. They are in memory as a whole. */
  readonly maxBytes?: number
}

/** Bytes; null: not known yet. */
export type BlobProgress = { readonly done: number; readonly total: number } | null

interface BlobActions {
  readonly progress: BlobProgress
  /** Gives up fetching it, for all who show it: 'cancelled'. */
  readonly cancel: () => void
  /** Again, after it failed or was given up. */
  readonly retry: () => void
}

export type BlobAnswer = BlobActions &
  (
    | (Pending & { readonly url: null; readonly blob: null })
    /** For as long as a component shows it, and a moment longer. */
    | { readonly type: 'ready'; readonly url: string; readonly blob: Blob; readonly error: null }
    | { readonly type: 'failed'; readonly url: null; readonly blob: null; readonly error: QueryError }
    /** No root. */
    | { readonly type: 'idle'; readonly url: null; readonly blob: null; readonly error: null }
  )

/** Bytes. */
const defaultMaxBytes = 64 * 1024 * 1024

/** Then a person decides. */
const maxInterruptions = 5

/** With null nothing is fetched: of strangers, until a person taps. */
export function useBlob(root: Cid | null, options: BlobOptions = {}): BlobAnswer {
  const { secret, mime = '', picture = false, maxBytes = defaultMaxBytes } = options
  const type = harmlessType(mime)
  return useShared(['blob', root, secret ?? null, type, picture, maxBytes], (peer) =>
    root === null ? idle : blobSource(peer, { root, secret, type, picture, maxBytes }),
  )
}

/** Pictures, sound and film, and nothing with scripts in it, as all that ends in `+xml` may be: an object URL is of the page's own origin. */
const harmless = /^(image\/(jpeg|png|webp|gif|avif|heic)|(audio|video)\/[a-z0-9][a-z0-9.-]*|text\/plain)$/

export function harmlessType(mime: string): string {
  return harmless.test(mime) ? mime : 'application/octet-stream'
}

interface Wanted {
  readonly root: Cid
  readonly secret: FileSecret | undefined
  readonly type: string
  readonly picture: boolean
  readonly maxBytes: number
}

const noBlob = { url: null, blob: null, progress: null, cancel: () => {}, retry: () => {} } as const

const idle: Source<BlobAnswer> = {
  initial: () => ({ ...noBlob, type: 'idle', error: null }),
  run: (_emit, signal) => aborted(signal),
  failed: (error) => ({ ...noBlob, type: 'failed', error }),
}

function blobSource(peer: HookPeer, wanted: Wanted): Source<BlobAnswer> {
  return {
    initial: (wait) => ({ ...noBlob, type: 'pending', error: null, wait }),
    async run(emit, signal, wait) {
      let interruptions = 0
      while (!signal.aborted) {
        const again = Promise.withResolvers<void>()
        const attempt = new AbortController()
        const actions = {
          cancel: () => attempt.abort(new QueryError('cancelled', 'It was given up.')),
          retry: () => again.resolve(),
        }
        const tell = (progress: BlobProgress): void =>
          emit({ ...noBlob, ...actions, type: 'pending', error: null, wait, progress })
        tell(null)
        try {
          const blob = await load(peer, wanted, tell, AbortSignal.any([signal, attempt.signal]))
          const url = URL.createObjectURL(blob)
          emit({ ...noBlob, type: 'ready', url, blob, error: null })
          await aborted(signal)
          URL.revokeObjectURL(url)
        } catch (error) {
          const reason = queryError(attempt.signal.aborted ? attempt.signal.reason : error)
          // Another tab took over while it was read: to read changes nothing, so it is asked again.
          if (reason.code === 'interrupted' && ++interruptions <= maxInterruptions) continue
          emit({ ...noBlob, ...actions, type: 'failed', error: reason })
          await Promise.race([again.promise, aborted(signal)])
        }
      }
    },
    failed: idle.failed,
  }
}

async function load(
  peer: HookPeer,
  { root, secret, type, picture, maxBytes }: Wanted,
  onProgress: (progress: BlobProgress) => void,
  signal: AbortSignal,
): Promise<Blob> {
  await peer.fetchBlob(root, { signal, maxBytes, onProgress })
  const pieces: BlobPart[] = []
  let length = 0
  const options = { signal, picture, ...(secret === undefined ? {} : { secret }) }
  for await (const piece of peer.readFile(root, options)) {
    length += piece.length
    // What is here already came without a limit.
    if (length > maxBytes)
      throw new QueryError('blob-too-large', `This file has more than ${maxBytes} bytes.`)
    pieces.push(piece as Uint8Array<ArrayBuffer>)
  }
  signal.throwIfAborted()
  return new Blob(pieces, { type })
}
