import { type Entry, identityOfKey, signEntry } from '@effigy/core'
import { beforeAll, describe, expect, test } from 'vitest'
import signatures from '../../../../spec/vectors/ed25519.json' with { type: 'json' }
import { createBrowserCrypto } from '../browser.ts'
import type { Crypto } from '../crypto.ts'
import { createEntryVerifier } from './entry-verifier.ts'
import { createWorkerPool } from './verify-pool.ts'

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

let crypto: Crypto
let entries: Uint8Array[]
/** Each fifth entry is damaged somewhere. */
const expected = Array.from({ length: 300 }, (_, index) => index % 5 !== 0)

beforeAll(async () => {
  crypto = await createBrowserCrypto()
  const signer = await crypto.signer(new Uint8Array(32).fill(7))
  entries = await Promise.all(
    expected.map(async (isValid, index) => {
      const place = {
        identity: identityOfKey(signer.publicKey),
        parent: null,
        length: 1,
        comparable: 1 + index,
      }
      const entry: Entry = { ...place, synod: null, links: [], payload: `{"type":"x-test","at":${index}}` }
      const { bytes } = await signEntry(entry, signer, crypto.sha256)
      const at = (index * 7) % bytes.length
      return isValid ? bytes : bytes.with(at, (bytes[at] as number) ^ 1)
    }),
  )
})

/** Of a program; it counts how many were started, and how often was checked in place. */
function watched(program: string | null) {
  const seen = { workers: 0, inPlace: 0 }
  const startWorker = (): Worker => {
    seen.workers++
    if (program === null) throw new DOMException('not here', 'SecurityError')
    return new Worker(URL.createObjectURL(new Blob([program], { type: 'text/javascript' })), {
      type: 'module',
    })
  }
  const verify: Crypto['verify'] = (checks) => {
    seen.inPlace++
    return crypto.verify(checks)
  }
  return { seen, startWorker, verify }
}

describe('the signatures of many entries', () => {
  test('[F8] [T2] a worker gives the verdicts, and none is checked in place', async () => {
    const { seen, verify } = watched(null)
    await using verifier = createEntryVerifier({ verify })
    expect(await verifier.verifyEntries(entries)).toEqual(expected)
    expect(await verifier.verifyEntries(entries.toReversed())).toEqual(expected.toReversed())
    expect(seen.inPlace).toBe(0)
    // A few are not worth it.
    expect(await verifier.verifyEntries(entries.slice(0, 3))).toEqual(expected.slice(0, 3))
    expect(seen.inPlace).toBe(1)
  })

  test('[K1] [T2] a worker gives the verdicts of the edge cases', async () => {
    await using pool = createWorkerPool({})
    const checks = signatures.cases.map(({ publicKey, message, signature }) => ({
      ...{ publicKey: hex(publicKey), message: hex(message), signature: hex(signature) },
    }))
    expect(await pool.verify(checks)).toEqual(signatures.cases.map(({ valid }) => valid))
  })

  test.each([
    ['cannot be started', null],
    ['do not load', 'import "./nowhere.js"'],
    ['never say that they are ready', ''],
    ['die of what they are given', 'postMessage("ready"); onmessage = () => { throw new Error("dead") }'],
    ['end themselves', 'postMessage("ready"); onmessage = () => close()'],
    [
      'call too much valid',
      'postMessage("ready"); onmessage = () => postMessage(new Uint8Array(999).fill(1))',
    ],
    ['answer something else', 'postMessage("ready"); onmessage = () => postMessage("failed")'],
  ])(
    '[T2] where workers %s all is checked in place, and soon no worker is tried any more',
    async (_, program) => {
      const { seen, startWorker, verify } = watched(program)
      await using verifier = createEntryVerifier({ verify, startWorker, startMs: 200, answerMs: 200 })
      for (let round = 1; round <= 5; round++) {
        expect(await verifier.verifyEntries(entries)).toEqual(expected)
        expect(seen.inPlace).toBe(round)
      }
      expect(seen.workers).toBeLessThanOrEqual(6)
    },
  )

  test('who closes it learns nothing more', async () => {
    const { verify } = watched(null)
    const verifier = createEntryVerifier({ verify })
    const asked = verifier.verifyEntries(entries)
    const closed = expect(asked).rejects.toMatchObject({ code: 'pool-closed' })
    await verifier[Symbol.asyncDispose]()
    await closed
    await expect(verifier.verifyEntries(entries)).rejects.toMatchObject({ code: 'pool-closed' })
  })
})
