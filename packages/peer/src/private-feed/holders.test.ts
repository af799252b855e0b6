import type { Authority, Identity, Root } from '@effigy/core'
import type { Store } from '@effigy/store'
import { describe, expect, test } from 'vitest'
import { createHolders } from './holders.ts'
import type { Intent } from './intent.ts'

type Standing = 'member' | 'revoked' | 'frozen'

const dayMs = 86_400_000
const [alice, bob, carol] = ['alice', 'bob', 'carol'] as unknown as readonly [Identity, Identity, Identity]
const root = 'bobs' as Root

/** Of Alice's device, whose feed Bob reads; each test says what is known of the account, Bob's or her own. */
function openWorld(whose = bob) {
  const settings = new Map<string, string>()
  const world = {
    account: null as Authority | null,
    carols: null as Authority | null,
    now: 1_800_000_000_000,
    settings,
  }
  const store = {
    synods: {
      accountOf: (identity: Identity) =>
        (identity === whose ? world.account : identity === carol ? world.carols : null)?.root ?? null,
      account: (of: Root) => (of === 'carols' ? world.carols : world.account),
    },
    setting: (key: string) => settings.get(key) ?? null,
    saveSetting: (key: string, value: string) => void settings.set(key, value),
  } as unknown as Pick<Store, 'synods' | 'setting' | 'saveSetting'>
  const holders = createHolders({ store, identity: alice, now: () => world.now })
  return {
    world,
    says(devices: Readonly<Record<string, Standing>>, { disputed = false, recovery = 'r1', of = root } = {}) {
      const standings = new Map(Object.entries(devices).map(([name, type]) => [name, { type }]))
      const authority = { root: of, current: { state: { recovery } }, disputed, standings }
      world[of === root ? 'account' : 'carols'] = authority as unknown as Authority
    },
    isLost: (intent = wanted('k1'), isInUse = false) => holders.isKeyLost(intent, isInUse),
    renewed: (intent: Intent) => holders.renewed(intent),
  }
}

const wanted = (keyId: string, readers: Intent['readers'] = [{ identity: bob, root: null }]): Intent => ({
  ...{ keyId, epoch: 2, readers, leaveOut: true, keep: 'all' },
})

