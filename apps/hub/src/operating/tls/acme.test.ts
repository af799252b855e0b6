import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LogFields, silentLog, systemClock } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { startAcmeServer } from '../../../test/acme-server.ts'
import { createHttpServer, listen } from '../../http/server.ts'
import {
  type AcmeDeps,
  firstPauseMs,
  keepAcmeCertificate,
  longestPauseMs,
  pauseAfter,
  renewalOf,
} from './acme.ts'
import { acmeStatePath } from './acme-state.ts'
import type { Certificate } from './certificate.ts'
import { answerPlain, plainPlaces } from './plain-server.ts'

const dayMs = 24 * 60 * 60 * 1000
const name = 'hub.example'

/** An authority, a hub's plain port, a home, and a clock that stands still. */
async function createWorld() {
  const clock = createFakeClock(Date.now())
  const authority = await startAcmeServer(() => clock.now())
  const home = mkdtempSync(join(tmpdir(), 'effigy-acme-'))
  const challenges = new Map<string, string>()
  const plain = createHttpServer({
    ...{ places: plainPlaces, trustProxy: false, isSecure: false, clock: systemClock, log: silentLog },
    answer: (asked) =>
      answerPlain({ challenges, publicUrl: `https://${name}`, listening: 'https://127.0.0.1:443' }, asked),
  })
  authority.challengePort = await listen(plain, { host: '127.0.0.1', port: 0 })
  const lines: (readonly [string, LogFields])[] = []
  const used: Certificate[] = []
  function keep(changes: Partial<AcmeDeps> = {}) {
    return keepAcmeCertificate({
      ...{ home, name, email: 'ada@hub.example', directory: authority.directory, challenges, clock },
      random: () => Uint8Array.of(255),
      use: (certificate) => used.push(certificate),
      log: {
        info: (event, fields) => void lines.push([event, fields]),
        warn: (event, fields) => void lines.push([event, fields]),
      },
      ...changes,
    })
  }
  const failures = () =>
    lines.filter(([event]) => event === 'acme.failed').map(([, { failures }]) => failures)
  return {
    ...{ clock, authority, home, challenges, plain, keep, used, lines, failures },
    path: acmeStatePath(home),
    async [Symbol.asyncDispose]() {
      plain.refuse()
      await Promise.all([plain.close(), authority[Symbol.asyncDispose]()])
      rmSync(home, { recursive: true, force: true })
    },
  }
}

type World = Awaited<ReturnType<typeof createWorld>>

/** Lets what is due run, and waits until it has come to an end. */
async function pass({ clock, used, failures }: World, ms: number): Promise<void> {
  const before = used.length + failures().length
  await clock.advance(ms)
  await expect.poll(() => used.length + failures().length, { timeout: 10_000 }).toBeGreaterThan(before)
}

