/**
 * `effigy group …` as processes, over a hub: three people, one of whom is taken out and reads nothing newer.
 */
import { describe, expect, test } from 'vitest'
import { createPrograms, type Outcome } from '../test/programs.ts'

const { run, json: linesOf, startHub } = createPrograms('group')
const effigy = (home: string, ...words: readonly string[]): Promise<Outcome> => run(home, words)
const json = (home: string, ...words: readonly string[]) => linesOf(home, words)

describe('groups', { timeout: 900_000 }, () => {
  test('[Q11] [T21] are made, shown, written in and left by few words', async () => {
    const address = await startHub()
    const people = ['alice', 'bob', 'carol']
    const ids = new Map<string, string>()
    const meet = async (one: string) => {
      await effigy(one, 'init', '--name', one)
      await effigy(one, 'hub', 'add', address)
      const [created] = await json(one, 'synod', 'create', '--name', one, '--label', one)
      ids.set(one, created?.identity as string)
    }
    await Promise.all(people.map(meet))
    const id = (one: string): string => ids.get(one) as string
    const sync = async (one: string) => expect(await effigy(one, 'sync')).toMatchObject({ code: 0 })
    const follow = async (one: string) => {
      const others = people.filter((other) => other !== one).map(id)
      expect(await effigy(one, 'follow', ...others)).toMatchObject({ code: 0 })
      await sync(one)
    }
    await Promise.all(people.map(follow))
    await Promise.all(people.map(sync))

    expect(await effigy('alice', 'group', 'list')).toMatchObject({ code: 0, out: '' })
    const [made] = await json('alice', 'group', 'create', 'Book club', '--invite', id('bob'))
    expect(made).toMatchObject({ name: 'Book club', role: 'admin', history: true, waiting: 0 })
    const group = made?.group as string
    await effigy('alice', 'group', 'post', 'Book club', 'the secret word is marzipan')
    await sync('alice')
    await sync('bob')
    expect(await json('bob', 'group', 'list')).toMatchObject([{ group, role: 'member' }])
    expect(await json('bob', 'group', 'messages', group.slice(0, 8))).toMatchObject([
      { authorName: 'alice', former: false, payload: { text: 'the secret word is marzipan' } },
    ])
    expect(await effigy('bob', 'group', 'rename', 'Book club', 'Mine')).toMatchObject({
      code: 6,
      error: expect.stringContaining('group-admins-only'),
    })
    expect(await effigy('carol', 'group', 'messages', 'Book club')).toMatchObject({
      code: 3,
      error: expect.stringContaining('group-unknown'),
    })

    await json('alice', 'group', 'invite', group, id('carol'), '--admin')
    await json('alice', 'group', 'rename', group, 'Readers')
    await json('alice', 'group', 'role', group, id('bob'), 'admin')
    await sync('alice')
    await sync('carol')
    const shown = await effigy('carol', 'group', 'show', 'Readers')
    expect(shown.out).toContain('you are an admin')
    expect(await json('carol', 'group', 'messages', 'Readers')).toHaveLength(1)

    const removed = await effigy('alice', 'group', 'remove', 'Readers', id('carol'))
    expect(removed.out).toContain('They keep what they had, and read nothing newer.')
    await effigy('alice', 'group', 'post', 'Readers', 'without Carol')
    await sync('alice')
    await Promise.all([sync('bob'), sync('carol')])
    expect(await json('bob', 'group', 'messages', 'Readers')).toHaveLength(2)
    expect(await json('carol', 'group', 'messages', 'Readers')).toHaveLength(1)
    expect(await json('carol', 'group', 'show', 'Readers')).toMatchObject([{ role: 'former' }])
    expect(await effigy('carol', 'group', 'post', 'Readers', 'me too')).toMatchObject({
      code: 6,
      error: expect.stringContaining('group-former'),
    })
    expect((await effigy('bob', 'group', 'leave', 'Readers')).out).toContain('read nothing newer')
  })
})
