/** Writes `spec/vectors/aliases.json` anew: `node packages/core/test/write-alias-vectors.ts`. */
import { writeFileSync } from 'node:fs'
import { aliasVectors } from './alias-world.ts'

writeFileSync(
  new URL('../../../spec/vectors/aliases.json', import.meta.url),
  `${JSON.stringify(await aliasVectors(), null, 1)}\n`,
)
