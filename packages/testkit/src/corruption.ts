/**
 * Inputs that every decoder meets (STYLE 34, 35): cut off, in pieces, with one bit wrong, random, hostile.
 *
 * @module
 */
import type { Random } from './seed.ts'

/** Every single flipped bit: 8 × length copies, lowest bit of the first byte first. */
export function* mutations(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const copy = bytes.slice()
    copy[bit >> 3]! ^= 1 << (bit & 7)
    yield copy
  }
}

/** Every proper prefix, the empty one first. */
export function* truncations(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length++) yield bytes.slice(0, length)
}

/** The same bytes one at a time. */
export function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.slice(at, at + 1)
}

/** `count` random inputs, most of them short, up to `maxLength` bytes. */
export function* randomInputs(random: Random, count: number, maxLength = 1024): Generator<Uint8Array> {
  for (let made = 0; made < count; made++) {
    const bound = random.integer(Math.max(1, Math.floor(maxLength / 2 ** random.integer(8)))) + 1
    yield random.bytes(random.integer(bound + 1))
  }
}

/** `count` copies with one to four edits each: a bit, a byte, a cut, an insertion, a repeated or moved stretch. */
export function* damaged(random: Random, bytes: Uint8Array, count: number): Generator<Uint8Array> {
  for (let made = 0; made < count; made++) {
    let copy: Uint8Array = bytes.slice()
    for (let edits = random.integer(4); edits >= 0; edits--) copy = damage(random, copy)
    yield copy
  }
}

function damage(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.integer(bytes.length + 1)
  const length = random.integer(Math.min(16, bytes.length - at) + 1)
  const stretch = bytes.slice(at, at + length)
  switch (random.integer(6)) {
    case 0:
      if (at < bytes.length) bytes[at]! ^= 1 << random.integer(8)
      return bytes
    case 1:
      if (at < bytes.length) bytes[at] = random.integer(256)
      return bytes
    case 2:
      return splice(bytes, at, length, new Uint8Array(0))
    case 3:
      return splice(bytes, at, 0, random.bytes(random.integer(16) + 1))
    case 4:
      return splice(bytes, at, 0, stretch)
    default: {
      const rest = splice(bytes, at, length, new Uint8Array(0))
      return splice(rest, random.integer(rest.length + 1), 0, stretch)
    }
  }
}

function splice(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length - remove + insert.length)
  out.set(bytes.subarray(0, at))
  out.set(insert, at)
  out.set(bytes.subarray(at + remove), at + insert.length)
  return out
}
