/** What people tell each other apart by (Y42-Y45). */
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeBody, codeText } from '../../test/code-world.ts'
import { lookAlikes, oddNames, peopleVectors } from '../../test/people-world.ts'
import { sha256 } from '../../test/world.ts'
import { parseInviteCode, parseLinkCode, parseSafetyCode, writeSafetyCode } from '../codes/index.ts'
import type { Account } from '../payloads/accounts.ts'
import { emojis, nameFacts, nameSkeleton, safetyNumber, safetyPictures } from './index.ts'

const file = new URL('../../../../spec/vectors/people.json', import.meta.url)
const vectors = peopleVectors()

test('the vectors are those in the repository', () => {
  expect(existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(vectors)),
  )
})

describe('the safety number', () => {
  const [pair, reversed, moved, lone, asKey] = vectors.numbers

  test('[Y42] is 60 digits, the same for both, and stays when an account moves', () => {
    for (const { number } of vectors.numbers) expect(number).toMatch(/^[0-9]{60}$/)
    expect(reversed!.number).toBe(pair!.number)
    expect(moved!.number).toBe(pair!.number)
  })

  test('[Y42] is twelve pictures too, one for each group', () => {
    for (const { number, pictures } of vectors.numbers) {
      const groups = number.match(/.{5}/g)!.map(Number)
      expect(pictures).toEqual(groups.map((group) => emojis[group % 64]!.emoji))
    }
    expect(safetyPictures(`${'00000'.repeat(11)}00063`).map(({ name }) => name)).toEqual([
      ...Array<string>(11).fill('dog'),
      'pin',
    ])
  })

  test('[Y42] another person has another one, and a root is no key of the same bytes', () => {
    expect(new Set([pair, lone, asKey].map((each) => each!.number)).size).toBe(3)
  })
})

describe('the code that shows it', () => {
  test.for(vectors.codes)('[Y43] $name is read as it was written', ({ text, says }) => {
    expect(parseSafetyCode(text, sha256)).toEqual({ ok: true, value: says })
    expect(text.endsWith(writeSafetyCode(says, sha256))).toBe(true)
  })

  test.for(vectors.refused)('[Y43] [T15] $name is $code', ({ text, code }) => {
    expect(parseSafetyCode(text, sha256)).toEqual({ ok: false, error: { code } })
  })

  test('[L2] [T15] is refused where a device is linked or an invite accepted', () => {
    const { text } = vectors.codes[0]!
    const link = parseLinkCode(text, { nowMs: 0, isUsed: () => false, sha256 })
    const invite = parseInviteCode(text, { nowMs: 0, sha256 })
    for (const read of [link, invite]) expect(read).toEqual({ ok: false, error: { code: 'code-safety' } })
  })

  test('[Y43] cut anywhere, with any bit turned, or made of random bytes it never throws', () => {
    const { text } = vectors.codes[0]!
    for (let length = 0; length < text.length; length++) {
      expect(parseSafetyCode(text.slice(0, length), sha256).ok).toBe(false)
    }
    for (let at = 0; at < text.length; at++) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
        const letter = String.fromCharCode(text.charCodeAt(at) ^ bit)
        expect(parseSafetyCode(text.slice(0, at) + letter + text.slice(at + 1), sha256).ok).toBe(false)
      }
    }
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 120 }),
          fc.uint8Array({ minLength: 1, maxLength: 40 }).map((end) => {
            const body = codeBody(text).slice()
            body.set(end, body.length - end.length)
            return body
          }),
        ),
        (body) => {
          const given = codeText('effigy-safety-1-', body)
          const read = parseSafetyCode(given, sha256)
          if (read.ok) expect(writeSafetyCode(read.value, sha256)).toBe(given)
        },
      ),
    )
  })

  test('a number that is none is our mistake', () => {
    const someone: Account = vectors.numbers[0]!.one
    for (const number of ['', '1'.repeat(59), 'a'.repeat(60)]) {
      expect(() => writeSafetyCode({ ...someone, number }, sha256)).toThrow(RangeError)
    }
    expect(safetyNumber(someone, someone)).toMatch(/^[0-9]{60}$/)
  })
})

describe('names', () => {
  test('[Y44] look alike within a group, and no two groups are taken for each other', () => {
    for (const group of lookAlikes) {
      const skeletons = new Set(group.map(nameSkeleton))
      expect([group, [...skeletons]]).toEqual([group, [nameSkeleton(group[0]!)]])
    }
    const all = lookAlikes.map(([first]) => nameSkeleton(first!))
    expect(new Set(all).size).toBe(all.length)
  })

  test.for(oddNames)('[Y45] %j is %j', ([name, facts]) => {
    expect(nameFacts(name)).toEqual(facts)
  })

  test('[Y44] [Y45] never throw, whatever a name is, and take no time for a long one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        expect(typeof nameSkeleton(name)).toBe('string')
        nameFacts(name)
      }),
    )
    for (const piece of ['\u200d', '👩‍', 'e\u0301', '\u202e', '🏴\u{e0067}', 'م\u200c', ' ', '\u{e0067}']) {
      nameSkeleton(piece.repeat(50_000))
      nameFacts(piece.repeat(50_000))
    }
  })
})
