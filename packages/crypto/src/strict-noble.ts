/**
 * The strict Ed25519 rule (spec K1) over noble's points: the reference that the
 * other backends are compared with, and the fallback where there are none.
 *
 * @module
 */
import type { SignatureCheck } from '@effigy/core'
import { concatBytes, equalBytes } from '@effigy/core'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { rememberByKey } from './key-table.ts'
import { mayBeSignature, publicKeyLength } from './strict.ts'

type Point = InstanceType<typeof ed25519.Point>

const { Point } = ed25519

export interface NobleSignatures {
  isSoundKey(publicKey: Uint8Array): boolean
  verify(check: SignatureCheck): boolean
}

export function createNobleSignatures(): NobleSignatures {
  const soundPoint = rememberByKey(parseSoundPoint)
  return {
    isSoundKey: (publicKey) => publicKey.length === publicKeyLength && soundPoint(publicKey) !== null,
    verify(check) {
      if (!mayBeSignature(check)) return false
      const point = soundPoint(check.publicKey)
      return point !== null && isEquationTrue(point, check)
    },
  }
}

/** The point of a canonical, torsion-free encoding that is not of small order, or null. */
function parseSoundPoint(publicKey: Uint8Array): Point | null {
  try {
    const point = Point.fromBytes(publicKey, false)
    return !point.isSmallOrder() && point.isTorsionFree() ? point : null
  } catch {
    return null
  }
}

/** Cofactorless: the bytes of [S]B − [k]A against R. S is below the order already. */
function isEquationTrue(point: Point, { publicKey, message, signature }: SignatureCheck): boolean {
  const commitment = signature.subarray(0, 32)
  const k = Point.Fn.create(littleEndian(sha512(concatBytes(commitment, publicKey, message))))
  const s = littleEndian(signature.subarray(32))
  const expected = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k))
  return equalBytes(expected.toBytes(), commitment)
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = bytes.length - 8; at >= 0; at -= 8) value = (value << 64n) | view.getBigUint64(at, true)
  return value
}
