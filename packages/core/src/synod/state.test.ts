import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cidOf, createWorld, deviceIdentity, finalOf } from '../../test/synod-world.ts'
import { author, chainOf, isValid, sha256 } from '../../test/world.ts'
import { accountNames } from '../account/keys.ts'
import { maxEntryBytes, signEntry } from '../entry.ts'
import type { Identity } from '../names.ts'
import { writePayload } from '../payloads/payload.ts'
import type { Final, Synod, SynodMember } from '../payloads/schemas/synod.ts'
import { judgeAuthority, standingOf } from './authority.ts'
import { claimState, type ProvenState } from './evidence.ts'
import {
  addMember,
  createAccount,
  forgetRevoked,
  grantLeave,
  handOver,
  mainDevice,
  type NextState,
  nextSerial,
  replaceMain,
  revoke,
  setLabel,
  setProfile,
  signMember,
} from './state.ts'
import { stateEntryBytes } from './state-size.ts'

const at = 1_763_690_000_000
const world = createWorld()
const { root, key, member, state } = world
const key0 = key(0)
const device = deviceIdentity
const final: Final = [1, 4, cidOf('phone 4')]

const judge = (...states: readonly ProvenState[]) => judgeAuthority(root, states, sha256)!
const of = (members: readonly SynodMember[], revoked: readonly (readonly [Identity, Final | null])[] = []) =>
  judge(state(key0, null, [], { members, revoked }))

function made(next: NextState): Synod {
  if (!next.ok) throw new Error(JSON.stringify(next.error))
  return next.value
}

const listed = ({ identities }: Synod) => identities.map(([identity]) => identity)
const codeOf = (next: NextState) => (next.ok ? null : next.error.code)

/** Serials and boxes as a device that joins would have them. */
const manyMembers = (count: number) =>
  Array.from({ length: count }, (_, index) => member(index + 1, index + 1))

describe('createAccount', () => {
  test('[Y9] the first state is proven, and its only device the main one', async () => {
    const seed = new Uint8Array(64).fill(3)
    const names = accountNames(seed, 0, sha256)
    const who = author(1)
    const offer = { identity: who.identity, box: 'A'.repeat(43), label: 'laptop', serial: 1 }
    const main = await signMember(names.root, offer, who.signer)
    const first = made(createAccount({ seed, main, profile: { name: 'Alice' }, at }, sha256))
    const payload = writePayload(first)
    const synodKey = { ...author(1), identity: names.identity }
    const [entry] = await chainOf(synodKey, [payload.ok ? payload.value : ''])
    const claim = claimState(entry!, 1, sha256)
    expect(claim?.checks.map(isValid)).toEqual([true])
    expect(mainDevice(first)).toEqual(main)
    expect(first).toMatchObject({ root: names.root, name: 'Alice', moves: [], revoked: [] })
    expect(first.origin).toBe(first.recovery)
  })
})

