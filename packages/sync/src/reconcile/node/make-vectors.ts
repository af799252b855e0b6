/**
 * Writes `spec/vectors/reconcile.json`: `node packages/sync/src/reconcile/node/make-vectors.ts`.
 *
 * Always the same file: chance is seeded. The test compares it with what is committed. The 64 values
 * of SipHash-2-4 are its authors' own (`vectors_sip64`), and are not made here.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Head, identityOfKey, rawCidOfDigest } from '@effigy/core'
import { headDigest } from '@effigy/store'
import { createRandom } from '@effigy/testkit'
import { createCellMaker, encodeCells } from '../cells.ts'
import { encodePrints, hashPrints, printsOf } from '../prints.ts'

export interface ReconcileVectors {
  /** Key 00 … 0f; the message of n bytes is 00, 01, … */
  readonly siphash: readonly string[]
  readonly heads: readonly {
    readonly identity: string
    readonly epoch: number
    readonly head: string
    /** Hex. */
    readonly digest: string
  }[]
  readonly sets: readonly {
    readonly name: string
    /** Hex, 16 bytes. */
    readonly key: string
    /** Hex, 16 bytes each. */
    readonly digests: readonly string[]
    /** Hex, 8 bytes each, in the order of the digests. */
    readonly prints: readonly string[]
    /** Hex, 16 bytes. */
    readonly hash: string
    /** Hex: the first cells. */
    readonly count: number
    readonly cells: string
  }[]
}

const file = new URL('../../../../../spec/vectors/reconcile.json', import.meta.url)

export const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest())

export function makeReconcileVectors(siphash: readonly string[]): ReconcileVectors {
  const random = createRandom('reconcile vectors')
  const heads = [1, 2, 300, 2 ** 31].map((epoch) => {
    const identity = identityOfKey(random.bytes(32))
    const head = rawCidOfDigest(random.bytes(32))
    return { identity, epoch, head, digest: hex(headDigest({ identity, epoch, head } as Head, sha256)) }
  })
  const sets = [0, 1, 2, 3, 40].map((size) => {
    const key = random.bytes(16)
    const digests = random.bytes(16 * size)
    const prints = printsOf(key, digests)
    const maker = createCellMaker(prints)
    const count = 12
    maker.extend(count)
    return {
      name: `${size} heads`,
      key: hex(key),
      digests: pieces(digests, 16),
      prints: pieces(encodePrints(prints), 8),
      hash: hex(hashPrints(prints, sha256)),
      count,
      cells: hex(encodeCells(maker.cells, size, 0, count)),
    }
  })
  return { siphash, heads, sets }
}

function pieces(bytes: Uint8Array, length: number): string[] {
  return Array.from({ length: bytes.length / length }, (_, index) =>
    hex(bytes.subarray(index * length, (index + 1) * length)),
  )
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { readFileSync } = await import('node:fs')
  const { siphash } = JSON.parse(readFileSync(file, 'utf8')) as ReconcileVectors
  writeFileSync(file, `${JSON.stringify(makeReconcileVectors(siphash), null, 1)}\n`)
}
