import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cidOf, createWorld, deviceIdentity, finalOf, type WorldKey } from '../../test/synod-world.ts'
import { author, chainOf, isValid, sha256 } from '../../test/world.ts'
import { compareBytes } from '../bytes.ts'
import type { Move } from '../payloads/schemas/synod.ts'
import { type Authority, judgeAuthority, standingOf, stateVerdict } from './authority.ts'
import { claimMove, claimState, moveHash, moveText, type ProvenState } from './evidence.ts'
import { readersOf } from './readers.ts'

const world = createWorld()
const { root, member, move, state, key } = world
const [phone, laptop, tablet] = [1, 2, 3].map(deviceIdentity) as [
  ReturnType<typeof deviceIdentity>,
  ReturnType<typeof deviceIdentity>,
  ReturnType<typeof deviceIdentity>,
]
const key0 = key(0)
const both = [member(1), member(2)]
const final = [1, 4, cidOf('phone 4')] as const

function judge(states: readonly ProvenState[], moves: readonly Move[] = []): Authority {
  const verdict = judgeAuthority(root, states, sha256, moves)
  if (verdict === null) throw new Error('no state of that root')
  return verdict
}

const standing = (verdict: Authority, identity = phone) => standingOf(verdict, identity)

describe('the state that counts', () => {
  const first = state(key0, null, [], { members: [member(1)] })
  const second = state(key0, first, [], { members: both })
  const third = state(key0, second, [], { members: [member(2)], revoked: [[phone, final]] })

  test('[Y2] nothing of a root is no verdict, and states of other roots are passed over', () => {
    const other = createWorld(9)
    const foreign = other.state(other.key(0), null, [], { members: [other.member(1)] })
    expect(judgeAuthority(root, [foreign], sha256)).toBeNull()
    expect(judge([foreign, first])).toEqual(judge([first]))
  })

  test('[Y5] the newest counts, alone too', () => {
    expect(judge([first, second, third]).current).toEqual(third)
    expect(judge([third]).current).toEqual(third)
    expect(judge([third])).toMatchObject({ identity: key0.identity, keys: [key0.identity], disputed: false })
  })

  test('[Y6] a member, a revoked one, a foreign one', () => {
    const verdict = judge([second, third])
    expect(standing(verdict, laptop)).toEqual({ type: 'member', member: member(2) })
    expect(standing(verdict, phone)).toEqual({ type: 'revoked', final })
    expect(standing(verdict, tablet)).toEqual({ type: 'foreign' })
    expect(standing(verdict, key0.identity)).toEqual({ type: 'in-power' })
  })

  test('[Y6] who leaves the list without a final is frozen; a revocation that left the list still holds', () => {
    const gone = state(key0, second, [], { members: [member(2)] })
    expect(standing(judge([second, gone]))).toEqual({ type: 'frozen' })
    const forgotten = state(key0, third, [], { members: [member(2)] })
    expect(standing(judge([second, third, forgotten]))).toEqual({ type: 'revoked', final })
  })

  test('[Y6] [T27] whoever never agreed to belong to the account is not its to revoke', () => {
    const claims = state(key0, second, [], { members: both, revoked: [[tablet, null]] })
    expect(standing(judge([claims]), tablet)).toEqual({ type: 'foreign' })
  })

  test('[Y6] [T27] nobody moves away from a stranger’s key: key 0 is in the root without having been asked', () => {
    const forced = move(key0, key(1), null)
    const after = state(key(1), null, [forced], { members: [member(2)] })
    const verdict = judge([after])
    expect(verdict).toMatchObject({ identity: key(1).identity, keys: [key0.identity, key(1).identity] })
    expect(standing(verdict, key0.identity)).toEqual({ type: 'foreign' })
    expect(standing(judge([after, first]), key0.identity)).toMatchObject({ type: 'moved', final: null })
  })

  test('[Y1] [T26] a synod feed of another epoch says nothing', () => {
    const rebased = state(key0, null, [], { members: [member(3)], epoch: 2 })
    expect(judge([second, rebased])).toMatchObject({ current: second, disputed: false })
    expect(standing(judge([second, rebased]), tablet)).toEqual({ type: 'foreign' })
    expect(judge([rebased]).current).toBeNull()
    expect(stateVerdict(judge([second, rebased]), rebased.cid)).toBe('refused')
  })

  test('[Y8] states of the past count when parents lead to them, wait while one is missing', () => {
    expect(stateVerdict(judge([first, second, third]), first.cid)).toBe('counted')
    expect(stateVerdict(judge([first, third]), first.cid)).toBe('undecided')
    expect(stateVerdict(judge([third]), first.cid)).toBe('undecided')
  })
})

