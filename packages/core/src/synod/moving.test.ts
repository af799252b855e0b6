import { describe, expect, test } from 'vitest'
import { cidOf } from '../../test/synod-world.ts'
import { author, chainOf, isValid, sha256 } from '../../test/world.ts'
import { accountNames } from '../account/keys.ts'
import { type Phrase, parsePhrase } from '../account/phrase.ts'
import { phraseSeed } from '../account/phrase-seed.ts'
import { writePayload } from '../payloads/payload.ts'
import type { Synod, SynodMember } from '../payloads/schemas/synod.ts'
import { type Authority, judgeAuthority, standingOf } from './authority.ts'
import { claimMove, claimState, type ProvenState } from './evidence.ts'
import { type MovedAccount, moveAccount } from './moving.ts'
import { createAccount, signMember } from './state.ts'

const at = 1_763_690_000_000
const phraseOf = (typed: string): Phrase => {
  const phrase = parsePhrase(typed)
  if (!phrase.ok) throw new Error(phrase.error.code)
  return phrase.value
}
const phrase = phraseOf(`${'abandon '.repeat(11)}about`)
const other = phraseOf('legal winner thank year wave sausage worth useful legal winner thank yellow')
const seed = await phraseSeed(phrase)
const names = accountNames(seed, 0, sha256)
const { root } = names

const joined = (byte: number, serial: number): Promise<SynodMember> => {
  const { identity, signer } = author(byte)
  return signMember(root, { identity, box: 'A'.repeat(43), label: `device ${byte}`, serial }, signer)
}
const [laptop, phone, thief] = await Promise.all([joined(1, 1), joined(2, 2), joined(3, 3)])

const first = createAccount({ seed, main: laptop, profile: { name: 'Alice' }, at }, sha256)
const firstState = await proven(names.identity, first.ok ? first.value : null)
const authority = judge([firstState])

/** As it comes back from an entry: read, and every signature checked. */
async function proven(identity: Synod['moves'][number]['to'], state: Synod | null): Promise<ProvenState> {
  const payload = state === null ? null : writePayload(state)
  const [entry] = await chainOf({ ...author(1), identity }, [payload?.ok ? payload.value : ''])
  const claim = claimState(entry!, 1, sha256)
  if (claim === null || !claim.checks.every(isValid)) throw new Error('not proven')
  return claim.proven
}

function judge(states: readonly ProvenState[]): Authority {
  return judgeAuthority(root, states, sha256)!
}

const finalOfFirst = [1, 1, firstState.cid] as const

async function moved(
  from: Authority,
  draft: Partial<Parameters<typeof moveAccount>[1]> = {},
): Promise<MovedAccount> {
  const result = await moveAccount(
    from,
    { phrase, final: finalOfFirst, members: [phone], at, ...draft },
    sha256,
  )
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

describe('moveAccount', () => {
  test('[Y11] the first state of the new key is proven and in power', async () => {
    const { state, move, identity, synodKey } = await moved(authority)
    expect(claimMove(move).checks.every(isValid)).toBe(true)
    const after = judge([firstState, await proven(identity, state)])
    expect(after.identity).toBe(identity)
    expect(accountNames(seed, 1, sha256).identity).toBe(identity)
    expect(synodKey.publicKey).toHaveLength(32)
    expect(standingOf(after, phone[0]).type).toBe('member')
    expect(standingOf(after, laptop[0]).type).toBe('frozen')
    // Who and what a stranger sees first goes along.
    expect(state.name).toBe('Alice')
  })

  test('[Y11] to other words and on with these; the former words are worth nothing then', async () => {
    const one = await moved(authority, { newPhrase: other })
    const oneState = await proven(one.identity, one.state)
    const after = judge([firstState, oneState])
    const draft = { final: [1, 1, oneState.cid], members: [phone], at } as const
    expect(await moveAccount(after, { ...draft, phrase }, sha256)).toEqual({
      ok: false,
      error: { code: 'wrong-phrase' },
    })
    const two = await moved(after, { ...draft, phrase: other })
    const end = judge([firstState, oneState, await proven(two.identity, two.state)])
    expect(end.keys).toEqual([names.identity, one.identity, two.identity])
    expect(end.current?.state.origin).toBe(authority.origin)
  })

  test('[Y11] wrong words, a final of another epoch, and a seventeenth move are refused', async () => {
    const draft = { phrase, final: finalOfFirst, members: [phone], at } as const
    const code = async (from: Authority, change: object) => {
      const result = await moveAccount(from, { ...draft, ...change }, sha256)
      return result.ok ? null : result.error.code
    }
    expect(await code(authority, { phrase: other })).toBe('wrong-phrase')
    expect(await code(authority, { final: [2, 1, cidOf('x')] })).toBe('final-epoch')
    const { move } = await moved(authority)
    expect(await code({ ...authority, moves: Array.from({ length: 16 }, () => move) }, {})).toBe(
      'too-many-moves',
    )
    const about = '\n'.repeat(513)
    expect(await code(authority, { profile: { about } })).toBe('state-field')
  })

  test('[Y11] [T26] a takeover is undone: the thief’s states, members and revocations are nothing', async () => {
    const stolen = {
      ...firstState,
      length: 2,
      parent: firstState.cid,
      cid: cidOf('stolen'),
      state: { ...firstState.state, identities: [thief], revoked: [[laptop[0], null]] as const },
    }
    const taken = judge([firstState, stolen])
    expect(standingOf(taken, laptop[0])).toEqual({ type: 'revoked', final: null })
    const { state, identity } = await moved(taken, {
      members: [phone, laptop],
      revoked: [[thief[0], null]],
      profile: { name: 'Alice' },
    })
    const after = judge([firstState, stolen, await proven(identity, state)])
    expect([laptop, phone, thief].map(([device]) => standingOf(after, device).type)).toEqual([
      'member',
      'member',
      'revoked',
    ])
    expect(after.states.get(stolen.cid)).toBe('refused')
  })

  test('[Y11] revocations of before stay, but for devices that are members again', async () => {
    const before = {
      ...firstState,
      state: {
        ...firstState.state,
        revoked: [
          [phone[0], null],
          [thief[0], null],
        ] as const,
      },
    }
    const { state } = await moved(judge([before]))
    expect(state.revoked).toEqual([[thief[0], null]])
  })

  test('[Y11] [T5] it needs no state of the key in power: a restore that died before its first state goes on', async () => {
    const { move } = await moved(authority)
    const halfway = judgeAuthority(root, [firstState], sha256, [move])!
    expect(halfway.current).toBeNull()
    const again = await moved(halfway, { final: null })
    const after = judge([firstState, await proven(again.identity, again.state)])
    expect(after.keys).toHaveLength(3)
  })
})
