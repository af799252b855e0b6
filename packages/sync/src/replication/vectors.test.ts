import { createHash } from 'node:crypto'
import { decodeEntry, type Identity, parseUtf8, type RawCid, utf8 } from '@effigy/core'
import { ownVectors } from '@effigy/testkit/node'
import { expect, test } from 'vitest'
import { type BatchVector, makeBatchVectors } from './node/make-vectors.ts'
import { rebuildBatch } from './rebuild.ts'

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())
const vectors = JSON.parse(ownVectors('batch.json')) as BatchVector[]

test('[R5] the committed vectors are what the generator gives', () => {
  expect(makeBatchVectors()).toEqual(vectors)
})

test.for(vectors)('[R5] $name', ({ batch, old, entries, bodies, ...header }) => {
  const result = rebuildBatch(
    Uint8Array.from(batch.match(/../g)!, (byte) => Number.parseInt(byte, 16)),
    {
      ...header,
      identity: header.identity as Identity,
      top: header.top as RawCid,
      sha256,
      oldEntry(length) {
        const decoded = decodeEntry(utf8(old[length] ?? ''), sha256)
        return decoded.ok ? decoded.value.entry : null
      },
    },
  )
  expect(result.ok ? result.value.entries.map(({ bytes }) => parseUtf8(bytes)) : null).toEqual(entries)
  expect(result.ok ? [...result.value.bodies.values()].map(parseUtf8) : null).toEqual(bodies)
})
