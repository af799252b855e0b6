/** Laws of the two state machines and of what they read, whatever comes in whatever order (L10-L14). */
import { encodeBase64url, type Json, type JsonObject, type Root } from '@effigy/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bobIdentity, fill, testCrypto } from '../../test/handshake-kit.ts'
import { createAccount } from '../../test/pairing-kit.ts'
import {
  admittedAnswer,
  isLabel,
  readAdmitted,
  readEmpty,
  readJoin,
  readOpen,
  readStage,
  readStart,
  readStarted,
  readTerms,
} from './calls.ts'
import { emojiCommitment } from './emoji.ts'
import { createJoining, type JoiningEffect, type JoiningEvent } from './joining.ts'
import { defaultPairingLimits } from './limits.ts'
import { createLinked, type LinkedEffect, type LinkedEvent } from './linked.ts'
import { createOneUse } from './one-use.ts'
import { localFault } from './pairing-state.ts'

const { sha256 } = testCrypto
const root = encodeBase64url(fill(9)) as Root
const nonce = fill(1)
const admitted = await (await createAccount()).state([])
const common = {
  remote: bobIdentity,
  exporter: fill(3),
  nonce: fill(4),
  crypto: testCrypto,
  limits: defaultPairingLimits,
}
const linkedEvents: readonly LinkedEvent[] = [
  { type: 'opened' },
  { type: 'start', commitment: emojiCommitment(nonce, sha256) },
  { type: 'open', nonce, box: fill(2), label: 'phone' },
  { type: 'decided', matches: true },
  { type: 'terms', serial: 4 },
  { type: 'join', signature: fill(5, 64) },
  { type: 'verified', valid: true },
  { type: 'stage', stage: 'signing' },
  { type: 'admitted', admitted },
  { type: 'done' },
  { type: 'withdrawn', uncertain: null },
  { type: 'decided', matches: false },
  { type: 'verified', valid: false },
  { type: 'refused', code: 'no' },
  { type: 'timeout' },
  { type: 'stopped', fault: localFault('pairing-cancelled') },
]
const joiningEvents: readonly JoiningEvent[] = [
  { type: 'opened' },
  { type: 'started', nonce },
  { type: 'decided', matches: true },
  { type: 'terms', terms: { root, serial: 4 } },
  { type: 'signed', signature: fill(5, 64) },
  { type: 'stage', stage: 'signing' },
  { type: 'admitted', admitted },
  { type: 'checked', valid: true },
  { type: 'finished' },
  { type: 'decided', matches: false },
  { type: 'checked', valid: false },
  { type: 'timeout' },
  { type: 'stopped', fault: localFault('pairing-cancelled') },
]

/** Mostly the right order, with slips: what is left out, put in, or comes twice. */
function histories<Event>(events: readonly Event[], inOrder: number): fc.Arbitrary<Event[]> {
  const slip = fc.tuple(fc.nat(inOrder), fc.constantFrom('left-out', 'put-in'), fc.constantFrom(...events))
  return fc.array(slip, { maxLength: 4 }).map((slips) => {
    const history = events.slice(0, inOrder)
    for (const [at, kind, event] of slips)
      history.splice(at, kind === 'left-out' ? 1 : 0, ...(kind === 'left-out' ? [] : [event]))
    return history
  })
}

