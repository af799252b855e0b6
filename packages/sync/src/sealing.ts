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
  readonly exhausted: boolean
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
  return {
    get exhausted() {
      return counter >= maxFrames - 1
    },
    seal(frame) {
      if (counter >= maxFrames) throw new RangeError('the key has sealed all it may')
      return crypto.seal(key, sealingNonce(counter++), nothing, frame)
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
  return {
    open(sealed) {
      if (broken || counter >= maxFrames) return null
      const frame = crypto.open(key, sealingNonce(counter++), nothing, sealed)
      broken = frame === null
      return frame
    },
  }
}

/** 4 zero bytes ‖ 64-bit big-endian counter. */
export function sealingNonce(counter: number): Uint8Array {
  const nonce = new Uint8Array(12)
  const view = new DataView(nonce.buffer)
  view.setUint32(4, Math.floor(counter / 2 ** 32))
  view.setUint32(8, counter % 2 ** 32)
  return nonce
}
