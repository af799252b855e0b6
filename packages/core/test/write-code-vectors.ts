/** Writes `spec/vectors/pairing-codes.json` anew: `node packages/core/test/write-code-vectors.ts`. */
import { writeFileSync } from 'node:fs'
import { codeVectors } from './code-world.ts'

writeFileSync(
  new URL('../../../spec/vectors/pairing-codes.json', import.meta.url),
  `${JSON.stringify(await codeVectors(), null, 1)}\n`,
)
