/** The simulator itself: it replays, it notices what is broken, and says how to have a run again. */
import { createNodeCrypto } from '@effigy/crypto/node'
import { type Break, drawPicture, type Fault, type Outcome, simulate } from '@effigy/testkit/simulator'
import { expect, test } from 'vitest'
import { hubHooks } from './hub-hooks.ts'
import { parseOptions, replayCommand } from './options.ts'

function small(seed: string, faults: readonly Fault[], broken: Break | null = null): Promise<Outcome> {
  const options = { peers: 8, faultyMs: 90_000, crypto: createNodeCrypto(), hub: hubHooks }
  return simulate({ ...options, seed, faults: new Set(faults), broken })
}

const timeout = 240_000

test('a seed replays exactly, whatever goes wrong in it', { timeout }, async () => {
  const faults: readonly Fault[] = ['latency', 'frame-loss', 'crash', 'power-loss', 'partition', 'garbage']
  const [first, again, other] = [await small('a', faults), await small('a', faults), await small('b', faults)]
  expect(again.hash).toBe(first.hash)
  expect(other.hash).not.toBe(first.hash)
  expect(first.violations).toEqual([])
  const picture = drawPicture(first)
  expect(picture.match(/<circle/g)?.length).toBe(first.publications.length)
  expect(picture).toContain('power-loss')
})

test.for<[Break, Fault, string]>([
  ['head-check', 'forged-heads', 'no forged head is taken'],
  ['head-order', 'replayed-heads', 'nobody is rolled back'],
  ['durability', 'power-loss', 'no acknowledged entry is lost'],
  ['instance-check', 'restored-backup', 'an honest restore never forks'],
])('without its %s a build is caught under %s', { timeout }, async ([broken, fault, invariant]) => {
  const { violations } = await small('1', [fault], broken)
  expect(violations.map((violation) => violation.invariant)).toContain(invariant)
})

test('[T6] [T7] a hub that drops, delays, tells old heads and swaps words changes nothing but that people are warned', {
  timeout,
}, async () => {
  const { violations, enemies, counts, convergedMs } = await small('h', [
    'latency',
    'crash',
    'direct-breaks',
    'hostile-hub',
  ])
  expect(enemies).toEqual(['hub3: hostile-hub'])
  expect(violations).toEqual([])
  expect(convergedMs).not.toBeNull()
  expect(counts.heard).toBeGreaterThan(20)
  expect(counts.warnings).toBeGreaterThan(0)
  expect(counts.directSessions).toBeGreaterThan(0)
})

test('the command that replays a seed gives the same options', () => {
  const options = parseOptions({ peers: '9', without: 'crash,altered', break: 'durability', seed: 'x' })
  if (typeof options === 'string') throw new Error(options)
  const command = replayCommand(options, 'x.3')
  expect(command).toBe('npm run simulate -- --peers 9 --seed x.3 --without crash,altered --break durability')
  expect(parseOptions({ faults: 'thunder' })).toBe('there is no fault thunder')
  expect(parseOptions({ peers: '1' })).toMatch(/from 2/)
  expect(parseOptions({ seeds: '9', from: '-1' })).toMatch(/--from/)
})