describe('steps', () => {
  test('[Y9] a device joins under the next serial, once', () => {
    const authority = of([member(1)])
    expect(nextSerial(authority.current!.state)).toBe(2)
    expect(listed(made(addMember(authority, member(2), at)))).toEqual([device(1), device(2)])
    expect(addMember(authority, member(2, 7), at)).toEqual({
      ok: false,
      error: { code: 'serial', expected: 2 },
    })
    expect(codeOf(addMember(authority, member(1), at))).toBe('already-member')
  })

  test('[Y9] who was revoked does not come back, even when no state lists it any more', () => {
    const first = state(key0, null, [], { members: [member(1), member(2)] })
    const second = state(key0, first, [], { members: [member(1)], revoked: [[device(2), final]] })
    const third = state(key0, second, [], { members: [member(1)] })
    expect(codeOf(addMember(judge(first, second), member(2, 3), at))).toBe('was-revoked')
    expect(codeOf(addMember(judge(first, second, third), member(2, 2), at))).toBe('was-revoked')
  })

  test('[Y9] who left without a final may join again', () => {
    const first = state(key0, null, [], { members: [member(1), member(2)] })
    const second = state(key0, first, [], { members: [member(1)] })
    expect(listed(made(addMember(judge(first, second), member(2, 2), at)))).toContain(device(2))
  })

  test('[Y9] revoking, again with another final, and of one that is frozen', () => {
    const authority = of([member(1), member(2)])
    const next = made(revoke(authority, device(2), final, at))
    expect(listed(next)).toEqual([device(1)])
    expect(next.revoked).toEqual([[device(2), final]])
    const revoked = of([member(1), member(2)])
    expect(made(revoke(revoked, device(2), null, at)).revoked).toEqual([[device(2), null]])
    const first = state(key0, null, [], { members: [member(1), member(2)] })
    const second = state(key0, first, [], { members: [member(1)], revoked: [[device(2), final]] })
    expect(made(revoke(judge(first, second), device(2), null, at)).revoked).toEqual([[device(2), null]])
    const left = state(key0, first, [], { members: [member(1)] })
    expect(made(revoke(judge(first, left), device(2), final, at)).revoked).toEqual([[device(2), final]])
  })

  test('[Y9] neither strangers nor the main device are revoked, nor let go', () => {
    const authority = of([member(1), member(2)])
    expect(codeOf(revoke(authority, device(3), null, at))).toBe('not-a-member')
    expect(codeOf(revoke(authority, key0.identity, null, at))).toBe('not-a-member')
    expect(codeOf(revoke(authority, device(1), null, at))).toBe('main-device')
    expect(codeOf(grantLeave(authority, device(1), null, at))).toBe('main-device')
    expect(codeOf(grantLeave(authority, device(3), null, at))).toBe('not-a-member')
  })

  test('[Y9] leaving: with its own last head it ends there, without entries it just goes', () => {
    const authority = of([member(1), member(2)])
    expect(made(grantLeave(authority, device(2), final, at)).revoked).toEqual([[device(2), final]])
    const next = made(grantLeave(authority, device(2), null, at))
    expect([listed(next), next.revoked]).toEqual([[device(1)], []])
  })

  test('[Y10] handing over puts another device first', () => {
    const authority = of([member(1), member(2), member(3)])
    expect(listed(made(handOver(authority, device(3), at)))).toEqual([device(3), device(1), device(2)])
    expect(codeOf(handOver(authority, device(1), at))).toBe('main-device')
    expect(codeOf(handOver(authority, device(4), at))).toBe('not-a-member')
  })

  test('[Y26] the main device takes other keys: one state, in which the next one comes first and it ends', () => {
    const authority = of([member(1, 1), member(2, 2)], [[device(5), null]])
    const next = made(replaceMain(authority, member(3, 4), final, at))
    expect(listed(next)).toEqual([device(3), device(2)])
    expect(next.revoked).toEqual([
      [device(5), null],
      [device(1), final],
    ])
    expect(nextSerial(next)).toBe(5)
    expect(codeOf(replaceMain(authority, member(2, 4), final, at))).toBe('already-member')
    expect(codeOf(replaceMain(authority, member(3, 3), final, at))).toBe('serial')
    const after = judge(state(key0, null, [], { members: [member(3, 4)], revoked: [[device(1), final]] }))
    expect(codeOf(replaceMain(after, member(1, 5), null, at))).toBe('was-revoked')
    expect(listed(made(replaceMain(of(manyMembers(24)), member(25, 25), null, at)))).toHaveLength(24)
  })

  test('[Y9] labels are the account’s own: the device’s signature stays', () => {
    const next = made(setLabel(of([member(1), member(2)]), device(2), 'kitchen', at))
    expect(next.identities[1]).toEqual(member(2).with(2, 'kitchen'))
    expect(setLabel(of([member(1)]), device(1), 'x'.repeat(25), at)).toMatchObject({
      error: { code: 'state-field' },
    })
  })

  test('[Y9] the profile: five fields and no more; what is wrong is refused', () => {
    const secret = { name: 'Bob', about: 'hello', synodSecret: 'never' }
    const next = made(setProfile(of([member(1)]), secret, at))
    expect(next).toMatchObject({ name: 'Bob', about: 'hello', at })
    expect(JSON.stringify(next)).not.toContain('never')
    expect(codeOf(setProfile(of([member(1)]), { name: 'a\nb' }, at))).toBe('state-field')
  })

  test('[Y9] nothing is built on a disputed feed, nor on one that is not here', () => {
    const first = state(key0, null, [], { members: [member(1), member(2)] })
    const two = ['x', 'y'].map((name) => state(key0, first, [], { members: [member(1)], name }))
    const disputed = judge(first, ...two)
    const away = world.move(key0, key(1), finalOf(first))
    const moved = judgeAuthority(root, [first], sha256, [away])!
    for (const [authority, code] of [
      [disputed, 'disputed'],
      [moved, 'no-state'],
    ] as const) {
      expect(codeOf(addMember(authority, member(3), at))).toBe(code)
      expect(codeOf(revoke(authority, device(2), null, at))).toBe(code)
      expect(codeOf(grantLeave(authority, device(2), null, at))).toBe(code)
      expect(codeOf(handOver(authority, device(2), at))).toBe(code)
      expect(codeOf(setProfile(authority, {}, at))).toBe(code)
      expect(codeOf(forgetRevoked(authority, device(2), at))).toBe(code)
    }
  })

  test('[Y9] fields that a later version added are kept', () => {
    const base = state(key0, null, [], { members: [member(1)] })
    const later = { ...base, state: { ...base.state, 'x-later': 1 } }
    expect(made(addMember(judge(later), member(2), at))).toMatchObject({ 'x-later': 1 })
  })
})

