/**
 * A page whose peer fetches everything for the first time; afterwards, in a page without a peer, the same rows raw.
 *
 *     / ─▶ sync(order)          /?raw ─▶ raw(name)
 *
 * @module
 */
import { syncAll } from './sync-all.ts'

if (new URLSearchParams(location.search).has('raw')) {
  globalThis.raw = (name) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./raw.worker.ts', import.meta.url), { type: 'module' })
      worker.onmessage = ({ data }) => {
        worker.terminate()
        resolve(data)
      }
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage(name)
    })
} else {
  const isThere = import('../../tools/browser-kit/page.js')
  globalThis.syncAll = async (order) => {
    await isThere
    return syncAll(globalThis.app, order)
  }
}