describe('a certificate by ACME', () => {
  test('got, kept with mode 0600, and not asked for again after a restart', async () => {
    await using world = await createWorld()
    const { authority, used, keep, path, challenges, lines } = world
    using keeper = keep()
    expect(keeper.current).toBe(null)
    await pass(world, 0)
    expect(keeper.current).toMatchObject({ cert: used[0]?.cert })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(challenges.size).toBe(0)
    using again = keep()
    expect(again.current?.cert).toBe(keeper.current?.cert)
    expect([authority.orders, authority.accounts.size]).toEqual([1, 1])
    // T22: neither keys nor whom to write to.
    const told = JSON.stringify(lines)
    expect(told).not.toMatch(/PRIVATE|ada@/)
  })

  test('renewed 30 days before its end, by the same account; the one before goes on until then', async () => {
    await using world = await createWorld()
    const { authority, clock, used, keep } = world
    using keeper = keep()
    await pass(world, 0)
    await clock.advance(59 * dayMs)
    expect(used).toHaveLength(1)
    await pass(world, dayMs - 60_000)
    expect([used.length, authority.orders, authority.accounts.size]).toEqual([2, 2, 1])
    expect(used[1]?.key).not.toBe(used[0]?.key)
    expect(keeper.current?.cert).toBe(used[1]?.cert)
  })

  test('refused: again with a growing pause, over restarts too, and it goes on from there', async () => {
    await using world = await createWorld()
    const { authority, clock, keep, failures, lines } = world
    authority.refuse('rejectedIdentifier', 3)
    using first = keep()
    await pass(world, 0)
    expect(lines.at(-1)?.[1].error).toContain('rejectedIdentifier')
    await clock.advance(firstPauseMs - 1)
    expect(authority.orders).toBe(1)
    await pass(world, 1)
    first[Symbol.dispose]()
    using second = keep()
    await clock.advance(2 * firstPauseMs - 1)
    expect(authority.orders).toBe(2)
    await pass(world, 1)
    expect(failures()).toEqual([1, 2, 3])
    await pass(world, 4 * firstPauseMs)
    expect([authority.orders, second.current === null]).toEqual([4, false])
  })

  test('stopped in the middle of an order: that counts as refused, its account stays, and what came of it is kept', async () => {
    await using world = await createWorld()
    const { authority, clock, keep, lines, path, used } = world
    const port = authority.challengePort
    authority.challengePort = 0
    const first = keep()
    await clock.advance(0)
    await expect.poll(() => authority.orders, { timeout: 10_000 }).toBe(1)
    first[Symbol.dispose]()
    const kept = () => JSON.parse(readFileSync(path, 'utf8'))
    expect(kept()).toMatchObject({ failures: 1, triedAt: clock.now(), certificate: null })
    {
      using _second = keep()
      await clock.advance(firstPauseMs - 1)
      expect(lines.map(([event]) => event)).toEqual(['acme.ordering'])
    }
    authority.challengePort = port
    await expect.poll(() => kept().certificate, { timeout: 10_000 }).not.toBe(null)
    expect([kept().failures, used.length]).toEqual([0, 0])
    using third = keep()
    expect(third.current?.cert).toBe(kept().certificate.cert)
    expect([authority.orders, authority.accounts.size]).toEqual([1, 1])
  })

  test('refused, and tried again at once when somebody says so; never twice at a time', async () => {
    await using world = await createWorld()
    const { authority, keep, used } = world
    authority.refuse('rejectedIdentifier', 1)
    using keeper = keep()
    keeper.reload()
    await pass(world, 0)
    for (let n = 0; n < 3; n++) keeper.reload()
    await expect.poll(() => used.length, { timeout: 10_000 }).toBe(1)
    keeper.reload()
    expect(authority.orders).toBe(2)
  })

  test('a clock that was set back makes nobody wait for what was the future', async () => {
    await using world = await createWorld()
    const { authority, clock, keep } = world
    authority.refuse('rejectedIdentifier', 1)
    using keeper = keep()
    await pass(world, 0)
    clock.jump(-300 * dayMs)
    await pass(world, 2 * firstPauseMs)
    expect(keeper.current).not.toBe(null)
  })

  test.for([
    ['for another name', { wrongName: 'other.example' }],
    ['that is over', { lifetimeMs: 1_000 }],
  ] as const)('one %s is not used', async ([, changes]) => {
    await using world = await createWorld()
    Object.assign(world.authority, changes)
    using keeper = world.keep()
    await pass(world, 0)
    expect([keeper.current, world.failures()]).toEqual([null, [1]])
    expect(world.challenges.size).toBe(0)
  })

  test('certificates that are nearly over are not asked for one after the other', async () => {
    await using world = await createWorld()
    // Begun a minute ago; two thirds are over 40 s from now.
    world.authority.lifetimeMs = 150_000
    using keeper = world.keep()
    await pass(world, 0)
    await world.clock.advance(longestPauseMs - 1)
    expect([world.authority.orders, keeper.current === null]).toEqual([1, false])
    await pass(world, 1)
    expect(world.authority.orders).toBe(2)
  })

  test('for another name or authority another one is asked for', async () => {
    await using world = await createWorld()
    using first = world.keep()
    await pass(world, 0)
    first[Symbol.dispose]()
    using second = world.keep({ name: 'www.hub.example' })
    expect(second.current).toBe(null)
    await pass(world, 0)
    expect([world.authority.orders, world.authority.accounts.size]).toEqual([2, 1])
  })

  test('[T22] what others can read is not used; what makes no sense is made anew', async () => {
    await using world = await createWorld()
    writeFileSync(world.path, '{"v":1', { mode: 0o600 })
    {
      using keeper = world.keep()
      await pass(world, 0)
      expect(keeper.current).not.toBe(null)
    }
    expect(JSON.parse(readFileSync(world.path, 'utf8'))).toMatchObject({
      name,
      failures: 0,
      triedAt: world.clock.now(),
    })
    chmodSync(world.path, 0o644)
    expect(() => world.keep()).toThrow(/can be read or written by others/)
  })
})

test('renewed in the last third of its time, of long ones 30 days before the end', () => {
  const daysBefore = (days: number) =>
    (days * dayMs - renewalOf({ beginsMs: 0, endsMs: days * dayMs })) / dayMs
  expect([6, 45, 90, 365].map(daysBefore)).toEqual([2, 15, 30, 30])
})

test('pauses grow to half a day', () => {
  const most = (failures: number) => pauseAfter(failures, () => Uint8Array.of(255))
  expect([1, 2, 3, 20, 2_000].map(most)).toEqual([
    firstPauseMs,
    2 * firstPauseMs,
    4 * firstPauseMs,
    longestPauseMs,
    longestPauseMs,
  ])
  expect(pauseAfter(1, () => Uint8Array.of(0))).toBe(firstPauseMs / 2)
})

test('acme-client is loaded by the file that orders alone, and only then', () => {
  const source = new URL('../../', import.meta.url)
  const users = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => readFileSync(new URL(file, source), 'utf8').includes("'acme-client'"))
  expect(users).toEqual(['operating/tls/order.ts'])
  expect(readFileSync(new URL('operating/tls/order.ts', source), 'utf8')).not.toMatch(
    /^import .*acme-client/m,
  )
})
