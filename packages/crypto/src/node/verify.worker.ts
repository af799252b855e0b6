/**
 * One thread of the verify pool: packed checks in, one byte a verdict out.
 *
 * @module
 */
import { parentPort } from 'node:worker_threads'
// Not all of core, with schemas and word lists: a thread would start five times slower.
import { createJudgedChecks } from '@effigy/core/judged-check'
import { type Part, unpackChecks, unpackEntries } from '../verify-pack.ts'
import { createSodiumSignatures } from './sodium-signatures.ts'

const port = parentPort
if (port === null) throw new Error('verify.worker.ts is started by verify-pool.ts')

const signatures = createSodiumSignatures()
const judgedCheck = createJudgedChecks()

port.on('message', ({ type, packed }: Part) => {
  const verdicts =
    type === 'checks'
      ? Uint8Array.from(unpackChecks(packed), (check) => (signatures.verify(check) ? 1 : 0))
      : Uint8Array.from(unpackEntries(packed), (entry) => (signatures.verify(judgedCheck(entry)) ? 1 : 0))
  port.postMessage(verdicts, [verdicts.buffer])
})
