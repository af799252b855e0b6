import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isValid, sha256 } from '../../test/world.ts'
import type { Identity } from '../names.ts'
import { readPayload } from '../payloads/payload.ts'
import type { Synod } from '../payloads/schemas/synod.ts'
import { isRootedSynod, synodChecks } from './synod-proof.ts'

interface Row {
  readonly name: string
  readonly of: Identity
  readonly text: string
  readonly rooted: boolean
  readonly signed: boolean
}

const { states } = JSON.parse(
  readFileSync(new URL('../../../../spec/vectors/synod.json', import.meta.url), 'utf8'),
) as { readonly states: readonly Row[] }

function stateOf({ text }: Row): Synod {
  const payload = readPayload(text)
  if (!payload.ok) throw new Error(payload.error.code)
  return payload.value as Synod
}

const verdict = (state: Synod, of: Identity) => ({
  rooted: isRootedSynod(state, of, sha256),
  signed: synodChecks(state).every(isValid),
})

describe('[P14] a stranger proves a state from itself', () => {
  test.for(states)('$name', (row) => {
    expect(verdict(stateOf(row), row.of)).toEqual({ rooted: row.rooted, signed: row.signed })
  })

  test('[T26] [T27] after moves to other words every part counts: with any one changed it is not proven', () => {
    const row = states.find(({ name }) => name === '… and one more') as Row
    const state = stateOf(row)
    const other = 'A'.repeat(43)
    const [first, second, third] = state.moves
    const mutants: Partial<Synod>[] = [
      { root: other as Synod['root'] },
      { origin: other },
      { moves: [second!, third!] },
      { moves: [first!, third!] },
      { moves: [] },
      ...state.moves.flatMap((move, index) =>
        (['root', 'from', 'to', 'next', 'recovery', 'key', 'final'] as const).map((field) => {
          const value = field === 'from' || field === 'to' ? state.identities[0]![0] : other
          const changed = { ...move, [field]: field === 'final' ? null : value }
          return { moves: state.moves.with(index, changed as typeof move) }
        }),
      ),
    ]
    for (const mutant of mutants) {
      const { rooted, signed } = verdict({ ...state, ...mutant }, row.of)
      expect(rooted && signed).toBe(false)
    }
  })
})
