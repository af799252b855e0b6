/** Writes the vectors of frames, of what is provided and of sessions anew: `node packages/sync/test/write-vectors.ts`. */
import { writeFileSync } from 'node:fs'
import { frameCases } from './frame-vectors.ts'
import { providedCases } from './provided-vectors.ts'
import { sessionRuns } from './session-vectors.ts'

const folder = new URL('../../../spec/vectors/', import.meta.url)

writeFileSync(new URL('frame.json', folder), `${JSON.stringify(await frameCases(), null, 1)}\n`)
writeFileSync(new URL('provides.json', folder), `${JSON.stringify(providedCases(), null, 1)}\n`)
writeFileSync(new URL('session.json', folder), `${JSON.stringify(await sessionRuns(), null, 1)}\n`)
