import { concatBytes } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { damaged, mutations, pieces, truncations } from '@effigy/testkit/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNodeCrypto } from './node.ts'
import {
  openStream,
  type ReadCiphertext,
  type StreamSecret,
  sealedStreamBytes,
  sealStream,
  segmentBytes,
} from './stream.ts'

const crypto = createNodeCrypto()
const contentOf = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => at % 251)

async function seal(
  source: Iterable<Uint8Array>,
  accepts?: (segment: Uint8Array) => boolean,
): Promise<{ readonly ciphertext: Uint8Array; readonly secret: StreamSecret }> {
  const sealed: Uint8Array[] = []
  const stream = sealStream(source, accepts === undefined ? { crypto } : { crypto, accepts })
  for (let next = await stream.next(); ; next = await stream.next()) {
    if (next.done === true) return { ciphertext: concatBytes(...sealed), secret: next.value }
    sealed.push(next.value)
  }
}

const readOf =
  (ciphertext: Uint8Array) =>
  ({ offset, length }: Parameters<ReadCiphertext>[0]) => [ciphertext.subarray(offset, offset + length)]

async function open(
  read: ReadCiphertext,
  secret: StreamSecret,
  range: { readonly offset?: number; readonly length?: number } = {},
): Promise<Uint8Array | string> {
  const opened: Uint8Array[] = []
  for await (const piece of openStream(read, { ...secret, ...range, crypto })) {
    if (!piece.ok) return piece.error.code
    opened.push(piece.value)
  }
  return concatBytes(...opened)
}

const content = contentOf(2 * segmentBytes + 300)
const whole = await seal([content])

describe('an encrypted file', () => {
  test('[K7] opens whole, however its pieces come', async () => {
    const halves = await seal([content.subarray(0, 70_000), content.subarray(70_000)])
    const read: ReadCiphertext = (range) => pieces([...readOf(halves.ciphertext)(range)][0] as Uint8Array)
    expect(await open(read, halves.secret)).toEqual(content)
    expect(halves.secret).toMatchObject({ hash: crypto.sha256(content), bytes: content.length })
    expect(halves.ciphertext.length).toBe(sealedStreamBytes(content.length))
  })

  test('[K7] each file has a key of its own', async () => {
    const again = await seal([content])
    expect(again.secret.key).not.toEqual(whole.secret.key)
    expect(again.ciphertext).not.toEqual(whole.ciphertext)
  })

  test('[K7] keys are drawn until the ciphertext is one that may be stored', async () => {
    const seen: Uint8Array[] = []
    const chosen = await seal([content], (segment) => seen.push(segment) === 3)
    expect(seen.length).toBe(3)
    expect(chosen.ciphertext.subarray(0, segmentBytes + 16)).toEqual(seen[2])
    expect(await open(readOf(chosen.ciphertext), chosen.secret)).toEqual(content)
  })

  test('[K7] any range is read, of its segments alone', async () => {
    const offset = fc.nat(content.length + 10)
    await fc.assert(
      fc.asyncProperty(offset, offset, async (from, length) => {
        const asked: number[] = []
        const read: ReadCiphertext = (range) => {
          asked.push(range.length)
          return readOf(whole.ciphertext)(range)
        }
        const range = { offset: from, length }
        expect(await open(read, whole.secret, range)).toEqual(content.slice(from, from + length))
        const most = (Math.ceil(length / segmentBytes) + 1) * (segmentBytes + 16) + 1
        expect(asked.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(most)
      }),
    )
  })

  test('[K7] a segment that is altered does not keep others from being read', async () => {
    const altered = whole.ciphertext.slice()
    altered[segmentBytes + 20] = (altered[segmentBytes + 20] as number) ^ 1
    const read = readOf(altered)
    expect(await open(read, whole.secret)).toBe('altered')
    expect(await open(read, whole.secret, { length: segmentBytes })).toEqual(content.slice(0, segmentBytes))
    expect(await open(read, whole.secret, { offset: segmentBytes, length: 1 })).toBe('altered')
    expect(await open(read, whole.secret, { offset: 2 * segmentBytes })).toEqual(
      content.slice(2 * segmentBytes),
    )
  })

  test('[K7] a range at the end sees that something stands behind it, or is missing', async () => {
    const longer = concatBytes(whole.ciphertext, Uint8Array.of(0))
    expect(await open(readOf(longer), whole.secret, { offset: 2 * segmentBytes })).toBe('length')
    const shorter = whole.ciphertext.subarray(0, -1)
    expect(await open(readOf(shorter), whole.secret, { offset: 2 * segmentBytes })).toBe('length')
  })

  test('[K7] another key, size or hash is refused', async () => {
    const read = readOf(whole.ciphertext)
    const { key, hash, bytes } = whole.secret
    expect(await open(read, { key: hash, hash, bytes })).toBe('altered')
    expect(await open(read, { key, hash: key, bytes })).toBe('hash')
    for (const other of [0, 1, segmentBytes, bytes - 1, bytes + 1, bytes + segmentBytes, 2 ** 53 - 1]) {
      expect(['length', 'altered']).toContain(await open(read, { key, hash, bytes: other }))
    }
  })

  test('[K7] every flipped bit, truncation and damage of a short file is refused', async () => {
    const { ciphertext, secret } = await seal([contentOf(40)])
    for (const mutant of mutations(ciphertext)) expect(await open(readOf(mutant), secret)).toBe('altered')
    for (const cut of truncations(ciphertext)) expect(await open(readOf(cut), secret)).toBe('length')
    for (const mutant of damaged(createRandom('stream'), ciphertext, 200)) {
      const opened = await open(readOf(mutant), secret)
      if (typeof opened !== 'string') expect(mutant).toEqual(ciphertext)
    }
  })

  test('[K7] a source that fails is closed, and its error is ours', async () => {
    let isClosed = false
    async function* failing() {
      try {
        yield contentOf(10)
        throw new Error('disk')
      } finally {
        isClosed = true
      }
    }
    const stream = sealStream(failing(), { crypto })
    await expect(stream.next()).rejects.toThrow('disk')
    expect(isClosed).toBe(true)
  })

  test('[K7] who stops reading closes the source', async () => {
    let isClosed = false
    async function* endless() {
      try {
        for (;;) yield whole.ciphertext
      } finally {
        isClosed = true
      }
    }
    for await (const _ of openStream(endless, { ...whole.secret, crypto })) break
    expect(isClosed).toBe(true)
  })
})
