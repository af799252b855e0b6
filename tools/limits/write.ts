/** Writes docs/limits.md anew: `node tools/limits/write.ts`. */
import { writeFileSync } from 'node:fs'
import { document, limitsText } from './table.ts'

writeFileSync(document, limitsText())