describe('limits', () => {
  const longHubs = Array.from({ length: 5 }, (_, index) => {
    return [device(200), `wss://${index}${'x'.repeat(248)}`] as const
  })
  const many = manyMembers(24)
  const gone = (count: number) =>
    Array.from({ length: count }, (_, index) => [device(100 + index), final] as const)

  test('[Y9] 24 members, not 25', () => {
    expect(made(addMember(of(many.slice(0, 23)), member(24, 24), at)).identities).toHaveLength(24)
    expect(codeOf(addMember(of(many), member(25, 25), at))).toBe('too-many-members')
  })

  test('[Y9] 24 revoked, not 25, until one is forgotten', () => {
    expect(made(revoke(of(many.slice(0, 2), gone(23)), device(2), final, at)).revoked).toHaveLength(24)
    const full = of(many.slice(0, 2), gone(24))
    expect(codeOf(revoke(full, device(2), final, at))).toBe('too-many-revoked')
    const room = state(key0, full.current, [], {
      members: many.slice(0, 2),
      revoked: made(forgetRevoked(full, device(100), at)).revoked,
    })
    expect(made(revoke(judge(room), device(2), final, at)).revoked).toHaveLength(24)
    expect(codeOf(forgetRevoked(full, device(2), at))).toBe('not-revoked')
  })

  test('[Y9] a state with 24 devices, 24 revocations, 3 moves and a profile fits an entry', async () => {
    const big = 2 ** 31
    const moves = [0, 1, 2].map((n) => world.move(key(n), key(n + 1), [1, 2 ** 53 - 1, cidOf(`end ${n}`)]))
    const labelled = many.map((each) => each.with(2, 'é'.repeat(12)) as unknown as SynodMember)
    const revoked = gone(24).map(([identity, [, , head]]) => [identity, [big, 2 ** 53 - 1, head]] as const)
    const full = state(key(3), null, moves, { members: labelled, revoked })
    const hubs = ['a', 'b'].map((name) => [device(200), `wss://${name}.hub.example/effigy`] as const)
    const profile = {
      name: 'Alice Example',
      about: 'Once around the block,\nand home again.'.repeat(3),
      hubs,
      dropboxes: hubs,
    }
    const next = made(setProfile(judge(full), profile, at))
    const payload = writePayload(next)
    const text = payload.ok ? payload.value : ''
    const entry = {
      identity: key(3).identity,
      parent: cidOf('p'),
      length: 9,
      comparable: 1e15,
      synod: null,
      links: [],
    }
    const signed = await signEntry({ ...entry, payload: text }, author(1).signer, sha256)
    expect(signed.bytes.length).toBeLessThanOrEqual(stateEntryBytes(next, text))
    expect(stateEntryBytes(next, text)).toBeLessThanOrEqual(maxEntryBytes)
    expect(claimState(signed, 1, sha256)?.checks.every(isValid)).toBe(true)
  })

  test('[Y9] a profile may not take the room of revocations to come: the largest allowed leaves it', () => {
    const about = (length: number) =>
      setProfile(of([member(1)]), { about: '\n'.repeat(length), hubs: longHubs }, at)
    expect(about(512)).toMatchObject({ ok: false, error: { code: 'profile-too-large' } })
    const most = Array.from({ length: 512 }, (_, length) => length).findLast(
      (length) => about(length).ok,
    ) as number
    expect(about(most + 1)).toMatchObject({
      ok: false,
      error: { code: 'profile-too-large', over: expect.any(Number) },
    })
    const profile = made(about(most))
    const moves = [0, 1, 2].map((n) => world.move(key(n), key(n + 1), [1, 2 ** 53 - 1, cidOf(`end ${n}`)]))
    const revoked = gone(23).map(
      ([identity, [, , head]]) => [identity, [2 ** 31, 2 ** 53 - 1, head]] as const,
    )
    const named = many.map((each) => each.with(2, 'x'.repeat(24)) as unknown as SynodMember)
    const full = state(key(3), null, moves, { members: named, revoked })
    const judged = judge({ ...full, state: { ...full.state, about: profile.about, hubs: profile.hubs } })
    expect(revoke(judged, device(2), [2 ** 31, 2 ** 53 - 1, cidOf('x')], at).ok).toBe(true)
  })

  test('[Y9] a state that no entry can hold is refused, with the bytes that are too many', () => {
    const { state: full } = state(key0, null, [], { members: many, revoked: gone(24) })
    const quotes = many.map((each) => each.with(2, '"'.repeat(24)) as unknown as SynodMember)
    const about = '\n'.repeat(512)
    const hubs = Array.from(
      { length: 8 },
      (_, index) => [device(200), `wss://${index}${'x'.repeat(248)}`] as const,
    )
    const proven = state(key0, null, [])
    const judged = judge({ ...proven, state: { ...full, identities: quotes, about, hubs, dropboxes: hubs } })
    const refused = setLabel(judged, device(1), 'x', at)
    expect(refused).toMatchObject({ ok: false, error: { code: 'state-too-large' } })
    expect(!refused.ok && refused.error.code === 'state-too-large' && refused.error.over).toBeGreaterThan(0)
  })
})

