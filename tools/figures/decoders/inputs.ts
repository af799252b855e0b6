/**
 * What decoders are fed: valid samples damaged in every way, and what was never valid.
 *
 *     samples ─┬ damaged bytes, truncated       random bytes
 *              └ JSON inside it twisted         hostile JSON
 *
 * @module
 */
import { damaged, hostileJson, type Random, randomInputs } from '@effigy/testkit'

/** Bytes from which on an input is large. */
const largeLength = 16_384

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** Endless; the same for the same seed. The samples may not be empty. */
export function* inputsFrom(samples: readonly Uint8Array[], random: Random): Generator<Uint8Array> {
  let hostile = hostileJson(random)
  for (;;) {
    const sample = random.pick(samples)
    switch (random.integer(10)) {
      case 0:
        yield* randomInputs(random, 1, 4096)
        break
      case 1: {
        const next = hostile.next()
        if (next.done === true) hostile = hostileJson(random)
        // The large ones cost thousands of others, and the tests of the strict reader have them all.
        else if (next.value.bytes.length < largeLength || random.chance(0.02)) yield next.value.bytes
        break
      }
      case 2:
        yield sample.slice(0, random.integer(sample.length + 1))
        break
      case 3:
      case 4:
      case 5:
        yield twisted(sample, random)
        break
      default:
        yield* damaged(random, sample, 1)
    }
  }
}

/** Values of every shape that a field should not have, or only just. */
const oddValues: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => -1,
  () => 0,
  () => 2 ** 53,
  () => 1.5,
  () => 1e308,
  () => '',
  () => 'x'.repeat(5_000),
  () => '\ud800',
  () => '\u202e\u0000',
  () => 'did:key:z6Mk',
  () => 'bafkrei',
  () => [],
  () => Array(1_200).fill(1),
  () => ({}),
  () => ({ type: 'public_note' }),
  () => JSON.parse('{"__proto__":{"polluted":true}}'),
  () => JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`),
]

/** The JSON at the front with one place changed, what follows it as it was; the sample itself when there is none. */
export function twisted(sample: Uint8Array, random: Random): Uint8Array {
  const end = sample.indexOf(0x0a)
  const json = end < 0 ? sample : sample.subarray(0, end)
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(json))
  } catch {
    return sample.slice()
  }
  const text = encoder.encode(JSON.stringify(twist(value, random)))
  const out = new Uint8Array(text.length + sample.length - json.length)
  out.set(text)
  out.set(sample.subarray(json.length), text.length)
  return out
}

function twist(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.05)) return random.pick(oddValues)()
  const keys = Object.keys(value)
  const entries = Object.entries(value)
  if (keys.length === 0) return random.pick(oddValues)()
  const at = random.integer(keys.length)
  switch (random.integer(8)) {
    case 0:
      entries.splice(at, 1)
      break
    case 1:
      entries.splice(at, 0, [`extra${random.integer(10)}`, random.pick(oddValues)()])
      break
    case 2:
      entries.push(...entries.splice(at, 1))
      break
    default: {
      const entry = entries[at]
      if (entry !== undefined) entry[1] = twist(entry[1], random)
    }
  }
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}