describe('moves', () => {
  const before = state(key0, null, [], { members: [member(1)] })
  const good = state(key0, before, [], { members: both })
  const stolen = state(key0, good, [], {
    members: [member(3)],
    revoked: [
      [phone, null],
      [laptop, null],
    ],
  })
  const key1 = key(1)
  const away = move(key0, key1, finalOf(good))
  const after = state(key1, null, [away], { members: both })

  test('[Y3] [T26] a move outranks all that the key before says, however long', () => {
    let thief = stolen
    const states = [before, good, stolen, after]
    for (let more = 0; more < 20; more++) {
      thief = state(key0, thief, [], { members: [member(3)] })
      states.push(thief)
    }
    const verdict = judge(states)
    expect(verdict).toMatchObject({ identity: key1.identity, current: after, moves: [away] })
    expect(standing(verdict, phone)).toMatchObject({ type: 'member' })
    expect(standing(verdict, tablet)).toEqual({ type: 'foreign' })
    expect(standing(verdict, key0.identity)).toEqual({
      type: 'moved',
      to: key1.identity,
      final: finalOf(good),
    })
    expect(stateVerdict(verdict, stolen.cid)).toBe('refused')
    expect(stateVerdict(verdict, good.cid)).toBe('counted')
  })

  test('[Y4] [T26] a branch that a thief wrote below the final is not counted', () => {
    const branch = state(key0, null, [], { members: [member(1), member(3)] })
    const verdict = judge([before, good, branch, after])
    expect(stateVerdict(verdict, branch.cid)).toBe('refused')
    expect(standing(verdict, tablet)).toEqual({ type: 'foreign' })
    // Without `good` nobody knows which of the two is the one below it.
    expect(stateVerdict(judge([before, branch, after]), branch.cid)).toBe('undecided')
  })

  test('[Y3] a move known without its first state is in power, and what was held is frozen', () => {
    const verdict = judge([good], [away])
    expect(verdict).toMatchObject({ identity: key1.identity, current: null, disputed: false })
    expect(standing(verdict, phone)).toEqual({ type: 'frozen' })
  })

  test('[Y3] [T26] a second move by a thief of the main device loses: nobody committed to his move key', () => {
    const his = key(1, 66)
    const theft = move({ ...key0, move: his.move }, his, null)
    const took = state(his, null, [theft], { members: [member(3)] })
    expect(judge([good, after], [theft])).toEqual(judge([good, after]))
    // The state is not even proven: claimState gives null (P14). Handed in all the same, it changes nothing.
    expect(judge([good, after, took]).identity).toBe(key1.identity)
    const two = key(2)
    const onward = move(key1, two, null)
    expect(judge([good, after, state(two, null, [away, onward], {})], [theft]).identity).toBe(two.identity)
  })

  test('[Y3] of two moves of one key the lesser SHA-256 counts, with what follows it', () => {
    const ends = [null, finalOf(before), finalOf(good)]
    const rivals = ends.map((end) => move(key0, key1, end))
    const [least] = rivals.toSorted((a, b) =>
      compareBytes(moveHash(moveText(a), sha256), moveHash(moveText(b), sha256)),
    ) as [Move]
    const states = rivals.map((each, index) => state(key1, null, [each], { members: [member(index + 1)] }))
    const verdict = judge([good, ...states])
    expect(verdict.moves).toEqual([least])
    expect(verdict.current?.state.moves).toEqual([least])
    // The others' first states stand in the feed of the same key: of another line, so they dispute nothing.
    expect(verdict.disputed).toBe(false)
  })

  test('[Y3] moves that lead back are not followed', () => {
    const back = move(key1, key0, null)
    expect(judge([good, after], [back]).identity).toBe(key1.identity)
  })

  test('[Y4] with final null, or one of another epoch, nothing of the key before counts', () => {
    for (const end of [null, [2, 2, good.cid] as const]) {
      const gone = move(key0, key1, end)
      const verdict = judge([before, good, state(key1, null, [gone], { members: [member(2)] })])
      expect(stateVerdict(verdict, good.cid)).toBe('refused')
      expect(standing(verdict, phone)).toEqual({ type: 'foreign' })
      expect(standing(verdict, key0.identity)).toMatchObject({ type: 'moved', final: null })
    }
  })

  test('[Y6] members that the new key does not list again are frozen', () => {
    const verdict = judge([before, good, state(key1, null, [away], { members: [member(1)] })])
    expect(standing(verdict, laptop)).toEqual({ type: 'frozen' })
  })

  test('[Y3] to other words and on: three moves', () => {
    const other = key(2, 66)
    const last = key(3, 66)
    const moves = [away, move(key1, other, finalOf(after)), move(other, last, [1, 1, cidOf('other 1')])]
    const end = state(last, null, moves, { members: [member(2)] })
    const verdict = judge([end, after, good])
    expect(verdict.keys).toEqual([key0, key1, other, last].map(({ identity }) => identity))
    expect(verdict.current).toEqual(end)
    expect(judge([end]).moves).toEqual(moves)
  })
})

