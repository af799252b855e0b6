/**
 * The machine's own rate of checking Ed25519 signatures: libsodium, nothing around it, on so many threads.
 *
 * No signature comes twice within a round of them all: one and the same again and again is a tenth faster, because
 * the processor guesses each of its branches.
 *
 * @module
 */
import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { createNodeCrypto } from '@effigy/crypto/node'
import sodium from 'sodium-native'

const distinct = 4_000
const rounds = 5
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
  return (distinct * rounds * threads) / seconds
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const crypto = createNodeCrypto()
  const signer = await crypto.signer(crypto.randomBytes(32))
  const signed: { readonly message: Uint8Array; readonly signature: Uint8Array }[] = []
  for (let index = 0; index < distinct; index++) {
    const message = crypto.randomBytes(messageBytes)
    signed.push({ message, signature: await signer.signBytes(message) })
  }
  port.on('message', () => {
    for (let round = 0; round < rounds; round++) {
      for (const { message, signature } of signed) {
        sodium.crypto_sign_verify_detached(signature, message, signer.publicKey)
      }
    }
    port.postMessage('done')
  })
  port.postMessage('ready')
}
