/**
 * Every decoder meets N inputs, valid ones damaged and hostile ones made (RELIABILITY, figures; [T3], [T16]).
 *
 *     samples ─▶ inputs ─▶ decode ─▶ a value, whatever it is; thrown: a failure
 *
 * @module
 */
import { createRandom } from '@effigy/testkit'
import { createFailures, type Figure, replay } from '../figure.ts'
import { inputsFrom } from './inputs.ts'
import { type Decoder, listDecoders } from './list.ts'

/** Inputs between two turns of the event loop. */
const turnLength = 2_000

/** Characters of an input that a failure shows; the rest is replayed from the seed. */
const shownLength = 600

export const decoders: Figure = {
  name: 'decoders',
  what: 'damaged, twisted, truncated, random and hostile inputs to every decoder: none throws [T3] [T16]',
  unit: 'inputs each',
  short: 100_000,
  long: 2_000_000,
  notCovered:
    'each of the 20 payload types and 14 batches takes a tenth of N, each of the 28 frames a twentieth, each of 6 states of the handshake, CAR and the settings of the hub a tenth, age a fiftieth',
  async run({ n, seed, tell = () => {} }) {
    const failures = createFailures()
    const list = await listDecoders()
    let inputs = 0
    let thrown = 0
    let slowestUs = 0
    const before = Object.getOwnPropertyNames(Object.prototype).length
    for (const [index, decoder] of list.entries()) {
      const random = createRandom(`${seed}/${decoder.name}`)
      const count = Math.ceil(n * decoder.share)
      let tried = 0
      for (const input of inputsFrom(decoder.samples, random)) {
        if (tried === count) break
        tried++
        const started = performance.now()
        const judged = throwsAt(decoder, input)
        const failure = judged instanceof Promise ? await judged : judged
        const us = Math.round((performance.now() - started) * 1000)
        slowestUs = Math.max(slowestUs, us)
        if (failure !== null) {
          thrown++
          const shown = Buffer.from(input).toString('base64').slice(0, shownLength)
          failures.add(
            `${decoder.name}, input ${tried}: ${failure}\n  ${shown}\n  ${replay('decoders', n, seed)}`,
          )
        }
        if (tried % turnLength === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      inputs += tried
      tell(Math.round((n * (index + 1)) / list.length))
    }
    if (Object.getOwnPropertyNames(Object.prototype).length !== before || 'polluted' in {}) {
      failures.add('Object.prototype was changed')
    }
    return {
      counts: { thrown, decoders: list.length, inputs, 'µs for the slowest input': slowestUs },
      failures: failures.list,
    }
  },
}

/** What was thrown or rejected, or null. */
function throwsAt({ decode }: Decoder, input: Uint8Array): string | null | Promise<string | null> {
  try {
    const result = decode(input)
    // Awaiting what is no promise would cost more than most decoders.
    return result instanceof Promise ? result.then(() => null, told) : null
  } catch (cause) {
    return told(cause)
  }
}

const told = (cause: unknown): string =>
  cause instanceof Error ? (cause.stack ?? String(cause)).split('\n').slice(0, 4).join(' ') : String(cause)
