/**
 * What one side of a handshake costs the machine itself: libsodium and nothing around it.
 *
 * @module
 */
import { createNodeCrypto } from '@effigy/crypto/node'
import sodium from 'sodium-native'

const rounds = 3_000
const messageBytes = 300

/** A second on one core: a signature, a check of one, a new X25519 key and its agreement. */
export async function nativeSessionRate(): Promise<number> {
  const { randomBytes } = createNodeCrypto()
  const publicKey = new Uint8Array(32)
  const secretKey = new Uint8Array(64)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, randomBytes(32))
  const message = randomBytes(messageBytes)
  const signature = new Uint8Array(64)
  const secret = randomBytes(32)
  const point = new Uint8Array(32)
  const shared = new Uint8Array(32)
  const started = process.cpuUsage()
  for (let round = 0; round < rounds; round++) {
    sodium.crypto_sign_detached(signature, message, secretKey)
    sodium.crypto_sign_verify_detached(signature, message, publicKey)
    sodium.crypto_scalarmult_base(point, secret)
    sodium.crypto_scalarmult(shared, secret, point)
  }
  const { user, system } = process.cpuUsage(started)
  return (rounds * 1e6) / (user + system)
}
