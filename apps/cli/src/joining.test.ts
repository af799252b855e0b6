/** Invites and aliases as processes, against a hub as a process (W1-W7, W10, W20-W25). */
import { expect, test } from 'vitest'
import { createPrograms, linesOf } from '../test/programs.ts'

const { run, json, startHub } = createPrograms('joining')
const alice = (...words: readonly string[]) => run('alice', words)
const bob = (...words: readonly string[]) => run('bob', words)

// Each step is a program that starts: they take most of its time.
test('invited, joined, refused, found by a name', { timeout: 120_000 }, async () => {
  const [[made]] = await Promise.all([
    json('alice', ['init', '--name', 'Alice']),
    bob('init', '--name', 'Bob'),
    run('carol', ['init']),
  ])
  const address = await startHub('--log-level', 'off', '--members', String(made?.identity))
  await alice('hub', 'add', address)
  await alice('synod', 'create')

  const [invite] = await json('alice', ['invite', 'create'])
  const link = String(invite?.link)
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/i\/#effigy-invite-1-/)
  const joined = await run('bob', ['hub', 'join', '-', '--follow', '--json'], { input: link })
  expect({ ...joined, code: joined.code }).toMatchObject({ code: 0 })
  expect(linesOf(joined.out)).toMatchObject([
    { inviter: { name: 'Alice', root: expect.any(String) } },
    { kind: 'follow', value: true },
  ])
  const [again, late, damaged] = await Promise.all([
    bob('hub', 'join', link),
    run('carol', ['hub', 'join', link]),
    run('carol', ['hub', 'join', link.slice(0, -1)]),
  ])
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('effigy follow') })
  expect(late).toMatchObject({ code: 6, error: expect.stringContaining('[invite-used]') })
  expect(damaged).toMatchObject({ code: 2, error: expect.stringContaining('[code-damaged]') })
  expect(await json('alice', ['invite', 'list'])).toMatchObject([{ used: 1, count: 1, revoked: false }])
  expect(await alice('invite', 'revoke', String(invite?.token))).toMatchObject({ code: 0 })

  const { host } = new URL(link)
  expect(await alice('alias', 'claim', 'alice')).toMatchObject({ code: 0 })
  // What else is said of oneself leaves it there.
  await alice('profile', 'set', '--about', 'Climbs.')
  expect(await json('alice', ['alias', 'list'])).toEqual([{ alias: `alice@${host}`, listed: true }])
  const followed = await bob('follow', `@Alice@${host}`)
  expect({ ...followed, code: followed.code }).toMatchObject({ code: 0 })
  expect(await alice('alias', 'release', 'alice')).toMatchObject({ code: 0 })
  const gone = await bob('follow', `alice@${host}`)
  expect(gone).toMatchObject({ code: 3, error: expect.stringContaining('[alias-unknown]') })
})
