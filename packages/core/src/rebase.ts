/**
 * Rebase: deleting or editing in place rewrites the chain above the first change
 * under the next epoch (spec F10). Payloads stay as they are, so
 * content ids stay; parent, length, where needed comparable, and signatures change.
 *
 *     1 ─ 2 ─ [3] ─ 4 ─ 5      delete 3      1 ─ 2 ─ 4′ ─ 5′   (epoch + 1)
 *
 * @module
 */
import { type Entry, type Link, type SignedEntry, signEntry } from './entry.ts'
import { type ChainPoint, chainPoint } from './feed.ts'
import type { RawCid } from './names.ts'
import type { Sha256, Signer } from './ports.ts'

/** What happens to one entry of the old chain. */
export type RebaseEdit =
  | { readonly type: 'delete' }
  | { readonly type: 'replace'; readonly payload: string; readonly links: readonly Link[] }

export interface RebasePlan {
  /** The last entry that stays as it is; null when the chain is rewritten from its start. */
  readonly base: ChainPoint | null
  /** The entries above it, still without parent and signature. */
  readonly drafts: readonly RebaseDraft[]
}

export interface RebaseDraft {
  readonly comparable: number
  readonly synod: Entry['synod']
  readonly links: readonly Link[]
  readonly payload: string
  /** The position in the old chain when the payload is unchanged, else null. */
  readonly oldLength: number | null
}

/**
 * Plans a rebase of a whole chain, oldest entry first. When nothing would be
 * left, `voidPayload` is the one entry that an emptied feed holds (F10).
 * Null when no edit names an entry of the chain.
 */
export function planRebase(
  chain: Iterable<SignedEntry>,
  edits: ReadonlyMap<RawCid, RebaseEdit>,
  voidPayload: string,
): RebasePlan | null {
  let base: ChainPoint | null = null
  let changed = false
  let newest: Entry | null = null
  const drafts: RebaseDraft[] = []
  for (const signed of chain) {
    const edit = edits.get(signed.cid)
    newest = signed.entry
    if (edit === undefined && !changed) {
      base = chainPoint(signed)
      continue
    }
    changed = true
    if (edit?.type === 'delete') continue
    const { comparable, synod, length } = signed.entry
    const { payload, links } = edit ?? signed.entry
    // Taking entries out never brings two comparables into the wrong order, so each keeps its own.
    drafts.push({ comparable, synod, links, payload, oldLength: edit === undefined ? length : null })
  }
  if (!changed || newest === null) return null
  if (base === null && drafts.length === 0) {
    const { comparable, synod } = newest
    drafts.push({ comparable, synod, links: [], payload: voidPayload, oldLength: null })
  }
  return { base, drafts }
}

/** Seals a signed entry of one's own (E9); throws a RangeError when it is too large for that. */
export type SealOwn = (signed: SignedEntry) => SignedEntry

/**
 * Signs the rewritten entries, oldest first, each over the one before it; in a private feed each is sealed.
 * @throws RangeError when a replaced payload makes an entry too large.
 */
export async function* signRebase(
  plan: RebasePlan,
  signer: Signer,
  identity: Entry['identity'],
  sha256: Sha256,
  seal: SealOwn | null = null,
): AsyncGenerator<SignedEntry> {
  let below = plan.base
  for (const { comparable, synod, links, payload } of plan.drafts) {
    const entry: Entry = {
      identity,
      parent: below?.cid ?? null,
      length: (below?.length ?? 0) + 1,
      comparable: Math.max(comparable, (below?.comparable ?? 0) + 1),
      synod,
      links,
      payload,
    }
    const bare = await signEntry(entry, signer, sha256)
    const signed = seal?.(bare) ?? bare
    below = chainPoint(signed)
    yield signed
  }
}
