/**
 * Which states of an account are kept when there are too many (spec S30): what verdicts need comes first, so those that
 * go say nothing that another does not. Pure.
 *
 *     ends of keys, the state that counts ─ counted ones, the last key's first ─ refused ones ─▶ 512 │ the rest goes
 *
 * @module
 */
import type { Authority, ProvenState, RawCid } from '@effigy/core'

/**
 * Of one root: an account has at most 17 keys in a row and needs a state for each device that joins or goes. Whoever has
 * its move keys can sign any number of other keys.
 */
export const maxStatesOfRoot = 512

/** The verdict is over exactly these states. */
export function statesBeyond(verdict: Authority, states: readonly ProvenState[]): readonly RawCid[] {
  if (states.length <= maxStatesOfRoot) return []
  const ends = new Set<RawCid>(verdict.moves.flatMap(({ final }) => final?.[2] ?? []))
  if (verdict.current !== null) ends.add(verdict.current.cid)
  const keys = new Map(verdict.keys.map((key, at) => [key, at]))
  const rank = ({ cid }: ProvenState): number =>
    ends.has(cid) ? 0 : verdict.states.get(cid) === 'refused' ? 2 : 1
  const keyAt = ({ identity }: ProvenState): number => keys.get(identity) ?? -1
  return [...states]
    .sort(
      (a, b) => rank(a) - rank(b) || keyAt(b) - keyAt(a) || b.length - a.length || (a.cid > b.cid ? -1 : 1),
    )
    .slice(maxStatesOfRoot)
    .map(({ cid }) => cid)
}
