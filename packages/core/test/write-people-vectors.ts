/** Writes `spec/vectors/people.json` anew: `node packages/core/test/write-people-vectors.ts`. */
import { writeFileSync } from 'node:fs'
import { peopleVectors } from './people-world.ts'

writeFileSync(
  new URL('../../../spec/vectors/people.json', import.meta.url),
  `${JSON.stringify(peopleVectors(), null, 1)}\n`,
)
