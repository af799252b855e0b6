/**
 * Tells what a picture carries besides its pixels.
 *
 *     node examples/inspect-picture.ts FILE ─▶ "jpeg 64x48: exif location"    (or "…: nothing else")
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { inspectImage } from '@effigy/core'

const [, , path] = process.argv
const image = path === undefined ? null : inspectImage(new Uint8Array(readFileSync(path)))
if (image?.ok === true) {
  const { format, width, height, metadata } = image.value
  process.stdout.write(
    `${format} ${width}x${height}: ${metadata.length === 0 ? 'nothing else' : metadata.join(' ')}\n`,
  )
} else {
  process.stderr.write(`${path ?? 'FILE'}: ${image === null ? 'name a picture' : image.error.code}\n`)
  process.exitCode = 1
}
