/**
 * What each identity is to an account (spec Y6), and what that lets its feed do (spec Y7).
 *
 *     state that counts ─▶ member │ revoked
 *     states before it  ─▶ revoked │ frozen
 *     line of keys      ─▶ in-power │ moved        Move > final > remembered highest
 *
 * @module
 */
import type { Head } from '../head-record.ts'
import type { Identity, RawCid } from '../names.ts'
import type { Final, SynodMember } from '../payloads/schemas/synod.ts'
import type { ProvenState } from './evidence.ts'
import type { Line, StateVerdict } from './line.ts'

export type Standing =
  /** The synod key that counts; its feed knows no epoch but 1. */
  | { readonly type: 'in-power' }
  /** A synod key before it: its only chain ends at `final`; with null nothing of it counts. */
  | { readonly type: 'moved'; readonly to: Identity; readonly final: Final | null }
  | { readonly type: 'member'; readonly member: SynodMember }
  /** As `moved`, said by the state that counts, or by the last that spoke of it. */
  | { readonly type: 'revoked'; readonly final: Final | null }
  /** Once a member, now in neither list, or contested: what is held stays, nothing is added. */
  | { readonly type: 'frozen' }
  | { readonly type: 'foreign' }

export interface StandingEvidence {
  readonly line: Line
  readonly current: ProvenState | null
  readonly contested: readonly ProvenState[]
  /** On the line, oldest first. */
  readonly history: readonly ProvenState[]
  readonly verdicts: ReadonlyMap<RawCid, StateVerdict>
  /** Every proven state of the root, on the line or not: by them devices agreed to belong to it. */
  readonly all: readonly ProvenState[]
}

/** The standing of every identity that the account ever had. */
export function judgeStandings(evidence: StandingEvidence): ReadonlyMap<Identity, Standing> {
  const { line, current, contested, all } = evidence
  const standings = new Map<Identity, Standing>()
  // Anybody can revoke anybody: only whose own signature ties it to this root is the account's to revoke (P14).
  const agreed = new Set(all.flatMap(({ state }) => state.identities.map(([identity]) => identity)))
  const say = (identity: Identity, standing: Standing) => {
    if (!standings.has(identity) && agreed.has(identity)) standings.set(identity, standing)
  }
  for (const { from, to, final } of line.moves) {
    // The root names key 0 without having asked it: its own feed says that it is the account's (T27). All later keys
    // signed the move that leads to them.
    if (from === line.keys[0] && !all.some(({ identity }) => identity === from)) continue
    // A synod's feed knows no epoch but 1: a final that says another ends no chain of it.
    standings.set(from, { type: 'moved', to, final: final?.[0] === 1 ? final : null })
  }
  standings.set(line.keys.at(-1) as Identity, { type: 'in-power' })

  for (const [identity, standing] of contestedStandings(contested, current)) say(identity, standing)
  for (const member of current?.state.identities ?? []) say(member[0], { type: 'member', member })
  for (const [identity, final] of current?.state.revoked ?? []) say(identity, { type: 'revoked', final })
  for (const { state } of past(evidence)) {
    for (const [identity, final] of state.revoked) say(identity, { type: 'revoked', final })
    for (const [identity] of state.identities) say(identity, { type: 'frozen' })
  }
  return standings
}

/**
 * Y6, of a disputed feed: what any branch says against a device counts, what one alone says for it does not. So
 * neither a restored disk nor a thief brings back who was revoked.
 */
function contestedStandings(
  contested: readonly ProvenState[],
  current: ProvenState | null,
): ReadonlyMap<Identity, Standing> {
  const standings = new Map<Identity, Standing>()
  if (contested.length === 0) return standings
  const shared = new Set(current?.state.identities.map(([identity]) => identity))
  const branches = new Map<Identity, number>([...shared].map((identity) => [identity, 0]))
  for (const { state } of contested) {
    for (const [identity] of state.identities) branches.set(identity, (branches.get(identity) ?? 0) + 1)
  }
  for (const [identity, count] of branches) {
    if (count < contested.length || !shared.has(identity)) standings.set(identity, { type: 'frozen' })
  }
  const revocations = Map.groupBy(
    contested.flatMap(({ state }) => state.revoked),
    ([identity]) => identity,
  )
  for (const [identity, said] of revocations) {
    const finals = new Map(said.map(([, final]) => [JSON.stringify(final), final]))
    const [final = null] = finals.values()
    standings.set(identity, finals.size === 1 ? { type: 'revoked', final } : { type: 'frozen' })
  }
  // Over that what all branches began with.
  for (const [identity, final] of current?.state.revoked ?? []) {
    standings.set(identity, { type: 'revoked', final })
  }
  return standings
}

/** Newest first: counted states; of the key in power also those that are not told from another branch yet. */
function past({ line, history, verdicts }: StandingEvidence): readonly ProvenState[] {
  const inPower = line.keys.at(-1)
  return history
    .filter(({ identity, cid }) => {
      const verdict = verdicts.get(cid)
      return verdict === 'counted' || (identity === inPower && verdict === 'undecided')
    })
    .reverse()
}

/** The head of a feed as far as a standing asks about it. */
export type HeadPlace = Pick<Head, 'epoch' | 'length' | 'head'>

/**
 * Why a standing keeps a head out; null when it does not. `held` is the highest head accepted so far, by which a
 * frozen feed is measured.
 */
export type HeadRefusal = 'beyond-final' | 'frozen' | 'synod-rebased'

/** Y7: whether a feed may show this head. A chain that has it must still end at the final, if there is one. */
export function refuseHead(
  offered: HeadPlace,
  standing: Standing,
  held: HeadPlace | null,
): HeadRefusal | null {
  switch (standing.type) {
    case 'in-power':
      return offered.epoch === 1 ? null : 'synod-rebased'
    case 'moved':
    case 'revoked':
      return isBeyondFinal(offered, standing.final) ? 'beyond-final' : null
    case 'frozen':
      return held !== null && isWithin(offered, held) ? null : 'frozen'
    case 'member':
    case 'foreign':
      return null
  }
}

/**
 * Whether a head cannot be on the chain that `final` ends, whatever epochs were seen; with null every head is
 * beyond. One below the final may still be on another branch: the parents from the final tell.
 */
export function isBeyondFinal(offered: HeadPlace, final: Final | null): boolean {
  if (final === null) return true
  const [epoch, length, head] = final
  return !isWithin(offered, { epoch, length, head })
}

function isWithin(offered: HeadPlace, end: HeadPlace): boolean {
  if (offered.epoch !== end.epoch) return false
  return offered.length < end.length || (offered.length === end.length && offered.head === end.head)
}
