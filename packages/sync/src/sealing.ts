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
  return new FrameSealer(crypto, key, maxFrames)
}

/** `key`: 32 bytes, of what the other side sends. `maxFrames` is less only in tests. */
export function createOpener(
  crypto: Pick<Crypto, 'open'>,
  key: Uint8Array,
  maxFrames: number = maxFramesPerKey,
): Opener {
  return new FrameOpener(crypto, key, maxFrames)
}

/** Of everybody: what seals and opens is over before the next frame, and keeps none of it. */
const nonce = new Uint8Array(12)

// Classes, because each session has one of each.

class FrameSealer implements Sealer {
  readonly #crypto: Pick<Crypto, 'seal'>
  readonly #key: Uint8Array
  readonly #maxFrames: number
  #counter = 0

  constructor(crypto: Pick<Crypto, 'seal'>, key: Uint8Array, maxFrames: number) {
    this.#crypto = crypto
    this.#key = key
    this.#maxFrames = maxFrames
  }

  isExhausted(): boolean {
    return this.#counter >= this.#maxFrames - 1
  }

  seal(frame: Uint8Array): Uint8Array {
    if (this.#counter >= this.#maxFrames) throw new RangeError('the key has sealed all it may')
    return this.#crypto.seal(this.#key, numbered(nonce, this.#counter++), nothing, frame)
  }
}

class FrameOpener implements Opener {
  readonly #crypto: Pick<Crypto, 'open'>
  readonly #key: Uint8Array
  readonly #maxFrames: number
  #counter = 0
  #broken = false

  constructor(crypto: Pick<Crypto, 'open'>, key: Uint8Array, maxFrames: number) {
    this.#crypto = crypto
    this.#key = key
    this.#maxFrames = maxFrames
  }

  open(sealed: Uint8Array): Uint8Array | null {
    if (this.#broken || this.#counter >= this.#maxFrames) return null
    const frame = this.#crypto.open(this.#key, numbered(nonce, this.#counter++), nothing, sealed)
    this.#broken = frame === null
    return frame
  }
}

/** 4 zero bytes ‖ 64-bit big-endian counter. */
export function sealingNonce(counter: number): Uint8Array {
  return numbered(new Uint8Array(12), counter)
}

/** Written over: one frame is sealed at a time. */
function numbered(nonce: Uint8Array, counter: number): Uint8Array {
  let rest = counter
  for (let at = 11; at >= 4; at--) {
    nonce[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return nonce
}
