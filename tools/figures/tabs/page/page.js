/**
 * A tab that writes, or one that looks at what was written while nobody has it open.
 *
 *     /?name=NAME&version=1 ─▶ app, openHere, keepWriting          /?inspect ─▶ inspect
 *
 * @module
 */
import { heard, keepWriting, openHere } from './keep-writing.ts'

if (new URLSearchParams(location.search).has('inspect')) {
  globalThis.inspect = (order) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./inspect.worker.ts', import.meta.url), { type: 'module' })
      worker.onmessage = ({ data }) => {
        worker.terminate()
        resolve(data)
      }
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage(order)
    })
} else {
  const isThere = import('../../../browser-kit/page.js')
  globalThis.openHere = async (follower) => {
    await isThere
    return openHere(globalThis.app, follower)
  }
  globalThis.keepWriting = (order) => keepWriting(globalThis.app, order)
  globalThis.heard = heard
}
