/** Writes `spec/vectors/pairing.json` anew: `node packages/sync/test/write-pairing-vectors.ts`. */
import { writeFileSync } from 'node:fs'
import { pairingVectors } from './pairing-vectors.ts'

writeFileSync(
  new URL('../../../spec/vectors/pairing.json', import.meta.url),
  `${JSON.stringify(pairingVectors(), null, 1)}\n`,
)
