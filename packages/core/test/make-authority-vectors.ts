/**
 * Writes `spec/vectors/synod-authority.json`: what is held of one account, and the verdict that it makes (spec Y).
 * The verdicts are written by hand, not taken from the code. Run by hand when a rule is added:
 * `node packages/core/test/make-authority-vectors.ts`.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { compareBytes } from '../src/bytes.ts'
import type { Identity, RawCid } from '../src/names.ts'
import type { Final, Move } from '../src/payloads/schemas/synod.ts'
import { moveHash, moveText } from '../src/synod/evidence.ts'
import type { ProvenState, StateVerdict } from '../src/synod/index.ts'
import { cidOf, createWorld, deviceIdentity, finalOf } from './synod-world.ts'
import { sha256 } from './world.ts'

const { root, key, member, move, state } = createWorld()
const [key0, key1, key2, other1] = [key(0), key(1), key(2), key(1, 66)]
const [phone, laptop, tablet, stranger] = [1, 2, 3, 4].map(deviceIdentity) as [
  Identity,
  Identity,
  Identity,
  Identity,
]
const [m1, m2, m3] = [member(1), member(2), member(3)]

type Spoken = readonly [type: string, final?: Final | null]

interface Expected {
  readonly inPower: Identity
  readonly moves: readonly Move[]
  readonly current: ProvenState | null
  readonly disputed?: boolean
  readonly standings: Readonly<Record<Identity, Spoken>>
  readonly states: readonly (readonly [ProvenState, StateVerdict])[]
}

const rows: object[] = []

function row(name: string, states: readonly ProvenState[], moves: readonly Move[], expected: Expected): void {
  const verdicts = Object.fromEntries(expected.states.map(([{ cid }, verdict]) => [cid, verdict]))
  rows.push({
    name,
    states: states.map(({ state: said, ...place }) => ({ ...place, text: JSON.stringify(said) })),
    moves,
    verdict: {
      inPower: expected.inPower,
      moves: expected.moves.map(({ to }) => to),
      current: expected.current?.cid ?? null,
      disputed: expected.disputed ?? false,
      standings: expected.standings,
      states: verdicts as Record<RawCid, StateVerdict>,
    },
  })
}

const final: Final = [1, 4, cidOf('phone 4')]
const a = state(key0, null, [], { members: [m1] })
const b = state(key0, a, [], { members: [m1, m2] })
const c = state(key0, b, [], { members: [m2], revoked: [[phone, final]] })

row('one state', [a], [], {
  inPower: key0.identity,
  moves: [],
  current: a,
  standings: { [key0.identity]: ['in-power'], [phone]: ['member'], [laptop]: ['foreign'] },
  states: [[a, 'counted']],
})
row('a device joins, another is revoked', [c, a, b], [], {
  inPower: key0.identity,
  moves: [],
  current: c,
  standings: { [phone]: ['revoked', final], [laptop]: ['member'] },
  states: [
    [a, 'counted'],
    [b, 'counted'],
    [c, 'counted'],
  ],
})
row('a state between is not here: its own words count, those of the past wait', [a, c], [], {
  inPower: key0.identity,
  moves: [],
  current: c,
  standings: { [phone]: ['revoked', final], [laptop]: ['member'] },
  states: [
    [a, 'undecided'],
    [c, 'counted'],
  ],
})
row('revoked, but no state here shows that it agreed to belong: foreign', [c], [], {
  inPower: key0.identity,
  moves: [],
  current: c,
  standings: { [phone]: ['foreign'] },
  states: [[c, 'counted']],
})
const left = state(key0, b, [], { members: [m2] })
row('left without a final', [a, b, left], [], {
  inPower: key0.identity,
  moves: [],
  current: left,
  standings: { [phone]: ['frozen'], [laptop]: ['member'] },
  states: [[left, 'counted']],
})
const forgotten = state(key0, c, [], { members: [m2] })
row('a revocation that left the list', [b, c, forgotten], [], {
  inPower: key0.identity,
  moves: [],
  current: forgotten,
  standings: { [phone]: ['revoked', final] },
  states: [],
})
const rebased = state(key0, null, [], { members: [m3], epoch: 2 })
row('the synod feed under another epoch says nothing', [b, rebased], [], {
  inPower: key0.identity,
  moves: [],
  current: b,
  standings: { [phone]: ['member'], [tablet]: ['foreign'] },
  states: [[rebased, 'refused']],
})

const revoking = state(key0, b, [], { members: [m2], revoked: [[phone, final]] })
const adding = state(key0, b, [], { members: [m1, m2, m3] })
row('disputed: what any branch says against a device counts', [a, b, revoking, adding], [], {
  inPower: key0.identity,
  moves: [],
  current: b,
  disputed: true,
  standings: { [phone]: ['revoked', final], [laptop]: ['member'], [tablet]: ['frozen'] },
  states: [
    [b, 'counted'],
    [revoking, 'undecided'],
    [adding, 'undecided'],
  ],
})
const harsher = state(key0, adding, [], { members: [m2], revoked: [[phone, null]] })
row('disputed: two branches name two finals; the parent tells the branch', [b, revoking, harsher], [], {
  inPower: key0.identity,
  moves: [],
  current: b,
  disputed: true,
  standings: { [phone]: ['frozen'], [laptop]: ['member'] },
  states: [[harsher, 'undecided']],
})
row('disputed from the first state that is here', [revoking, adding], [], {
  inPower: key0.identity,
  moves: [],
  current: null,
  disputed: true,
  standings: { [phone]: ['revoked', final], [laptop]: ['frozen'] },
  states: [],
})

const away = move(key0, key1, finalOf(b))
const after = state(key1, null, [away], { members: [m1, m2] })
const stolen = state(key0, b, [], {
  members: [m3],
  revoked: [
    [phone, null],
    [laptop, null],
  ],
})
const longer = state(key0, stolen, [], { members: [m3] })
row('a move undoes a takeover', [a, b, stolen, longer, after], [], {
  inPower: key1.identity,
  moves: [away],
  current: after,
  standings: {
    [key0.identity]: ['moved', finalOf(b)],
    [key1.identity]: ['in-power'],
    [phone]: ['member'],
    [laptop]: ['member'],
    [tablet]: ['foreign'],
  },
  states: [
    [a, 'counted'],
    [b, 'counted'],
    [stolen, 'refused'],
    [longer, 'refused'],
    [after, 'counted'],
  ],
})
const below = state(key0, null, [], { members: [m1, m3] })
row('a thief’s branch below the final', [a, b, below, after], [], {
  inPower: key1.identity,
  moves: [away],
  current: after,
  standings: { [tablet]: ['foreign'] },
  states: [
    [below, 'refused'],
    [a, 'counted'],
  ],
})
row(
  'a move ends a dispute',
  [a, b, revoking, adding, state(key1, null, [move(key0, key1, finalOf(adding))], { members: [m1] })],
  [],
  {
    inPower: key1.identity,
    moves: [move(key0, key1, finalOf(adding))],
    current: state(key1, null, [move(key0, key1, finalOf(adding))], { members: [m1] }),
    standings: { [phone]: ['member'], [laptop]: ['frozen'], [tablet]: ['frozen'] },
    states: [
      [adding, 'counted'],
      [revoking, 'refused'],
    ],
  },
)
row('a move came alone: its first state is not here', [b], [away], {
  inPower: key1.identity,
  moves: [away],
  current: null,
  standings: { [phone]: ['frozen'], [stranger]: ['foreign'] },
  states: [[b, 'counted']],
})
row(
  'a thief’s move by a key that nobody committed to',
  [b],
  [move({ ...key0, move: other1.move }, other1, null)],
  {
    inPower: key0.identity,
    moves: [],
    current: b,
    standings: { [phone]: ['member'] },
    states: [[b, 'counted']],
  },
)
const rivals = [null, finalOf(a), finalOf(b)]
  .map((end) => move(key0, key1, end))
  .sort((x, y) => compareBytes(moveHash(moveText(x), sha256), moveHash(moveText(y), sha256)))
const rivalStates = rivals.map((each, index) => state(key1, null, [each], { members: [member(index + 1)] }))
row('three moves of one key: the lesser SHA-256, and the states that say it', [b, ...rivalStates], [], {
  inPower: key1.identity,
  moves: [rivals[0] as Move],
  current: rivalStates[0] as ProvenState,
  standings: { [phone]: ['member'], [tablet]: ['foreign'] },
  states: [
    [rivalStates[0] as ProvenState, 'counted'],
    [rivalStates[1] as ProvenState, 'refused'],
  ],
})
const back = move(key1, key0, null)
const onward = move(key1, key2, null)
const end = state(key2, null, [away, onward], { members: [m2] })
row('two moves, and one that leads back', [b, after, end], [back], {
  inPower: key2.identity,
  moves: [away, onward],
  current: end,
  standings: { [key1.identity]: ['moved', null], [phone]: ['frozen'], [laptop]: ['member'] },
  states: [
    [after, 'refused'],
    [b, 'counted'],
  ],
})
const epochTwo = move(key0, key1, [2, 2, b.cid])
const nothing = state(key1, null, [epochTwo], { members: [m2] })
row('a final of another epoch ends no chain of a synod', [b, nothing], [], {
  inPower: key1.identity,
  moves: [epochTwo],
  current: nothing,
  standings: { [key0.identity]: ['moved', null], [phone]: ['foreign'] },
  states: [[b, 'refused']],
})

const path = new URL('../../../spec/vectors/synod-authority.json', import.meta.url)
writeFileSync(path, `${JSON.stringify({ rule: 'Y', root, rows }, null, 1)}\n`)
