import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isValid, sha256 } from '../../test/world.ts'
import type { Root } from '../account/keys.ts'
import { isRootedSynod, synodChecks } from '../account/synod-proof.ts'
import type { Identity, RawCid } from '../names.ts'
import { readPayload } from '../payloads/payload.ts'
import type { Final, Move, Synod } from '../payloads/schemas/synod.ts'
import { judgeAuthority, standingOf, stateVerdict } from './authority.ts'
import { claimMove, type ProvenState } from './evidence.ts'

interface Row {
  readonly name: string
  readonly states: readonly (Omit<ProvenState, 'state'> & { readonly text: string })[]
  readonly moves: readonly Move[]
  readonly verdict: {
    readonly inPower: Identity
    readonly moves: readonly Identity[]
    readonly current: RawCid | null
    readonly disputed: boolean
    readonly standings: Readonly<Record<Identity, readonly [string, (Final | null)?]>>
    readonly states: Readonly<Record<RawCid, string>>
  }
}

const { root, rows } = JSON.parse(
  readFileSync(new URL('../../../../spec/vectors/synod-authority.json', import.meta.url), 'utf8'),
) as { readonly root: Root; readonly rows: readonly Row[] }

function provenOf({ text, ...place }: Row['states'][number]): ProvenState {
  const payload = readPayload(text)
  if (!payload.ok) throw new Error(payload.error.code)
  return { ...place, state: payload.value as Synod }
}

describe('[Y3] [Y4] [Y5] [Y6] [Y8] what is held, and the verdict', () => {
  test.for(rows)('$name', ({ states, moves, verdict }) => {
    const held = states.map(provenOf)
    for (const order of [held, held.toReversed()]) {
      const judged = judgeAuthority(root, order, sha256, moves)!
      expect(judged.identity).toBe(verdict.inPower)
      expect(judged.moves.map(({ to }) => to)).toEqual(verdict.moves)
      expect(judged.current?.cid ?? null).toBe(verdict.current)
      expect(judged.disputed).toBe(verdict.disputed)
      for (const [identity, [type, final]] of Object.entries(verdict.standings)) {
        const standing = standingOf(judged, identity as Identity)
        expect({ identity, ...standing }).toMatchObject(
          final === undefined ? { identity, type } : { identity, type, final },
        )
      }
      for (const [cid, said] of Object.entries(verdict.states)) {
        expect([cid, stateVerdict(judged, cid as RawCid)]).toEqual([cid, said])
      }
    }
  })

  test.for(rows)('[P14] every state is proven, every move signed: $name', ({ states, moves }) => {
    for (const { identity, state } of states.map(provenOf)) {
      expect(isRootedSynod(state, identity, sha256)).toBe(true)
      expect(synodChecks(state).every(isValid)).toBe(true)
    }
    for (const move of moves) expect(claimMove(move).checks.every(isValid)).toBe(true)
  })
})
