/**
 * The machine's own rate of checking Ed25519 signatures: libsodium, nothing around it, on so many threads.
 *
 * @module
 */
import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { createNodeCrypto } from '@effigy/crypto/node'
import sodium from 'sodium-native'

const rounds = 20_000
const messageBytes = 600

/** Signatures a second, all threads together. */
export async function nativeVerifyRate(threads: number): Promise<number> {
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url)))
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  const started = performance.now()
  await Promise.all(
    workers.map((worker) => {
      worker.postMessage('go')
      return once(worker, 'message')
    }),
  )
  const seconds = (performance.now() - started) / 1000
  await Promise.all(workers.map((worker) => worker.terminate()))
  return (rounds * threads) / seconds
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const crypto = createNodeCrypto()
  const signer = await crypto.signer(crypto.randomBytes(32))
  const message = crypto.randomBytes(messageBytes)
  const signature = await signer.signBytes(message)
  port.on('message', () => {
    for (let round = 0; round < rounds; round++) {
      sodium.crypto_sign_verify_detached(signature, message, signer.publicKey)
    }
    port.postMessage('done')
  })
  port.postMessage('ready')
}
