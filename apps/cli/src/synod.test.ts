/**
 * `effigy synod …` as processes: two devices become one person, wrong codes are told apart, Ctrl-C changes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPrograms, type Outcome } from '../test/programs.ts'

const { root, start, run, json: linesOf } = createPrograms('synod')
const effigy = (home: string, ...words: readonly string[]): Promise<Outcome> => run(home, words)
const pairing = ['synod', 'pair', '--yes', '--json', '--listen', '127.0.0.1:0'] as const

const json = async (home: string, ...words: readonly string[]) => (await linesOf(home, words))[0] ?? {}

describe('an account', { timeout: 120_000 }, () => {
  test('is made, its words are shown on purpose alone, and wiped when they are on paper', async () => {
    await effigy('laptop', 'init', '--name', 'Alice')
    expect(await effigy('laptop', 'synod', 'show')).toMatchObject({ code: 3 })
    const created = await effigy('laptop', 'synod', 'create', '--label', 'laptop')
    expect(created).toMatchObject({ code: 0 })
    expect(created.error).toContain('Not theft-proof yet')
    const vault = () =>
      JSON.parse(readFileSync(join(root, 'laptop', 'vault.json'), 'utf8')) as { phrase: string | null }
    const words = vault().phrase
    expect(words?.split(' ')).toHaveLength(12)
    expect(created.out + created.error).not.toContain(words)
    expect(await effigy('laptop', 'synod', 'create', '--confirm')).toMatchObject({ code: 2 })
    const onPaper = join(root, 'words.txt')
    const confirm = ['synod', 'create', '--phrase-file', onPaper, '--json'] as const
    writeFileSync(onPaper, words?.split(' ').toReversed().join(' ') ?? '')
    const wrong = await effigy('laptop', ...confirm)
    expect(wrong).toMatchObject({ code: 2, error: expect.stringContaining('phrase-word-wrong') })
    expect(vault().phrase).toBe(words)
    writeFileSync(onPaper, `${words}\n`)
    const confirmed = await effigy('laptop', ...confirm)
    expect(confirmed).toMatchObject({ code: 0, out: expect.stringContaining('"phraseConfirmed":true') })
    expect(confirmed.out + confirmed.error).not.toContain(words)
    expect(vault().phrase).toBeNull()
    expect(await effigy('laptop', 'synod', 'create')).toMatchObject({ code: 6 })
  })

  test('[T15] a pairing that is interrupted leaves both as they were; each wrong code is told by its own name', async () => {
    await effigy('phone', 'init')
    const shown = start('laptop', pairing)
    const code = await shown.field('code')
    shown.child.kill('SIGINT')
    expect(await shown.ended).toMatchObject({ code: 130 })
    expect(await json('laptop', 'synod', 'show')).toMatchObject({ devices: [{ label: 'laptop' }] })
    expect(await effigy('phone', 'synod', 'show')).toMatchObject({ code: 3 })
    for (const [wrong, name] of [
      ['hello', 'code-foreign'],
      ['effigy-invite-1-AAAA', 'code-invite'],
      [code.slice(0, -3), 'code-damaged'],
    ] as const) {
      // Nobody is there to compare pictures: that a code is wrong is said first.
      const { code: exit, error } = await effigy('phone', 'synod', 'join', wrong)
      expect.soft({ exit, error }).toEqual({ exit: 2, error: expect.stringContaining(`[${name}]`) })
    }
    // Where people are named it is refused too, and its secret told to nobody who reads the error.
    const followed = await effigy('phone', 'follow', code)
    expect(followed).toMatchObject({ code: 2, error: expect.stringContaining('[code-link]') })
    expect(followed.error).not.toContain(code.slice(14, 40))
    const unasked = await effigy('phone', 'synod', 'join', code)
    expect(unasked.error).toContain('[compare-needed]')
  })

  test('has two devices after a code was shown and read, and the notes of both are of one person', async () => {
    await effigy('laptop', 'post', 'before')
    const shown = start('laptop', pairing)
    const joined = await effigy(
      'phone',
      'synod',
      'join',
      await shown.field('code'),
      '--yes',
      '--label',
      'phone',
      '--json',
    )
    expect(joined).toMatchObject({ code: 0 })
    const there = await shown.ended
    expect(there).toMatchObject({ code: 0 })
    const pictures = ({ out }: Outcome) => /"emoji":(\[.*\]),"label"/.exec(out)?.[1]
    expect(pictures(joined)).toBe(pictures(there))
    const view = await json('phone', 'synod', 'show')
    expect(view).toMatchObject({
      role: 'linked',
      devices: [
        { label: 'laptop', main: true },
        { label: 'phone', self: true },
      ],
    })
    const note = await json('phone', 'timeline')
    expect(note).toMatchObject({ authorName: 'Alice', account: view.root, device: 'laptop' })
    const { error } = await effigy('phone', 'synod', 'set', '--name', 'x')
    expect(error).toContain('[not-main]')
    expect(await json('phone', 'synod', 'where')).toMatchObject({ copies: 1 })
  })

  test('[Y21] each device edits and erases what any of them wrote; deleting is for its own feed alone', async () => {
    const { entry } = (await json('phone', 'timeline')) as { readonly entry: string }
    const deleted = await effigy('phone', 'delete', entry, '--yes')
    expect(deleted.error).toContain('[not-own]')
    const edited = await json('phone', 'edit', entry, 'after')
    expect(edited).toMatchObject({ rewritten: 0 })
    expect(await json('phone', 'timeline')).toMatchObject({
      entry: edited.entry,
      account: expect.any(String),
    })
    const listed = await effigy('phone', 'timeline')
    expect(listed.out).toContain('after')
    expect(listed.out).not.toContain('before')
    expect(await effigy('phone', 'erase', String(edited.entry), '--yes')).toMatchObject({ code: 0 })
    expect((await effigy('phone', 'timeline')).out).not.toContain('after')
  })

  test('[Y12] a device of which nothing is here goes without an end, and what is said of it is true', async () => {
    const revoke = ['synod', 'revoke', 'phone', '--yes'] as const
    const dated = await effigy('laptop', ...revoke, '--lost-at', '2020-01-01')
    expect(dated.error).toContain('[no-sighting]')
    const gone = await effigy('laptop', ...revoke)
    expect(gone).toMatchObject({ code: 0, out: expect.stringContaining('phone is out of your account.') })
    const { devices, frozen } = await json('laptop', 'synod', 'show')
    expect([devices, frozen]).toMatchObject([[{ label: 'laptop' }], [{ held: null, told: null }]])
    const [{ identity }] = frozen as readonly [{ readonly identity: string }]
    const again = await effigy('laptop', 'synod', 'revoke', identity, '--yes')
    expect(again.error).toContain('[no-sighting]')
  })
})