describe('[Y5] [T5] a disputed feed of the key in power', () => {
  const first = state(key0, null, [], { members: both })
  const revoking = state(key0, first, [], { members: [member(2)], revoked: [[phone, final]] })
  const adding = state(key0, first, [], { members: [...both, member(3)] })

  test('the newest state that all branches share counts', () => {
    expect(judge([first, revoking, adding])).toMatchObject({ current: first, disputed: true })
    expect(judge([revoking, adding])).toMatchObject({ current: null, disputed: true })
  })

  test('a branch is told by the parent of a state above it too', () => {
    const above = state(key0, adding, [], { members: both })
    expect(judge([first, revoking, above])).toMatchObject({ current: first, disputed: true })
  })

  test('what any branch says against a device counts, what one says for it does not', () => {
    const verdict = judge([first, revoking, adding])
    expect(standing(verdict, phone)).toEqual({ type: 'revoked', final })
    expect(standing(verdict, laptop)).toMatchObject({ type: 'member' })
    expect(standing(verdict, tablet)).toEqual({ type: 'frozen' })
    const harsher = state(key0, adding, [], { members: [member(2)], revoked: [[phone, null]] })
    expect(standing(judge([first, revoking, adding, harsher]))).toEqual({ type: 'frozen' })
  })

  test('neither branch’s states are told apart until a move names one as final', () => {
    const verdict = judge([first, revoking, adding])
    expect([first, revoking, adding].map(({ cid }) => stateVerdict(verdict, cid))).toEqual([
      'counted',
      'undecided',
      'undecided',
    ])
    const healed = state(key(1), null, [move(key0, key(1), finalOf(adding))], { members: both })
    const after = judge([first, revoking, adding, healed])
    expect(after).toMatchObject({ current: healed, disputed: false })
    expect(stateVerdict(after, adding.cid)).toBe('counted')
    expect(stateVerdict(after, revoking.cid)).toBe('refused')
    expect(standing(after, phone)).toMatchObject({ type: 'member' })
  })
})

describe('[Y15] [T21] readers', () => {
  const first = state(key0, null, [], { members: both })
  const boxes = (verdict: Authority) => readersOf(verdict)?.devices.map(({ identity }) => identity)

  test('members of the state that counts, and the recovery key', () => {
    const next = state(key0, first, [], { members: [member(2), member(3)], revoked: [[phone, final]] })
    expect(boxes(judge([first, next]))).toEqual([laptop, tablet])
    expect(readersOf(judge([first]))?.recovery).toBe(key0.recovery)
    expect(readersOf(judge([first]))?.devices[0]?.box).toBe(member(1)[1])
  })

  test('of a disputed feed only whom every branch lists; of an account that moved out of sight nobody', () => {
    const two = [[member(1)], [member(1), member(2), member(3)]].map((members) =>
      state(key0, first, [], { members }),
    )
    expect(boxes(judge([first, ...two]))).toEqual([phone])
    expect(readersOf(judge([first], [move(key0, key(1), null)]))).toBeNull()
  })
})

