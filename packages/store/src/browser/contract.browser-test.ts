import { afterAll, describe, expect, test } from 'vitest'
import type { Outcome, SuiteTask, Told } from '../../test/suite.worker.ts'
import { deleteBrowserStore } from '../browser.ts'

/** The files that suite.worker.ts runs in a worker, over OPFS: each of their tests is one here. */
const folder = `suite-${Date.now().toString(36)}`
const worker = new Worker(new URL('../../test/suite.worker.ts', import.meta.url), { type: 'module' })

const outcomes = await new Promise<readonly Outcome[]>((resolve, reject) => {
  const finished: Outcome[] = []
  worker.onerror = ({ message }) => reject(new Error(message))
  worker.onmessage = ({ data }: MessageEvent<Told>) => {
    if ('outcome' in data) finished.push(data.outcome)
    else if ('failed' in data) reject(new Error(data.failed))
    else resolve(finished)
  }
  const task: SuiteTask = { folder }
  worker.postMessage(task)
})

afterAll(async () => {
  worker.terminate()
  await deleteBrowserStore({ name: folder, whenTaken: 'wait', signal: AbortSignal.timeout(5_000) })
})

test('[S50] the suites of the store were run', () => expect(outcomes.length).toBeGreaterThan(200))

for (const [file, tests] of Map.groupBy(outcomes, (outcome) => outcome.file)) {
  describe(file, () => {
    for (const { name, state, errors } of tests) {
      test.skipIf(state === 'skip')(name, () => expect(errors).toEqual([]))
    }
  })
}
