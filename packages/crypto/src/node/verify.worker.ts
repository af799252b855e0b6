/**
 * One thread of the verify pool: packed checks in, one byte a verdict out.
 *
 * @module
 */
import { parentPort } from 'node:worker_threads'
import { createSodiumSignatures } from './sodium-signatures.ts'
import { unpackChecks } from './verify-pack.ts'

const port = parentPort
if (port === null) throw new Error('verify.worker.ts is started by verify-pool.ts')

const signatures = createSodiumSignatures()

port.on('message', (packed: ArrayBuffer) => {
  const verdicts = Uint8Array.from(unpackChecks(packed), (check) => (signatures.verify(check) ? 1 : 0))
  port.postMessage(verdicts, [verdicts.buffer])
})
