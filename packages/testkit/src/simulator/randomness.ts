/**
 * The platform's chance, taken from the seed while a run lasts: libraries that ask the platform itself
 * (age makes its file keys so) would make no two runs alike.
 *
 * @module
 */
import { createRandom } from '../seed.ts'

/** Until disposed; for the whole process. */
export function seedGlobalRandomness(seed: string): Disposable {
  const random = createRandom(`${seed}/platform`)
  const { crypto } = globalThis
  const getRandomValues = crypto.getRandomValues.bind(crypto)
  const mathRandom = Math.random
  crypto.getRandomValues = <Values extends ArrayBufferView>(values: Values): Values => {
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(random.bytes(values.byteLength))
    return values
  }
  Math.random = () => random.integer(2 ** 53) / 2 ** 53
  return {
    [Symbol.dispose]() {
      crypto.getRandomValues = getRandomValues
      Math.random = mathRandom
    },
  }
}
