/**
 * Looks into directories that are not here, and takes single files out of them (spec B19).
 *
 *     browse(root, 'a/b') ─▶ the nodes on the way, the shards of b ─▶ its entries
 *     fetchPath(root, 'a/b/c.jpg') ─▶ the nodes on the way, the file ─▶ its CID
 *
 * @module
 */
import { type Cid, ok, type Result } from '@effigy/core'
import { type DirectoryEntry, type FileError, missingBelow, missingNodes, resolvePath } from '@effigy/store'
import { blobProgress } from './blob-progress.ts'
import { fileFailure, listAt, uploadMs } from './directories.ts'
import {
  type FetchOptions,
  type FetchPorts,
  fetchHold,
  isLarger,
  progressTeller,
  refused,
  tooLarge,
  walkShare,
} from './files.ts'
import { rest } from './rest.ts'

/** Between two looks at what has come, ms. */
const lookEveryMs = 50

export async function browse(
  ports: FetchPorts,
  root: Cid,
  path: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly DirectoryEntry[]> {
  const { store } = ports
  await untilHere(ports, root, (limit) => missingNodes(root, path, store.asBlocks, limit), signal)
  return listAt(store, root, path)
}

/** Gives the CID of what stands there, which is here then, and stays for a day at least. */
export async function fetchPath(
  ports: FetchPorts,
  root: Cid,
  path: string,
  { signal, onProgress, maxBytes = Number.POSITIVE_INFINITY }: FetchOptions,
): Promise<Cid> {
  const { store, clock } = ports
  const onTheWay = (): Result<readonly Cid[], FileError> => {
    const found = resolvePath(root, path, store.asBlocks)
    if (found.ok) return ok([])
    const { code, cid } = found.error
    return code === 'missing' && cid !== null ? ok([cid]) : found
  }
  await untilHere(ports, root, onTheWay, signal)
  const found = resolvePath(root, path, store.asBlocks)
  if (!found.ok) throw fileFailure(root, found.error)
  const { cid } = found.value
  const progress = progressTeller(onProgress)
  store.holdUntil(cid, fetchHold, clock.now() + uploadMs)
  // Named to others as a part of the root: of the file by itself nobody has to know.
  const below = (limit: number) => missingBelow(root, path, store.asBlocks, limit)
  await untilHere(ports, root, below, signal, () => {
    const now = blobProgress(cid, store.asBlocks)
    if (isLarger(store, cid, now, maxBytes)) {
      store.release(cid, fetchHold)
      throw tooLarge(cid, maxBytes)
    }
    progress.tell(now)
  })
  const state = store.completeBlob(cid)
  if (state.type === 'refused') throw refused(cid, state.code)
  progress.end()
  return cid
}

async function untilHere(
  { store, clock, demands, pulse, refresh }: FetchPorts,
  root: Cid,
  missing: (limit: number) => Result<readonly Cid[], FileError>,
  signal: AbortSignal,
  onLook: () => void = () => {},
): Promise<void> {
  let demand: Disposable | null = null
  try {
    for (;;) {
      signal.throwIfAborted()
      const seen = pulse.count
      const state = store.blobState(root)
      if (state.type === 'refused') throw refused(root, state.code)
      const startedMs = clock.monotonic()
      const left = missing(1)
      if (!left.ok) throw fileFailure(root, left.error)
      onLook()
      if (left.value.length === 0) return
      if (demand === null) {
        let known: readonly Cid[] = []
        demand = demands.demand(root, (limit) => {
          known = known.filter((cid) => !store.hasBlock(cid))
          // Each look is a walk through what is here: not one for each block that comes.
          if (known.length === 0) {
            const found = missing(limit)
            known = found.ok ? found.value : []
          }
          return known.slice(0, limit)
        })
        refresh([])
      }
      const restMs = Math.max(lookEveryMs, (clock.monotonic() - startedMs) * walkShare)
      await pulse.after(seen, signal)
      await rest(clock, restMs, signal)
    }
  } finally {
    demand?.[Symbol.dispose]()
  }
}