describe('[X25] the key of a private feed is lost', () => {
  test('once a device is out, and no more under the next key', () => {
    const { says, isLost, renewed } = openWorld()
    says({ bob: 'member', phone: 'member', old: 'revoked' })
    expect(isLost()).toBe(false)
    says({ bob: 'member', phone: 'revoked', old: 'revoked' })
    expect([isLost(), isLost()]).toEqual([true, true])
    renewed(wanted('k2'))
    expect(isLost(wanted('k2'))).toBe(false)
  })

  test.for([
    ['that joined since', { phone: 'member' }, { phone: 'revoked' }],
    ['that came and went unheard', {}, { phone: 'revoked' }],
    ['that was let go', { phone: 'member' }, { phone: 'frozen' }],
    ['that no state names any more', { phone: 'member' }, {}],
  ] as const)('by a device %s', ([, joined, left]) => {
    const { says, isLost } = openWorld()
    says({ bob: 'member' })
    isLost()
    says({ bob: 'member', ...joined })
    expect(isLost()).toBe(false)
    says({ bob: 'member', ...left })
    expect(isLost()).toBe(true)
  })

  test('by another recovery key', () => {
    const { says, isLost } = openWorld()
    says({ bob: 'member' })
    isLost()
    says({ bob: 'member' }, { recovery: 'r2' })
    expect(isLost()).toBe(true)
  })

  test('by a lone device that came into an account, not by those which were out of that before', () => {
    const { says, isLost } = openWorld()
    isLost()
    says({ bob: 'member', other: 'member', old: 'revoked' })
    expect(isLost()).toBe(false)
    says({ bob: 'revoked', other: 'member', old: 'revoked' })
    expect(isLost()).toBe(true)
  })

  test('in a dispute by who is revoked alone; with nothing known by nobody', () => {
    const { says, isLost, world } = openWorld()
    says({ bob: 'member', phone: 'member' })
    isLost()
    says({ bob: 'member', phone: 'frozen' }, { disputed: true })
    expect(isLost()).toBe(false)
    world.account = null
    expect(isLost()).toBe(false)
    says({ bob: 'member', phone: 'revoked' }, { disputed: true })
    expect(isLost()).toBe(true)
  })

  test('also by who was out when a store noted nothing of a key in use', () => {
    const { says, isLost, renewed } = openWorld()
    says({ bob: 'member', phone: 'revoked' })
    expect(isLost(wanted('k1'), true)).toBe(true)
    renewed(wanted('k2'))
    expect(isLost(wanted('k2'), true)).toBe(false)
  })

  test.for([
    ['was out before, by nobody', {}, {}, false],
    ['went since', { phone: 'revoked' }, {}, true],
    ['has the words of before', {}, { recovery: 'r2' }, true],
  ] as const)('on a disk that was put back: who %s', ([, since, change, expected]) => {
    const { says, isLost } = openWorld(alice)
    const before = { alice: 'member', phone: 'member', old: 'revoked' } as const
    says(before)
    isLost(wanted('k1', []))
    says({ ...before, ...since }, change)
    expect(isLost(wanted('found', []), true)).toBe(expected)
  })

  test('by own devices that were out when it was known again who speaks for them', () => {
    const { says, isLost, world } = openWorld(alice)
    says({ alice: 'member', phone: 'member' })
    const { account } = world
    world.account = { ...(account as Authority), current: null }
    expect(isLost(wanted('k1', []))).toBe(false)
    says({ alice: 'member', phone: 'revoked' })
    expect(isLost(wanted('k1', []))).toBe(true)
  })

  test('[T16] whoever has other devices all the time takes no more room than the devices of one moment', () => {
    const { says, isLost, world } = openWorld()
    says({ bob: 'member' })
    isLost()
    const names = Array.from({ length: 200 }, (_, index) => `device-${index}`)
    for (const name of names) {
      says({ bob: 'member', [name]: 'member' })
      isLost()
    }
    const noted = [...world.settings.values()].join()
    expect(names.filter((name) => noted.includes(`"${name}"`))).toEqual(['device-0'])
    expect(isLost()).toBe(true)
  })

  test.for([
    ['readers four times a day', bob, [true, true, true, true, false], 4],
    ['own devices each time, which counts for none of these', alice, [true, true, true, true, true], 0],
  ] as const)('by %s', ([, whose, expected, turns]) => {
    const { says, isLost, renewed, world } = openWorld(whose)
    const devices: Record<string, Standing> = { [whose]: 'member' }
    let keyId = 'k'
    function lose(name: string): boolean {
      devices[name] = 'revoked'
      says({ ...devices })
      const isDue = isLost(wanted(keyId))
      if (isDue) {
        keyId = `key after ${name}`
        renewed(wanted(keyId))
      }
      return isDue
    }
    says({ ...devices })
    isLost(wanted(keyId))
    expect(['1', '2', '3', '4', '5'].map(lose)).toEqual(expected)
    const noted = JSON.parse(world.settings.get('private-feed/holders') ?? '')
    expect(Object.values(noted.turns).flat()).toHaveLength(turns)
    // What was left is made up for later; a clock that was ahead counts for nothing.
    world.now += dayMs
    expect(isLost(wanted(keyId))).toBe(!expected.at(-1))
    world.now -= 3 * dayMs
    expect(lose('6')).toBe(true)
  })

  test('[T16] by a reader whom others, who have had theirs, put off by no hour; an older store has one list for all', () => {
    const { says, isLost, renewed, world } = openWorld()
    const carols = { of: 'carols' as Root }
    const readers = [bob, carol].map((identity) => ({ identity, root: null }))
    const key = 'private-feed/holders'
    let [keyId, lost] = ['k', 0]
    const lose = (): boolean => {
      lost++
      says({
        bob: 'member',
        ...Object.fromEntries(Array.from({ length: lost }, (_, at) => [`${at}`, 'revoked'])),
      })
      return turn()
    }
    const turn = (): boolean => {
      if (!isLost(wanted(keyId, readers))) return false
      keyId += '+'
      renewed(wanted(keyId, readers))
      return true
    }
    says({ bob: 'member' })
    says({ carol: 'member', phone: 'member' }, carols)
    expect(turn()).toBe(false)
    const noted = JSON.parse(world.settings.get(key) ?? '')
    world.settings.set(key, JSON.stringify({ ...noted, turns: Array(9).fill(world.now) }))
    expect([lose(), lose(), lose(), lose(), lose()]).toEqual([true, true, true, true, false])
    says({ carol: 'member', phone: 'revoked' }, carols)
    expect([turn(), turn()]).toEqual([true, false])
    const { turns } = JSON.parse(world.settings.get(key) ?? '')
    expect([turns.bob.length, turns.carol.length]).toEqual([4, 1])
    expect(lose()).toBe(false)
    world.now += dayMs
    expect(turn()).toBe(true)
  })
})
