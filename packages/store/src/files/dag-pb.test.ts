/** Our reader of dag-pb blocks says what the library says, of what a peer sends too (B3, T3). */
import { cidOfBytes } from '@effigy/core'
import { decode, encode } from '@ipld/dag-pb'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { expect, test } from 'vitest'
import { type DagPb, decodeDagPb } from './dag-pb.ts'

/** What the library says, in our words; null where it throws. */
function byLibrary(bytes: Uint8Array): DagPb | null {
  try {
    const { Data = null, Links } = decode(bytes)
    const links = Links.map(({ Hash, Name = '', Tsize = null }) => ({
      ...{ hash: Hash.bytes, name: Name, size: Tsize },
    }))
    return { data: Data, links }
  } catch {
    return null
  }
}

function isCid(bytes: Uint8Array): boolean {
  try {
    CID.decode(bytes)
    return true
  } catch {
    return false
  }
}

/**
 * The same, but for links that name nothing that could be here. Such the library refuses, or writes in its own way: a CID of
 * longer numbers than it needs becomes another one, which is none of ours.
 */
function expectSame(bytes: Uint8Array): void {
  const ours = decodeDagPb(bytes)
  const theirs = byLibrary(bytes)
  if (theirs === null) {
    if (ours !== null) expect(ours.links.every(({ hash }) => isCid(hash))).toBe(false)
    return
  }
  const isOurs = ours?.links.map(({ hash }) => cidOfBytes(hash) !== null) ?? []
  const known = ({ data, links }: DagPb): DagPb => ({
    data,
    links: links.map((link, at) => (isOurs[at] === true ? link : { ...link, hash: new Uint8Array() })),
  })
  expect(ours === null ? null : known(ours)).toEqual(known(theirs))
}

const cid = fc
  .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom(0x55, 0x70))
  .map(([digest, codec]) => CID.createV1(codec, create(0x12, digest)))
const link = fc.record(
  { Hash: cid, Name: fc.string({ maxLength: 6, unit: 'grapheme' }), Tsize: fc.maxSafeNat() },
  { requiredKeys: ['Hash'] },
)
const block = fc
  .record(
    { Links: fc.array(link, { maxLength: 4 }), Data: fc.uint8Array({ maxLength: 12 }) },
    { requiredKeys: ['Links'] },
  )
  .map(({ Links, ...rest }) => {
    const byName = [...Links].sort((a, b) =>
      Buffer.compare(Buffer.from(a.Name ?? ''), Buffer.from(b.Name ?? '')),
    )
    return encode({ ...rest, Links: byName })
  })

test('[B3] what is dag-pb is read as the library reads it', () => {
  fc.assert(
    fc.property(block, (bytes) => {
      expect(decodeDagPb(bytes)).not.toBeNull()
      expectSame(bytes)
    }),
  )
})

test('[B3] cut off anywhere, with a byte changed, or of chance alone: as the library takes it', () => {
  fc.assert(
    fc.property(block, fc.nat(), fc.nat({ max: 255 }), (bytes, where, value) => {
      expectSame(bytes.subarray(0, where % (bytes.length + 1)))
      const changed = bytes.slice()
      if (changed.length > 0) changed[where % changed.length] = value
      expectSame(changed)
      expectSame(new Uint8Array([...bytes, ...changed]))
    }),
    { numRuns: 500 },
  )
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 1, 2, 8, 10, 18, 24, 26, 34, 128, 255), { maxLength: 24 }),
      (list) => expectSame(Uint8Array.from(list)),
    ),
    { numRuns: 2_000 },
  )
})
