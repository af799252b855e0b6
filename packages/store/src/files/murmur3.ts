/**
 * MurmurHash3 x64, first 64 bits: where a name stands in a sharded directory (spec B4). Not for security.
 *
 * @module
 */

const mask = 0xffff_ffff_ffff_ffffn
const c1 = 0x87c3_7b91_1142_53d5n
const c2 = 0x4cf5_ad43_2745_937fn

/** Eight bytes, the most significant first. Seed 0. */
export function murmur3x64(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tail = bytes.length - (bytes.length % 16)
  let h1 = 0n
  let h2 = 0n
  for (let at = 0; at < tail; at += 16) {
    h1 ^= mixFirst(view.getBigUint64(at, true))
    h1 = (((rotate(h1, 27n) + h2) & mask) * 5n + 0x52dce729n) & mask
    h2 ^= mixSecond(view.getBigUint64(at + 8, true))
    h2 = (((rotate(h2, 31n) + h1) & mask) * 5n + 0x38495ab5n) & mask
  }
  let k1 = 0n
  let k2 = 0n
  for (let at = bytes.length - 1; at >= tail; at--) {
    const byte = BigInt(bytes[at] ?? 0)
    if (at - tail >= 8) k2 = (k2 << 8n) | byte
    else k1 = (k1 << 8n) | byte
  }
  h2 ^= mixSecond(k2)
  h1 ^= mixFirst(k1)
  const length = BigInt(bytes.length)
  h1 ^= length
  h2 ^= length
  h1 = (h1 + h2) & mask
  h2 = (h2 + h1) & mask
  const hash = new Uint8Array(8)
  new DataView(hash.buffer).setBigUint64(0, (finish(h1) + finish(h2)) & mask)
  return hash
}

function mixFirst(k: bigint): bigint {
  return (rotate((k * c1) & mask, 31n) * c2) & mask
}

function mixSecond(k: bigint): bigint {
  return (rotate((k * c2) & mask, 33n) * c1) & mask
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & mask
}

function finish(h: bigint): bigint {
  let value = h ^ (h >> 33n)
  value = (value * 0xff51_afd7_ed55_8ccdn) & mask
  value ^= value >> 33n
  value = (value * 0xc4ce_b9fe_1a85_ec53n) & mask
  return value ^ (value >> 33n)
}
