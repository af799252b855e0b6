/**
 * A phrase as shares, and back (spec Z20 to Z22): Shamir's scheme over what the words stand for and a check of it.
 *
 *     entropy ‖ check ─split▶ share 1 … share n       any k of them ─join▶ entropy, and which of the others are false
 *
 * The scheme gives something for any k shares, and says nothing of what is wrong with them; the check does.
 *
 * @module
 */
import { concatBytes, equalBytes, err, maxCustodians, ok, type Result, type Sha256, utf8 } from '@effigy/core'
import { combine, split } from 'shamir-secret-sharing'
import { checkBytes, type ShareSet, shareBytes } from './share.ts'

export interface Joined {
  /** 16 or 32 bytes: the words (`phraseOfEntropy`). A secret. */
  readonly entropy: Uint8Array
  /** Indexes of shares that are not of this secret. */
  readonly wrong: readonly number[]
}

/** `too-few`: fewer than the threshold; `damaged`: no such number of them fits together, and nobody can say which lie. */
export interface JoinFault {
  readonly code: 'too-few' | 'damaged'
}

/** Choices of k shares that are tried: all of 16 are at most 12,870. */
const maxTries = 16_384

const checkPrefix = utf8('effigy/recovery/1\n')

/** `count` shares of 33 or 49 bytes; the scheme draws from the platform's own randomness. Throws on a bad `ShareSet`. */
export async function splitEntropy(
  entropy: Uint8Array,
  { set, threshold, count }: ShareSet,
  sha256: Sha256,
): Promise<readonly Uint8Array[]> {
  if (entropy.length !== 16 && entropy.length !== 32) throw new TypeError('entropy has 16 or 32 bytes')
  if (threshold < 2 || threshold > count || count > maxCustodians) {
    throw new RangeError(`2 to ${maxCustodians} shares, and at most all of them needed`)
  }
  return split(concatBytes(entropy, checkOf(set, entropy, sha256)), count, threshold)
}

/**
 * The secret of which at least `threshold` shares are, whoever else lies: choices of that many are tried in turn. With
 * exactly the threshold and one lie nobody can be named.
 */
export async function joinShares(
  shares: readonly Uint8Array[],
  { set, threshold }: Pick<ShareSet, 'set' | 'threshold'>,
  sha256: Sha256,
): Promise<Result<Joined, JoinFault>> {
  if (shares.length < threshold) return err({ code: 'too-few' })
  let best: Joined | null = null
  let tries = 0
  for (const choice of choices(Math.min(shares.length, maxCustodians), threshold)) {
    if (++tries > maxTries) break
    const chosen = choice.map((index) => shares[index] as Uint8Array)
    const entropy = await secretOf(chosen, set, sha256)
    if (entropy === null) continue
    const wrong: number[] = []
    for (const [index, share] of shares.entries()) {
      if (choice.includes(index)) continue
      // On the curve of the others: with any k - 1 of them it gives the same.
      const same = await secretOf([share, ...chosen.slice(1)], set, sha256)
      if (same === null || !equalBytes(same, entropy)) wrong.push(index)
    }
    // Lies that cancel each other out give the secret too, and would name the others.
    if (best === null || wrong.length < best.wrong.length) best = { entropy, wrong }
    if (wrong.length === 0) break
  }
  return best === null ? err({ code: 'damaged' }) : ok(best)
}

/** Null: what these give is no secret of this splitting. */
async function secretOf(
  shares: readonly Uint8Array[],
  set: string,
  sha256: Sha256,
): Promise<Uint8Array | null> {
  const [first] = shares
  const length = first?.length ?? 0
  if (length !== shareBytes(16) && length !== shareBytes(32)) return null
  if (shares.some((share) => share.length !== length)) return null
  // The same place twice: somebody hands on another one's share.
  if (new Set(shares.map((share) => share[length - 1])).size !== shares.length) return null
  const secret = await combine([...shares])
  const entropy = secret.slice(0, -checkBytes)
  return equalBytes(secret.subarray(-checkBytes), checkOf(set, entropy, sha256)) ? entropy : null
}

function checkOf(set: string, entropy: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(checkPrefix, utf8(`${set}\n`), entropy)).subarray(0, checkBytes)
}

/** Each choice of `size` indexes below `count`, ascending. */
function* choices(count: number, size: number, from = 0): Generator<readonly number[]> {
  if (size === 0) {
    yield []
    return
  }
  for (let first = from; first <= count - size; first++) {
    for (const rest of choices(count, size - 1, first + 1)) yield [first, ...rest]
  }
}
