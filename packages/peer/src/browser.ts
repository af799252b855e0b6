/**
 * The peer in a browser: what runs in the dedicated worker that has it (spec O).
 *
 * @module
 */
import '@effigy/core/disposal'

export {
  type BrowserPeerOptions,
  type BrowserPeerParts,
  type OpenedPeer,
  openBrowserPeer,
} from './browser/open-peer.ts'
export { type PeerWorkerOptions, runPeerWorker, type WorkerScope } from './browser/run-worker.ts'
