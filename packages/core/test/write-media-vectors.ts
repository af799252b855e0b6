/**
 * Writes `spec/vectors/media.json`: files made here, and what is left of them. Run by hand after a rule changed, and read the
 * difference.
 *
 *     node packages/core/test/write-media-vectors.ts
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { cleanWhole } from './clean-whole.ts'
import { mediaSamples } from './media-samples.ts'

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

const vectors = []
for (const { name, rule, kind, file } of await mediaSamples()) {
  const result = await cleanWhole([file], kind)
  const outcome = result.ok
    ? { removed: result.value.removed, cleaned: base64(result.value.bytes) }
    : { error: result.error.code }
  vectors.push({ name, rule, kind, file: base64(file), ...outcome })
}
const path = new URL('../../../spec/vectors/media.json', import.meta.url)
writeFileSync(path, `${JSON.stringify(vectors, null, 2)}\n`)
