/**
 * The part of `Peer` that is about files: kept, read, fetched, looked into, pinned.
 *
 *     createFileApi(ports) ─▶ addFile, readFile, fetchBlob, browse, pin, …
 *
 * @module
 */
import type { Crypto } from '@effigy/crypto'
import { browse, fetchPath } from './browse.ts'
import { pinHold } from './demands.ts'
import { listAt, storeDirectory } from './directories.ts'
import { type FetchPorts, fileBytes, storeFile, waitForBlob } from './files.ts'
import type { Peer } from './peer.ts'

export type FileApi = Pick<
  Peer,
  | 'addFile'
  | 'addDirectory'
  | 'listDirectory'
  | 'readFile'
  | 'fetchBlob'
  | 'browse'
  | 'fetchPath'
  | 'pin'
  | 'unpin'
  | 'pins'
>

export interface FileApiPorts extends FetchPorts {
  readonly crypto: Crypto
  /** With the end of the peer. */
  readonly untilStop: <Options extends { readonly signal: AbortSignal }>(options: Options) => Options
}

/** Pins given at once. */
const maxPinsListed = 10_000

export function createFileApi(ports: FileApiPorts): FileApi {
  const { store, crypto, clock, refresh, untilStop } = ports
  return {
    addFile: (source, options) => storeFile({ store, crypto, clock }, source, options),
    addDirectory: (entries, options) => storeDirectory(store, clock.now, entries, options),
    listDirectory: (root, path) => listAt(store, root, path),
    readFile: (root, options) => fileBytes({ store, crypto }, root, options),
    fetchBlob: (root, options) => waitForBlob(ports, root, untilStop(options)),
    browse: (root, path, options) => browse(ports, root, path, untilStop(options)),
    fetchPath: (root, path, options) => fetchPath(ports, root, path, untilStop(options)),
    pin(root) {
      store.hold(root, pinHold)
      refresh([])
    },
    unpin: (root) => store.release(root, pinHold),
    pins: (limit = maxPinsListed) => [...store.heldAs(pinHold, limit)],
  }
}
