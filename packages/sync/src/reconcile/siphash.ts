/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) in 32-bit halves: keyed 64-bit fingerprints (spec C4).
 *
 *     key 16 ‖ message ─▶ 8 bytes, as two words: the low one, then the high one
 *
 * Written out in one loop because it runs once a watched feed and session: no closure, no BigInt.
 *
 * @module
 */

export const sipKeyBytes = 16

/** The two words of SipHash-2-4 of `bytes`. Throws a RangeError unless the key has 16 bytes. */
export function sipHash(key: Uint8Array, bytes: Uint8Array): Uint32Array {
  return sipHashes(key, bytes, bytes.length, 1)
}

/** The same for `count` messages of `length` bytes that stand one behind the other; two words each. */
export function sipHashes(key: Uint8Array, bytes: Uint8Array, length: number, count: number): Uint32Array {
  if (key.length !== sipKeyBytes) throw new RangeError('a SipHash key has 16 bytes')
  if (length * count > bytes.length) throw new RangeError('fewer bytes than messages')
  const words = new Uint32Array(count * 2)
  const k0l = wordAt(key, 0, 16)
  const k0h = wordAt(key, 4, 16)
  const k1l = wordAt(key, 8, 16)
  const k1h = wordAt(key, 12, 16)
  const lastBlock = length >>> 3
  for (let item = 0; item < count; item++) {
    const start = item * length
    const end = start + length
    let v0l = k0l ^ 0x70736575
    let v0h = k0h ^ 0x736f6d65
    let v1l = k1l ^ 0x6e646f6d
    let v1h = k1h ^ 0x646f7261
    let v2l = k0l ^ 0x6e657261
    let v2h = k0h ^ 0x6c796765
    let v3l = k1l ^ 0x79746573
    let v3h = k1h ^ 0x74656462
    // One block more than there is: the four rounds of the end.
    for (let block = 0; block <= lastBlock + 1; block++) {
      let ml = 0
      let mh = 0
      let rounds = 2
      if (block <= lastBlock) {
        ml = wordAt(bytes, start + block * 8, end)
        mh = wordAt(bytes, start + block * 8 + 4, end)
        if (block === lastBlock) mh |= length << 24
      } else {
        v2l ^= 0xff
        rounds = 4
      }
      v3l ^= ml
      v3h ^= mh
      for (; rounds > 0; rounds--) {
        let sum = (v0l + v1l) | 0
        v0h = (v0h + v1h + (((v0l & v1l) | ((v0l | v1l) & ~sum)) >>> 31)) | 0
        v0l = sum
        let turned = (v1l << 13) | (v1h >>> 19)
        v1h = ((v1h << 13) | (v1l >>> 19)) ^ v0h
        v1l = turned ^ v0l
        turned = v0l
        v0l = v0h
        v0h = turned
        sum = (v2l + v3l) | 0
        v2h = (v2h + v3h + (((v2l & v3l) | ((v2l | v3l) & ~sum)) >>> 31)) | 0
        v2l = sum
        turned = (v3l << 16) | (v3h >>> 16)
        v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h
        v3l = turned ^ v2l
        sum = (v0l + v3l) | 0
        v0h = (v0h + v3h + (((v0l & v3l) | ((v0l | v3l) & ~sum)) >>> 31)) | 0
        v0l = sum
        turned = (v3l << 21) | (v3h >>> 11)
        v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h
        v3l = turned ^ v0l
        sum = (v2l + v1l) | 0
        v2h = (v2h + v1h + (((v2l & v1l) | ((v2l | v1l) & ~sum)) >>> 31)) | 0
        v2l = sum
        turned = (v1l << 17) | (v1h >>> 15)
        v1h = ((v1h << 17) | (v1l >>> 15)) ^ v2h
        v1l = turned ^ v2l
        turned = v2l
        v2l = v2h
        v2h = turned
      }
      v0l ^= ml
      v0h ^= mh
    }
    words[item * 2] = v0l ^ v1l ^ v2l ^ v3l
    words[item * 2 + 1] = v0h ^ v1h ^ v2h ^ v3h
  }
  return words
}

/** Little-endian; bytes from `end` on count as zero. */
function wordAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end) {
    return (
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    )
  }
  let word = 0
  for (let shift = 0; at < end; at++, shift += 8) word |= (bytes[at] as number) << shift
  return word
}
