/** `effigy presence …` against a hub as a process. */
import { expect, test } from 'vitest'
import { createPrograms, linesOf as lines, type Outcome } from '../test/programs.ts'

const { start, startHub, run } = createPrograms('presence')
const effigy = (who: string, ...words: readonly string[]): Promise<Outcome> => run(who, words)

test('[V69] a friend is seen, until it hides; what was chosen is remembered', {
  timeout: 120_000,
}, async () => {
  const address = await startHub('--log-level', 'off')
  const ids: Record<string, string> = {}
  for (const who of ['alice', 'bob']) {
    await effigy(who, 'init', '--name', who)
    await effigy(who, 'hub', 'add', address)
    ids[who] = String(lines((await effigy(who, 'id', '--json')).out)[0]?.identity)
  }
  await effigy('alice', 'follow', String(ids.bob))
  await effigy('bob', 'follow', String(ids.alice))
  for (const who of ['alice', 'bob']) await effigy(who, 'sync')
  expect(lines((await effigy('bob', 'presence', 'set', 'friends', 'room', '--json')).out)).toEqual([
    { type: 'choice', friends: true, list: [], room: true, invisible: false },
  ])
  const bob = start('bob', ['presence', '--watch', '--json'])
  await bob.found(/"choice"/)
  const seen = lines((await effigy('alice', 'presence', '--json')).out)
  expect(seen).toMatchObject([
    { type: 'here', identity: ids.bob, circle: 'friend', isConnected: false },
    { type: 'hub', privacy: 'open', hasRoom: false },
    { type: 'choice', friends: true, list: [], room: false, invisible: false },
  ])
  bob.child.kill('SIGINT')
  await bob.ended
  expect((await effigy('bob', 'presence', 'set', 'invisible')).out).toContain('You are invisible')
  expect((await effigy('bob', 'presence', 'set', 'invisible', 'friends')).code).toBe(2)
  const hidden = start('bob', ['presence', '--watch', '--json'])
  await hidden.found(/"choice"/)
  expect((await effigy('alice', 'presence', '--json')).out).not.toContain('"here"')
})
