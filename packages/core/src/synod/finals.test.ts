import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cidOf, deviceIdentity } from '../../test/synod-world.ts'
import { compareHeads, type Head } from '../head-record.ts'
import { chooseFinal, finalOfHead, type HeadSighting } from './finals.ts'
import { isBeyondFinal, refuseHead } from './standing.ts'

const identity = deviceIdentity(1)
const head = (length: number, epoch = 1, branch = ''): Head => ({
  identity,
  epoch,
  length,
  comparable: length * 1000,
  bytes: length * 400,
  head: cidOf(`${epoch} ${length} ${branch}`),
})
const seen = (seenMs: number, what: Head, by: 'own' | 'hub' = 'own'): HeadSighting => ({
  head: what,
  seenMs,
  by,
})

describe('chooseFinal', () => {
  test('[Y12] [T14] the highest that own devices saw before the loss', () => {
    const sightings = [seen(10, head(3)), seen(20, head(5)), seen(31, head(9)), seen(30, head(6))]
    expect(chooseFinal(sightings, 30)).toEqual({
      own: head(6),
      claimed: null,
      forked: false,
      highest: head(9),
    })
  })

  test('[Y12] [T26] a rebase by the thief, seen after the loss, does not win by its epoch', () => {
    expect(chooseFinal([seen(10, head(5)), seen(40, head(1, 2))], 30)).toMatchObject({
      own: head(5),
      highest: head(1, 2),
    })
  })

  test('[Y12] what entries say of time counts for nothing', () => {
    const backdated = { ...head(6), comparable: 5001 }
    expect(chooseFinal([seen(10, head(5)), seen(40, backdated)], 30).own).toEqual(head(5))
  })

  test('[Y12] a hub’s word is offered, never chosen', () => {
    expect(chooseFinal([seen(10, head(3)), seen(20, head(5), 'hub')], 30)).toMatchObject({
      own: head(3),
      claimed: head(5),
    })
    expect(chooseFinal([seen(10, head(5)), seen(20, head(3), 'hub')], 30).claimed).toBeNull()
    expect(chooseFinal([seen(20, head(5), 'hub')], 30)).toMatchObject({ own: null, claimed: head(5) })
  })

  test('[Y12] nothing seen before is no choice', () => {
    expect(chooseFinal([], 30)).toEqual({ own: null, claimed: null, forked: false, highest: null })
    expect(chooseFinal([seen(31, head(1))], 30)).toMatchObject({ own: null, highest: head(1) })
  })

  test('[Y12] two heads that one chain cannot have are told', () => {
    expect(chooseFinal([seen(1, head(3)), seen(2, head(3, 1, 'other'))], 30).forked).toBe(true)
  })

  test('[Y12] whatever the order of sightings, and never above what was seen', () => {
    const sighting = fc.record({
      seenMs: fc.integer({ min: 0, max: 60 }),
      head: fc
        .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 2 }))
        .map(([n, epoch]) => head(n, epoch)),
      by: fc.constantFrom('own', 'hub'),
    })
    fc.assert(
      fc.property(
        fc
          .array(sighting)
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const choice = chooseFinal(all, 30)
          expect(chooseFinal(shuffled, 30)).toEqual(choice)
          for (const { head: each, seenMs, by } of all) {
            if (by === 'own' && seenMs <= 30) expect(compareHeads(each, choice.own!)).toBeLessThanOrEqual(0)
          }
        },
      ),
    )
  })
})

describe('beyond a final', () => {
  const final = finalOfHead(head(5))

  test('[Y7] [T14] longer, of another epoch, or another head of that length', () => {
    expect(isBeyondFinal(head(5), final)).toBe(false)
    expect(isBeyondFinal(head(4), final)).toBe(false)
    expect(isBeyondFinal(head(6), final)).toBe(true)
    expect(isBeyondFinal(head(5, 1, 'other'), final)).toBe(true)
    expect(isBeyondFinal(head(2, 2), final)).toBe(true)
    expect(isBeyondFinal(head(2), finalOfHead(head(5, 2)))).toBe(true)
    expect(isBeyondFinal(head(1), null)).toBe(true)
  })

  test('[Y7] what each standing refuses', () => {
    const member = [identity, '', '', 1, ''] as const
    expect(refuseHead(head(6), { type: 'member', member }, null)).toBeNull()
    expect(refuseHead(head(6, 3), { type: 'foreign' }, head(9))).toBeNull()
    expect(refuseHead(head(6), { type: 'in-power' }, null)).toBeNull()
    expect(refuseHead(head(6, 2), { type: 'in-power' }, null)).toBe('synod-rebased')
    for (const type of ['moved', 'revoked'] as const) {
      const standing = { type, to: identity, final }
      expect(refuseHead(head(5), standing, head(9, 2))).toBeNull()
      expect(refuseHead(head(6), standing, head(6))).toBe('beyond-final')
      expect(refuseHead(head(1), { ...standing, final: null }, null)).toBe('beyond-final')
    }
    expect(refuseHead(head(5), { type: 'frozen' }, head(5))).toBeNull()
    expect(refuseHead(head(6), { type: 'frozen' }, head(5))).toBe('frozen')
    expect(refuseHead(head(1, 2), { type: 'frozen' }, head(5))).toBe('frozen')
    expect(refuseHead(head(1), { type: 'frozen' }, null)).toBe('frozen')
  })
})