describe('the linked device', () => {
  const run = (history: readonly LinkedEvent[]) => {
    const machine = createLinked({ ...common, root })
    const effects: { readonly effect: LinkedEffect; readonly at: number }[] = []
    for (const [at, event] of history.entries()) {
      for (const effect of machine.step(event)) effects.push({ effect, at })
    }
    const of = (type: LinkedEffect['type']) => effects.filter(({ effect }) => effect.type === type)
    return { effects, of }
  }

  test('goes through when all is in order', () => {
    const { of } = run(linkedEvents.slice(0, 10))
    expect(of('outcome')).toMatchObject([{ effect: { outcome: { ok: true } } }])
    expect(of('withdraw')).toEqual([])
  })

  test('[L10] asks the account once, and only after the person and a valid signature', () => {
    fc.assert(
      fc.property(histories(linkedEvents, 10), (history) => {
        const { of } = run(history)
        const before = (at: number) => history.slice(0, at + 1)
        expect(of('admit').length).toBeLessThanOrEqual(1)
        for (const { at } of of('admit')) {
          expect(before(at)).toContainEqual({ type: 'decided', matches: true })
          expect(before(at)).not.toContainEqual({ type: 'decided', matches: false })
          expect(before(at)).toContainEqual({ type: 'verified', valid: true })
        }
        // What it shows of the account, too.
        for (const { at } of of('terms'))
          expect(before(at)).toContainEqual({ type: 'decided', matches: true })
      }),
      { numRuns: 3_000 },
    )
  })

  test('[L14] one outcome, the session ends, and what was listed is acknowledged or taken back', () => {
    fc.assert(
      fc.property(histories(linkedEvents, 10), (history) => {
        // The session ends at last, and whatever the account was asked for is answered.
        const ending: LinkedEvent[] = [
          { type: 'stopped', fault: localFault('pairing-cut') },
          { type: 'admitted', admitted },
          { type: 'withdrawn', uncertain: null },
        ]
        const { of, effects } = run([...history, ...ending])
        expect(of('outcome').length).toBe(1)
        expect(of('end').length).toBe(1)
        const outcome = of('outcome')[0]?.effect
        const isLinked = outcome?.type === 'outcome' && outcome.outcome.ok
        const wasAsked = of('admit').length === 1
        const askedAt = of('admit')[0]?.at ?? Number.POSITIVE_INFINITY
        const wasRefused = history.some(({ type }, at) => type === 'refused' && at > askedAt)
        if (wasAsked && !isLinked && !wasRefused) expect(of('withdraw').length).toBe(1)
        if (!wasAsked) expect(of('withdraw').length).toBe(0)
        expect(isLinked && of('withdraw').length > 0).toBe(false)
        if (isLinked)
          expect(effects.some(({ effect }) => effect.type === 'answer' && effect.method === 'join')).toBe(
            true,
          )
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('the joining device', () => {
  const run = (history: readonly JoiningEvent[]) => {
    const machine = createJoining({
      ...common,
      identity: bobIdentity,
      box: fill(2),
      label: 'phone',
      root,
    })
    const effects = history.flatMap((event, at) => machine.step(event).map((effect) => ({ effect, at })))
    return (type: JoiningEffect['type']) => effects.filter(({ effect }) => effect.type === type)
  }

  test('goes through when all is in order', () => {
    expect(run(joiningEvents.slice(0, 9))('outcome')).toMatchObject([{ effect: { outcome: { ok: true } } }])
  })

  test('[L10] [L13] signs once, after its person; is linked only by a checked state', () => {
    fc.assert(
      fc.property(histories(joiningEvents, 9), (history) => {
        const of = run([...history, { type: 'stopped', fault: localFault('pairing-cut') }])
        expect(of('sign').length).toBeLessThanOrEqual(1)
        for (const { at } of of('sign')) {
          expect(history.slice(0, at + 1)).toContainEqual({ type: 'decided', matches: true })
        }
        const calls = of('call').map(({ effect }) => (effect.type === 'call' ? effect.call.method : ''))
        expect(['start', 'open', 'join', 'done'].slice(0, calls.length)).toEqual(calls)
        expect([of('end').length, of('outcome').length]).toEqual([1, 1])
        const [{ effect, at }] = of('outcome') as [{ effect: JoiningEffect; at: number }]
        if (effect.type !== 'outcome' || (!effect.outcome.ok && effect.outcome.error.uncertain === null))
          return
        expect(history.slice(0, at + 1)).toContainEqual({ type: 'checked', valid: true })
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('what is read of the other side', () => {
  const readers = [readStart, readStarted, readOpen, readTerms, readJoin, readStage, readEmpty, readAdmitted]
  const good: readonly (readonly [JsonObject, (typeof readers)[number]])[] = [
    [{ commitment: encodeBase64url(fill(1)) }, readStart],
    [{ nonce: encodeBase64url(fill(1)) }, readStarted],
    [{ nonce: encodeBase64url(fill(1)), box: encodeBase64url(fill(2)), label: 'phone' }, readOpen],
    [{ root, serial: 4 }, readTerms],
    [{ signature: encodeBase64url(fill(1, 64)) }, readJoin],
    [{ stage: 'asking-main' }, readStage],
    [{}, readEmpty],
  ]

  test('[L10] as it is, and not with a field more or less, or any letter changed away from its form', () => {
    for (const [value, read] of good) {
      const bytes = new Uint8Array(0)
      expect(read({ value, bytes })).not.toBeNull()
      expect(read({ value: { ...value, more: 1 }, bytes })).toBeNull()
      expect(read({ value, bytes: fill(0, 1) })).toBeNull()
      for (const key of Object.keys(value)) {
        const { [key]: _left, ...rest } = value
        expect(read({ value: rest, bytes })).toBeNull()
        const text = value[key]
        for (let length = 0; typeof text === 'string' && text.length > 30 && length < text.length; length++) {
          expect(read({ value: { ...value, [key]: text.slice(0, length) }, bytes })).toBeNull()
        }
      }
    }
  })

  test('never throws', () => {
    const json = fc.object({ maxDepth: 2, values: [fc.jsonValue() as fc.Arbitrary<Json>] })
    const keys = fc.constantFrom(
      'commitment',
      'nonce',
      'box',
      'label',
      'root',
      'serial',
      'signature',
      'stage',
      'entry',
    )
    const field = fc.oneof(fc.jsonValue(), fc.string(), fc.integer(), fc.base64String())
    const value = fc.oneof(json, fc.dictionary(keys, field)) as fc.Arbitrary<JsonObject>
    fc.assert(
      fc.property(value, fc.uint8Array(), (given, bytes) => {
        for (const read of readers) read({ value: given, bytes })
      }),
      { numRuns: 2_000 },
    )
  })

  test('[L10] an admitted state comes as it was sent, and cut nowhere', () => {
    const { value, bytes } = admittedAnswer(admitted)
    const whole = bytes as Uint8Array
    expect(readAdmitted({ value, bytes: whole })).toEqual(admitted)
    for (let length = 0; length < whole.length; length++) {
      expect(readAdmitted({ value, bytes: whole.subarray(0, length) })).toBeNull()
    }
    for (const entry of [0, -1, 1.5, 15_361, 2 ** 60])
      expect(readAdmitted({ value: { entry }, bytes: whole })).toBeNull()
  })

  test('[L10] a label is what a person can tell apart', () => {
    expect(['phone', 'Téléphone 📱', 'x'.repeat(24)].every(isLabel)).toBe(true)
    for (const label of [
      '',
      ' ',
      'x'.repeat(25),
      '📱'.repeat(7),
      'a\tb',
      '\ud83d',
      'a\u2028',
      '\u200fa',
      '\u2067a',
    ]) {
      expect(isLabel(label)).toBe(false)
    }
  })
})

test('[L6] a code is good once, and for its time', () => {
  const used = createOneUse(1_000, 500)
  expect([used.verdict(1_499), used.verdict(1_500)]).toEqual([null, 'code-expired'])
  expect([used.take(1_499), used.take(1_499), used.verdict(9_999)]).toEqual([
    'taken',
    'code-used',
    'code-used',
  ])
  const late = createOneUse(1_000, 500)
  expect([late.take(1_500), late.verdict(1_500)]).toEqual(['code-expired', 'code-expired'])
  const voided = createOneUse(1_000, 500)
  voided.void()
  expect(voided.take(1_001)).toBe('code-used')
})
