/**
 * Who speaks for an account: the verdict of authority, over the states and moves that are here (spec Y).
 *
 *     proven states of one root ─▶ line of keys ─▶ the state that counts ─▶ standing of each identity
 *
 * Apart from validity, which is over bytes alone: whoever holds equal states and moves comes to the equal verdict,
 * in whatever order they came. No feed is walked for it, because each state is whole.
 *
 * @module
 */
import type { Root } from '../account/keys.ts'
import type { Identity, RawCid } from '../names.ts'
import type { Move } from '../payloads/schemas/synod.ts'
import type { Sha256 } from '../ports.ts'
import { isOfRoot, type ProvenState } from './evidence.ts'
import { followMoves, judgePower, judgeStates, type StateVerdict, statesOnLine } from './line.ts'
import { judgeStandings, type Standing } from './standing.ts'

/** Plain data; equal for whoever holds equal states and moves. */
export interface Authority {
  readonly root: Root
  /** The recovery key of key 0, as every state says it: 32 bytes, base64url. */
  readonly origin: string
  /** The synod key in power, after every move that is known. */
  readonly identity: Identity
  /** From key 0 to the one in power, that included. */
  readonly keys: readonly Identity[]
  /** `moves[n]` leads from `keys[n]` to `keys[n + 1]`. */
  readonly moves: readonly Move[]
  /** The state that counts; null: no state of the key in power is here, or its branches share none. */
  readonly current: ProvenState | null
  /** The key in power signed two chains: its disk was restored, or a thief has it. A move alone ends that (Y5). */
  readonly disputed: boolean
  /** Of every identity that the account ever had, its synod keys too; all others are foreign (`standingOf`). */
  readonly standings: ReadonlyMap<Identity, Standing>
  /** Of every state given (`stateVerdict`). */
  readonly states: ReadonlyMap<RawCid, StateVerdict>
}

/**
 * The verdict over the proven states of one root, and over proven moves that came without one (as trackers serve
 * them). Null when there is no state of that root; those of other roots are passed over.
 */
export function judgeAuthority(
  root: Root,
  states: Iterable<ProvenState>,
  sha256: Sha256,
  moves: Iterable<Move> = [],
): Authority | null {
  const [any, ...others] = [...states].filter(isOfRoot(root))
  if (any === undefined) return null
  const ours = [any, ...others] as const
  const line = followMoves([any, ...others], moves, sha256)
  const identity = line.keys.at(-1) as Identity
  const onLine = statesOnLine(line, ours)
  const { current, contested } = judgePower(onLine.filter((proven) => proven.identity === identity))
  const verdicts = judgeStates(line, onLine, current)
  const standings = judgeStandings({ line, current, contested, history: onLine, verdicts, all: ours })
  const refused = new Map(ours.map(({ cid }): [RawCid, StateVerdict] => [cid, 'refused']))
  return {
    root,
    origin: any.state.origin,
    identity,
    keys: line.keys,
    moves: line.moves,
    current,
    disputed: contested.length > 0,
    standings,
    states: new Map([...refused, ...verdicts]),
  }
}

/** What `identity` is to the account; `foreign` when the account never had it. */
export function standingOf(authority: Authority, identity: Identity): Standing {
  return authority.standings.get(identity) ?? { type: 'foreign' }
}

/** Whether the state that an entry names was one of this account's (Y8); `undecided` for one that was not given. */
export function stateVerdict(authority: Authority, cid: RawCid): StateVerdict {
  return authority.states.get(cid) ?? 'undecided'
}
