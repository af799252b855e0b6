import { type Identity, identityOfKey, type RawCid, rawCid, utf8 } from '@effigy/core'
import { createFakeClock, createRandom } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testCrypto } from '../../test/handshake-kit.ts'
import { type CarrierSession, createCarriers } from './carriers.ts'
import { backlogBytes, mostHeads, type Telling, TellingRate } from './telling-rate.ts'

const feed: Identity = identityOfKey(createRandom('feed').bytes(32))
const head = (name: number): RawCid => rawCid(utf8(`head ${name}`), testCrypto.sha256)

function world() {
  const clock = createFakeClock()
  const asked: string[] = []
  const session = (name: string): CarrierSession => ({
    carry: (_, on) => void asked.push(`${name} ${on ? 'on' : 'off'}`),
  })
  const [a, b, c] = [session('a'), session('b'), session('c')]
  return { clock, carriers: createCarriers(clock), asked, a, b, c }
}

describe('who carries a feed', () => {
  test('[G4] the first to tell; from others it is not fetched while that one may bring it', () => {
    const { carriers, asked, a, b } = world()
    expect(carriers.told(feed, head(1), a, true)).toBe(true)
    expect(carriers.told(feed, head(1), b, false)).toBe(false)
    expect(carriers.told(feed, head(2), a, true)).toBe(true)
    expect(asked).toEqual(['a on'])
  })

  test('[G4] what is found while coming up to date makes a carrier only where there is none', () => {
    const { carriers, asked, a, b } = world()
    carriers.prefer(feed, a)
    carriers.found(feed, b)
    expect(asked).toEqual(['a on'])
  })

  test('[G4] who tells well before the carrier brings becomes it; a little before is chance', async () => {
    const { clock, carriers, asked, a, b } = world()
    carriers.brought(feed, head(1), a)
    carriers.told(feed, head(2), b, true)
    await clock.advance(10)
    carriers.brought(feed, head(2), a)
    expect(asked).toEqual(['a on'])
    carriers.told(feed, head(3), b, true)
    await clock.advance(30)
    carriers.brought(feed, head(3), a)
    expect(asked).toEqual(['a on', 'a off', 'b on'])
    // Another head is no measure.
    carriers.told(feed, head(5), a, true)
    await clock.advance(30)
    carriers.brought(feed, head(4), b)
    expect(asked).toHaveLength(3)
  })

  test('[G4] who does not bring in time is replaced, unless it told the head alone itself', () => {
    const { carriers, asked, a, b } = world()
    carriers.brought(feed, head(1), a)
    carriers.told(feed, head(2), b, true)
    carriers.told(feed, head(2), a, false)
    carriers.late(feed, head(2), b)
    expect(asked).toEqual(['a on'])
    carriers.told(feed, head(3), b, true)
    carriers.late(feed, head(3), b)
    expect(asked).toEqual(['a on', 'a off', 'b on'])
  })

  test('[G4] a session that is over carries nothing, and is asked nothing any more', () => {
    const { carriers, asked, a, b, c } = world()
    carriers.brought(feed, head(1), a)
    carriers.told(feed, head(2), b, true)
    carriers.leave(b)
    carriers.leave(a)
    expect(carriers.told(feed, head(2), c, true)).toBe(true)
    expect(asked).toEqual(['a on', 'c on'])
  })

  test('[G4] whatever happens, one session at most is asked to carry', () => {
    const act = fc.record({
      what: fc.constantFrom('told', 'found', 'late', 'brought', 'repeated', 'prefer', 'leave'),
      who: fc.nat(2),
      head: fc.nat(3),
      isNew: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const carriers = createCarriers(createFakeClock())
        const on = [false, false, false]
        const sessions = on.map(
          (_, index): CarrierSession => ({
            carry(_feed, isOn) {
              on[index] = isOn
            },
          }),
        )
        for (const { what, who, head: name, isNew } of acts) {
          const by = sessions[who] as CarrierSession
          if (what === 'told') carriers.told(feed, head(name), by, isNew)
          else if (what === 'late' || what === 'brought') carriers[what](feed, head(name), by)
          else if (what !== 'leave') carriers[what](feed, by)
          else {
            carriers.leave(by)
            on[who] = false
          }
          expect(on.filter(Boolean).length).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})

describe('how much is told at once', () => {
  test('[G3] behind a backlog less each time, never nothing; then more again; and no entries ride along', () => {
    let buffered = backlogBytes + 1
    const rate = new TellingRate({ buffered: () => buffered })
    const next = (): Telling => rate.next()
    const falling = Array.from({ length: 20 }, () => next())
    expect(falling[0]).toEqual({ heads: 75, carries: false })
    expect(falling.at(-1)).toEqual({ heads: 8, carries: false })
    buffered = backlogBytes
    const rising = Array.from({ length: 6 }, () => next())
    expect(rising[0]).toEqual({ heads: 28, carries: true })
    expect(rising.at(-1)?.heads).toBe(mostHeads)
  })
})
