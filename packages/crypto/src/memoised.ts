/**
 * A crypto port that remembers verdicts, for simulations: a thousand peers in one
 * process check the same signatures, and the answer is the same each time.
 *
 *     check ─SHA-256 of key ‖ signature ‖ message─▶ known? ─▶ verdict
 *
 * @module
 */
import { concatBytes, type SignatureCheck } from '@effigy/core'
import type { Crypto } from './crypto.ts'

export interface MemoisedCryptoOptions {
  /** Verdicts kept; the oldest go first. */
  readonly limit?: number
}

const defaultLimit = 100_000

/** `crypto` with verdicts remembered; everything else is passed through. */
export function createMemoisedCrypto(
  crypto: Crypto,
  { limit = defaultLimit }: MemoisedCryptoOptions = {},
): Crypto {
  const verdicts = new Map<string, boolean>()

  function remember(name: string, verdict: boolean): void {
    if (verdicts.size >= limit) {
      for (const oldest of verdicts.keys()) {
        verdicts.delete(oldest)
        break
      }
    }
    verdicts.set(name, verdict)
  }

  /** Lengths are part of the name, so that no two checks share one. */
  function nameOf({ publicKey, signature, message }: SignatureCheck): string {
    const lengths = new Uint8Array(new Uint32Array([publicKey.length, signature.length]).buffer)
    const digest = crypto.sha256(concatBytes(lengths, publicKey, signature, message))
    return String.fromCharCode(...digest)
  }

  async function verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]> {
    const names = checks.map(nameOf)
    const answers = names.map((name) => verdicts.get(name))
    const unknown = [...answers.keys()].filter((index) => answers[index] === undefined)
    const fresh = await crypto.verify(unknown.map((index) => checks[index] as SignatureCheck))
    for (const [at, index] of unknown.entries()) {
      const verdict = fresh[at] === true
      answers[index] = verdict
      remember(names[index] as string, verdict)
    }
    return answers.map((answer) => answer === true)
  }

  return { ...crypto, name: `memoised ${crypto.name}`, verify }
}
