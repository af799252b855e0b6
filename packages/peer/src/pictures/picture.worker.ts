/**
 * Decodes and encodes pictures beside the page, which ends this worker when it takes too long.
 *
 * @module
 */
import '@effigy/core/disposal'
import { readJob } from './job.ts'
import { makePicture } from './make-picture.ts'

// One picture after the other, or their pixels would be in memory together: the page sends the next after an answer.
addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  // The page hears of it as the worker's error.
  work(data).catch(reportError)
})

async function work(data: unknown): Promise<void> {
  const job = readJob(data)
  if (job === null) throw new Error('no job for pictures')
  postMessage(await makePicture(job.source, job.settings))
}
