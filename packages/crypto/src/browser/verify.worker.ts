/**
 * A worker that checks signatures for another one: packed parts in, one byte a verdict out (verify-pool.ts).
 *
 *     ready ─▶ part ─▶ verdicts, in the order of the parts
 *
 * It proves its own verifier first, and takes noble's where WebCrypto has other verdicts than the strict rule (spec K1, K2).
 *
 * @module
 */
import '@effigy/core/disposal'
import type { SignatureCheck } from '@effigy/core'
// Not all of core: it is to start at once.
import { judgedEntryCheck } from '@effigy/core/judged-check'
import type { Crypto } from '../crypto.ts'
import { passesSignatureCases } from '../self-test-verify.ts'
import { createNobleSignatures } from '../strict-noble.ts'
import { type Part, unpackChecks, unpackEntries } from '../verify-pack.ts'
import { createWebVerify } from './web-verify.ts'

const verifier = provenVerifier()
let turn: Promise<unknown> = verifier.then(() => postMessage('ready'))

addEventListener('message', ({ data: part }: MessageEvent<Part>) => {
  const answer = async (): Promise<void> => {
    const verify = await verifier
    const verdicts = Uint8Array.from(await verify(checksOf(part)), (isValid) => (isValid ? 1 : 0))
    postMessage(verdicts, [verdicts.buffer])
  }
  // What fails here is no verdict: whoever asked learns that there is none.
  turn = turn.then(answer).catch(() => postMessage('failed'))
})

function checksOf({ type, packed }: Part): readonly SignatureCheck[] {
  return type === 'checks' ? [...unpackChecks(packed)] : Array.from(unpackEntries(packed), judgedEntryCheck)
}

async function provenVerifier(): Promise<Crypto['verify']> {
  const noble = createNobleSignatures()
  const { subtle }: { readonly subtle?: SubtleCrypto } = globalThis.crypto
  const web = subtle === undefined ? null : createWebVerify(subtle, noble.isSoundKey)
  const isSound = web !== null && (await passesSignatureCases(web).catch(() => false))
  return isSound ? web : async (checks) => checks.map(noble.verify)
}
