/**
 * The page of tests: it has the browser's one peer, and says so where tests look for it.
 *
 *     /?name=effigy&version=1
 *
 * @module
 */
import { connectPeer } from '@effigy/peer/page'

const asked = new URLSearchParams(location.search)

globalThis.app = connectPeer({
  name: asked.get('name') ?? 'effigy',
  version: Number(asked.get('version') ?? 1),
  createWorker: () => new Worker(new URL('./peer.worker.ts', import.meta.url), { type: 'module' }),
})
