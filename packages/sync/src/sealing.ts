/**
 * Sealed frames (spec A7): one key and one counter a direction.
 *
 *     frame ─Sealer▶ ciphertext ‖ tag ─Opener▶ frame, or null for ever
 *
 * @module
 */
import type { Crypto } from '@effigy/crypto'
import { maxFramesPerKey } from './limits.ts'

export interface Sealer {
  /** No counter is left but the last, which is kept for `bye`: time for a new handshake. */
  isExhausted(): boolean
  /** Throws a RangeError when the key has sealed 2^32 frames. */
  seal(frame: Uint8Array): Uint8Array
}

export interface Opener {
  /** The frame, or null when it is not the next one of the other side; after that always null. */
  open(sealed: Uint8Array): Uint8Array | null
}

const nothing = new Uint8Array(0)

/** `maxFrames` is less only in tests. */
export function createSealer(
  crypto: Pick<Crypto, 'seal'>,
  key: Uint8Array,
  maxFrames: number = maxFramesPerKey,
): Sealer {
  let counter = 0
  const nonce = new Uint8Array(12)
  return {
    isExhausted: () => counter >= maxFrames - 1,
    seal(frame) {
      if (counter >= maxFrames) throw new RangeError('the key has sealed all it may')
      return crypto.seal(key, numbered(nonce, counter++), nothing, frame)
    },
  }
}

export function createOpener(
  crypto: Pick<Crypto, 'open'>,
  key: Uint8Array,
  maxFrames: number = maxFramesPerKey,
): Opener {
  let counter = 0
  let broken = false
  const nonce = new Uint8Array(12)
  return {
    open(sealed) {
      if (broken || counter >= maxFrames) return null
      const frame = crypto.open(key, numbered(nonce, counter++), nothing, sealed)
      broken = frame === null
      return frame
    },
  }
}

/** 4 zero bytes ‖ 64-bit big-endian counter. */
export function sealingNonce(counter: number): Uint8Array {
  return numbered(new Uint8Array(12), counter)
}

/** The same nonce, written over: one frame is sealed at a time. */
function numbered(nonce: Uint8Array, counter: number): Uint8Array {
  let rest = counter
  for (let at = 11; at >= 4; at--) {
    nonce[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return nonce
}