describe('laws', () => {
  /** Random accounts: moves that fork, feeds that fork, other epochs, losing lines. */
  const histories = fc
    .array(
      fc.record({
        at: fc.nat(),
        act: fc.constantFrom('write', 'write', 'write', 'move', 'steal', 'rebase'),
        members: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }),
        revoked: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
        words: fc.constantFrom(7, 7, 66),
      }),
      { minLength: 1, maxLength: 14 },
    )
    .map((steps) => {
      const made: { readonly key: WorldKey; readonly state: ProvenState }[] = []
      const moves: Move[] = []
      for (const { at, act, members, revoked, words } of steps) {
        const draft = {
          members: members.filter((byte) => !revoked.includes(byte)).map((byte) => member(byte)),
          revoked: revoked.map((byte) => [deviceIdentity(byte), null] as const),
        }
        const below = made[at % Math.max(made.length, 1)]
        if (below === undefined) made.push({ key: key0, state: state(key0, null, [], draft) })
        else if (act === 'write') {
          made.push({ key: below.key, state: state(below.key, below.state, below.state.state.moves, draft) })
        } else if (act === 'rebase') {
          const rebased = state(below.key, null, below.state.state.moves, { ...draft, epoch: 2 })
          made.push({ key: below.key, state: rebased })
        } else if (below.key.n < 4) {
          const to = key(below.key.n + 1, words)
          const mover = act === 'steal' ? { ...below.key, move: key(below.key.n, 99).move } : below.key
          const away = move(mover, to, finalOf(below.state))
          moves.push(away)
          if (act === 'move')
            made.push({ key: to, state: state(to, null, [...below.state.state.moves, away], draft) })
        }
      }
      return { states: made.map((each) => each.state), moves }
    })

  test('[Y2] equal states and moves give the equal verdict, in any order, each any number of times', () => {
    fc.assert(
      fc.property(
        histories.chain(({ states, moves }) =>
          fc.record({
            states: fc.constant(states),
            moves: fc.constant(moves),
            shuffled: fc.shuffledSubarray([...states, ...states], { minLength: states.length * 2 }),
            shuffledMoves: fc.shuffledSubarray(moves, { minLength: moves.length }),
          }),
        ),
        ({ states, moves, shuffled, shuffledMoves }) => {
          const verdict = judge(states, moves)
          const other = judge(shuffled, shuffledMoves)
          expect(other).toEqual(verdict)
          expect([...other.standings].toSorted()).toEqual([...verdict.standings].toSorted())
        },
      ),
      { numRuns: 150 },
    )
  })

  test('[Y3] moves decide alone: states without moves never change which key is in power', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(), { maxLength: 5 }), ({ states, moves }, picks) => {
        const verdict = judge(states, moves)
        const kept = states.filter(
          ({ state: { moves: said } }, index) =>
            said.length > 0 || !picks.some((pick) => pick % states.length === index),
        )
        if (kept.length > 0) expect(judge(kept, moves).keys).toEqual(verdict.keys)
      }),
      { numRuns: 100 },
    )
  })

  test('[Y3] next and recovery are the same in every state that counts of one key', () => {
    fc.assert(
      fc.property(histories, ({ states, moves }) => {
        const verdict = judge(states, moves)
        const said = new Map<string, string>()
        for (const {
          cid,
          identity,
          state: { next, recovery },
        } of states) {
          if (verdict.states.get(cid) === 'refused') continue
          expect(said.get(identity) ?? next + recovery).toBe(next + recovery)
          said.set(identity, next + recovery)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('[Y6] whoever the state that counts revokes is no member, whatever else is held', () => {
    fc.assert(
      fc.property(histories, ({ states, moves }) => {
        const verdict = judge(states, moves)
        for (const [identity] of verdict.current?.state.revoked ?? []) {
          expect(standing(verdict, identity).type).not.toBe('member')
        }
        const listed = new Set(verdict.current?.state.identities.map(([identity]) => identity))
        for (const [identity, { type }] of verdict.standings) {
          if (type === 'member') expect(listed.has(identity)).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('claimState', () => {
  const synodKey = { ...author(1), identity: key0.identity }
  const payload = JSON.stringify(state(key0, null, [], { members: both }).state)

  test('[Y1] a state in an entry is claimed with the signatures that prove it', async () => {
    const [entry] = await chainOf(synodKey, [payload])
    const claim = claimState(entry!, 1, sha256)
    expect(claim?.proven).toMatchObject({ identity: key0.identity, epoch: 1, length: 1, parent: null })
    expect(claim?.checks.map(isValid)).toEqual([true, true])
    expect(claimMove(move(key0, key(1), null)).checks.map(isValid)).toEqual([true, true])
  })

  test('[Y1] not from another key’s feed, nor from an entry that names a synod, nor from another payload', async () => {
    const [foreign] = await chainOf(author(1), [payload])
    const [naming] = await chainOf(synodKey, [payload], { synod: [key0.identity, cidOf('x')] })
    const [note, noise] = await chainOf(synodKey, ['{"type":"void","at":1}', 'age:AAAA'])
    for (const entry of [foreign, naming, note, noise]) expect(claimState(entry!, 1, sha256)).toBeNull()
  })

  test('[Y1] [T26] a state with another root, next, recovery or origin is none; cut short it never throws', async () => {
    const [entry] = await chainOf(synodKey, [payload])
    const said = JSON.parse(payload) as Record<string, unknown>
    const other = 'A'.repeat(43)
    const texts = ['root', 'next', 'recovery', 'origin'].map((field) =>
      JSON.stringify({ ...said, [field]: other }),
    )
    texts.push(JSON.stringify({ ...said, recovery: other, origin: other }))
    for (let length = 0; length < payload.length; length += 7) texts.push(payload.slice(0, length))
    for (const text of texts) {
      const changed = { ...entry!, entry: { ...entry!.entry, payload: text } }
      expect(claimState(changed, 1, sha256)).toBeNull()
    }
  })
})
