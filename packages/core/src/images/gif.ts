/**
 * GIF: blocks up to the trailer (spec I9).
 *
 *     header screen [palette] (control? picture | extension)* ';' ─▶ pictures, their controls, and one loop count
 *
 * @module
 */
import { err, ok, type Result } from '../result.ts'
import { hasText, uint16LittleEndian } from './read.ts'
import {
  createSieve,
  damaged,
  type ImageFault,
  maxImageParts,
  type Scan,
  sizeFault,
  tooManyParts,
  truncated,
} from './scan.ts'

const block = { picture: 0x2c, extension: 0x21, trailer: 0x3b } as const
const label = { plainText: 0x01, control: 0xf9, comment: 0xfe, application: 0xff } as const

const loopNames: readonly string[] = ['NETSCAPE2.0', 'ANIMEXTS1.0']

/** Introducer, label, length, 11 characters, then 3, 1 and two bytes of count, then the end of sub-blocks. */
const loopLength = 19

export function scanGif(bytes: Uint8Array): Result<Scan, ImageFault> {
  if (bytes.length < 13) return truncated('gif')
  const width = uint16LittleEndian(bytes, 6)
  const height = uint16LittleEndian(bytes, 8)
  const fault = sizeFault('gif', width, height)
  if (fault !== null) return err(fault)

  const sieve = createSieve(bytes)
  let at = 13 + paletteLength(bytes[10] ?? 0)
  sieve.keep(0, at)
  let frames = 0
  let looped = false
  /** A control block belongs to what follows it: it stays or goes with that. */
  let control: { readonly start: number; readonly end: number } | null = null

  for (let count = 0; count < maxImageParts; count++) {
    const start = at
    const kind = bytes[at]
    if (kind === undefined) return truncated('gif')
    if (kind === block.trailer) {
      if (frames === 0) return damaged('gif', 'no picture in it')
      if (control !== null) sieve.drop('unknown')
      sieve.keep(start, start + 1)
      if (start + 1 < bytes.length) sieve.drop('trailer')
      const { metadata, parts } = sieve
      return ok({
        info: { format: 'gif', width, height, orientation: 1, metadata, animated: frames > 1 },
        parts,
      })
    }
    if (kind === block.picture) {
      if (at + 10 > bytes.length) return truncated('gif')
      const right = uint16LittleEndian(bytes, at + 1) + uint16LittleEndian(bytes, at + 5)
      const bottom = uint16LittleEndian(bytes, at + 3) + uint16LittleEndian(bytes, at + 7)
      if (right > width || bottom > height) return damaged('gif', 'frame outside the screen')
      const end = endOfSubBlocks(bytes, at + 10 + paletteLength(bytes[at + 9] ?? 0) + 1)
      if (end === null) return truncated('gif')
      if (control !== null) sieve.keep(control.start, control.end)
      control = null
      sieve.keep(start, end)
      frames++
      at = end
      continue
    }
    if (kind !== block.extension) return damaged('gif', `block ${kind.toString(16)}`)
    const end = endOfSubBlocks(bytes, at + 2)
    if (end === null) return truncated('gif')
    at = end
    switch (bytes[start + 1]) {
      case label.control:
        if (bytes[start + 2] !== 4 || end !== start + 8) return damaged('gif', 'control block')
        if (control !== null) sieve.drop('unknown')
        control = { start, end }
        break
      case label.comment:
        sieve.drop('comment')
        break
      case label.plainText:
        // The text is a picture of its own to the format, and takes its control with it. No browser draws it.
        control = null
        sieve.drop('text')
        break
      case label.application: {
        const loop = looped ? null : loopBlock(bytes, start)
        if (loop === null) sieve.drop(hasText(bytes, start + 3, 'XMP DataXMP') ? 'xmp' : 'unknown')
        else {
          looped = true
          if (end === start + loopLength) sieve.keep(start, end)
          else {
            sieve.drop('unknown')
            sieve.put(loop)
          }
        }
        break
      }
      default:
        sieve.drop('unknown')
    }
  }
  return tooManyParts('gif')
}

/** Bytes of a palette announced by a packed field. */
const paletteLength = (packed: number) => ((packed & 0x80) === 0 ? 0 : 3 << ((packed & 7) + 1))

/** Position after the empty sub-block that ends the sub-blocks at `at`; null when the bytes end first. */
function endOfSubBlocks(bytes: Uint8Array, at: number): number | null {
  for (let next = at; ; ) {
    const length = bytes[next]
    if (length === undefined) return null
    next += 1 + length
    if (length === 0) return next
  }
}

/** The loop extension at `start` in its shortest form; null when it is another one. */
function loopBlock(bytes: Uint8Array, start: number): Uint8Array | null {
  const isLoop = bytes[start + 2] === 11 && loopNames.some((name) => hasText(bytes, start + 3, name))
  const data = start + 14
  if (!isLoop || bytes[data] !== 3 || bytes[data + 1] !== 1) return null
  return Uint8Array.of(
    ...[block.extension, label.application, 11],
    ...bytes.subarray(start + 3, data),
    ...[3, 1, bytes[data + 2] ?? 0, bytes[data + 3] ?? 0, 0],
  )
}