test('[Y6] [Y9] what is built is judged as it was meant', () => {
  const steps: readonly ((authority: ReturnType<typeof judge>) => NextState)[] = [
    (authority) => addMember(authority, member(2, 2), at),
    (authority) => addMember(authority, member(3, 3), at),
    (authority) => handOver(authority, device(3), at),
    (authority) => revoke(authority, device(1), final, at),
    (authority) => grantLeave(authority, device(2), null, at),
  ]
  const states = [state(key0, null, [], { members: [member(1, 1)] })]
  for (const step of steps) {
    const next = made(step(judge(...states)))
    const placed = state(key0, states.at(-1)!, [], {})
    states.push({ ...placed, cid: cidOf(JSON.stringify(next)), state: next })
  }
  const authority = judge(...states)
  expect([1, 2, 3].map((byte) => standingOf(authority, device(byte)).type)).toEqual([
    'revoked',
    'frozen',
    'member',
  ])
  expect(authority.disputed).toBe(false)
})

test('[Y6] [Y9] any history of steps: the verdict is what was done, whoever holds which of the states', () => {
  const step = fc.record({
    act: fc.constantFrom('add', 'add', 'revoke', 'leave', 'go', 'hand-over', 'forget'),
    byte: fc.integer({ min: 1, max: 6 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.array(fc.boolean()), (steps, held) => {
      const states = [state(key0, null, [], { members: [member(1, 1)] })]
      const expected = new Map<Identity, string>([[device(1), 'member']])
      for (const { act, byte } of steps) {
        const authority = judge(...states)
        const serial = nextSerial(authority.current!.state)
        const next = {
          add: () => addMember(authority, member(byte, serial), at),
          revoke: () => revoke(authority, device(byte), final, at),
          leave: () => grantLeave(authority, device(byte), final, at),
          go: () => grantLeave(authority, device(byte), null, at),
          'hand-over': () => handOver(authority, device(byte), at),
          forget: () => forgetRevoked(authority, device(byte), at),
        }[act]()
        if (!next.ok) continue
        const placed = state(key0, states.at(-1)!, [], {})
        states.push({ ...placed, cid: cidOf(placed.parent + JSON.stringify(next.value)), state: next.value })
        const becomes = { add: 'member', revoke: 'revoked', leave: 'revoked', go: 'frozen' }
        if (act in becomes) expected.set(device(byte), becomes[act as keyof typeof becomes])
      }
      const all = judge(...states)
      for (const [identity, type] of expected) expect(standingOf(all, identity).type).toBe(type)
      expect(mainDevice(all.current!.state)).not.toBeNull()
      // Whoever has the newest state knows the members, with whatever else is missing.
      const some = judge(...states.filter((_, index) => index === states.length - 1 || held[index] === true))
      const members = (authority: typeof all) =>
        [...authority.standings].filter(([, { type }]) => type === 'member').map(([identity]) => identity)
      expect(members(some)).toEqual(members(all))
      expect(some.disputed).toBe(false)
    }),
    { numRuns: 60 },
  )
})
