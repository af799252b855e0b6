/**
 * What the accounts of an identity let its feed do (spec Y7, S33): pure, and one value of each feed's row.
 *
 *     standings in all accounts that have it ─strictest▶ FeedLimit │ null ─refuses▶ heads, entries, own entries
 *
 * @module
 */
import type { Final, Head, HeadRecord, HeadRefusal, Standing } from '@effigy/core'

/** Why a feed takes no more; stable. */
export type LimitCode = HeadRefusal

export type FeedLimit =
  /** The key of a synod in power: its feed knows no epoch but 1. */
  | { readonly type: 'one-epoch' }
  /** Nothing is taken above what is held. */
  | { readonly type: 'frozen' }
  /** The only chain is the one that ends there; with null nothing of it counts. */
  | { readonly type: 'ends'; readonly final: Final | null }

export function limitOf(standing: Standing): FeedLimit | null {
  switch (standing.type) {
    case 'in-power':
      return { type: 'one-epoch' }
    case 'moved':
    case 'revoked':
      return { type: 'ends', final: standing.final }
    case 'frozen':
      return { type: 'frozen' }
    case 'member':
    case 'foreign':
      return null
  }
}

/** Of what several accounts say of one identity the strictest holds: each was given the right by its signature. */
export function strictest(limits: readonly (FeedLimit | null)[]): FeedLimit | null {
  let strict: FeedLimit | null = null
  for (const limit of limits) if (limit !== null && isStricter(limit, strict)) strict = limit
  return strict
}

function isStricter(a: FeedLimit, b: FeedLimit | null): boolean {
  if (b === null || severity(a) !== severity(b)) return b === null || severity(a) > severity(b)
  if (a.type !== 'ends' || b.type !== 'ends' || a.final === null || b.final === null) return false
  const [epochA, lengthA, cidA] = a.final
  const [epochB, lengthB, cidB] = b.final
  return (epochA - epochB || lengthA - lengthB || (cidA < cidB ? -1 : 1)) < 0
}

function severity(limit: FeedLimit): number {
  if (limit.type === 'ends') return limit.final === null ? 4 : 3
  return limit.type === 'frozen' ? 2 : 1
}

export function isSameLimit(a: FeedLimit | null, b: FeedLimit | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** What whoever offers more of such a feed is told; stable. */
export function codeOf(limit: FeedLimit): LimitCode {
  switch (limit.type) {
    case 'one-epoch':
      return 'synod-rebased'
    case 'frozen':
      return 'frozen'
    case 'ends':
      return 'beyond-final'
  }
}

/** Where the only chain of a feed ends; null: it has no such end. */
export function endOf(limit: FeedLimit | null): Final | null {
  return limit?.type === 'ends' ? limit.final : null
}

/** Where the chain of a feed ends as far as is known: at the end that an account set, signed or not (S34), else at its highest head. */
export function chainEnd({
  record,
  limit,
}: {
  readonly record: HeadRecord | null
  readonly limit?: FeedLimit | null
}): Pick<Head, 'epoch' | 'length' | 'head'> | null {
  if (limit?.type !== 'ends') return record?.head ?? null
  if (limit.final === null) return null
  const [epoch, length, head] = limit.final
  return { epoch, length, head }
}

/** A head that nobody signed, or whose signature is not here: named by a state (S34). It never leaves the store. */
export function isUnsigned({ signature }: HeadRecord): boolean {
  return signature.length === 0
}

/** The end of a chain as a head; what a final does not say is 0 until the entry is here. */
export function unsignedHead(identity: Head['identity'], [epoch, length, head]: Final): HeadRecord {
  return { head: { identity, epoch, length, comparable: 0, bytes: 0, head }, signature: new Uint8Array(0) }
}

/**
 * What becomes of a head that is offered, by the limit alone: `open` when the feed's own rules decide. `end`: it is
 * the end itself. `lower`: it says nothing new. `held` is the highest accepted so far.
 */
export function gate(
  limit: FeedLimit,
  offered: Head,
  held: Head | null,
): 'open' | 'end' | 'lower' | 'refused' {
  const { epoch, length, head } = offered
  switch (limit.type) {
    case 'one-epoch':
      return epoch === 1 ? 'open' : 'refused'
    case 'frozen':
      return held !== null && epoch === held.epoch && (length < held.length || head === held.head)
        ? 'lower'
        : 'refused'
    case 'ends': {
      if (limit.final === null) return 'refused'
      const [lastEpoch, lastLength, last] = limit.final
      if (epoch !== lastEpoch || length > lastLength) return 'refused'
      if (length < lastLength) return 'lower'
      return head === last ? 'end' : 'refused'
    }
  }
}

/** Of an entry that came alone: whether it is surely none of what the limit leaves of the feed. */
export function isKeptOut(limit: FeedLimit | null, length: number, heldLength: number): boolean {
  if (limit?.type === 'frozen') return length > heldLength
  return limit?.type === 'ends' && (limit.final === null || length > limit.final[1])
}
