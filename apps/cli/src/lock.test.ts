/**
 * `effigy lock` and `unlock` as processes: what a passphrase keeps shut, where it may come from, what is said without it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createNodeCrypto } from '@effigy/crypto/node'
import { openNodeStore } from '@effigy/store/node'
import { describe, expect, test } from 'vitest'
import { createPrograms, type Outcome } from '../test/programs.ts'

const { root, run, file } = createPrograms('lock')
const home = join(root, 'home')
const passphrase = 'correct horse battery'
const printed: string[] = []

async function effigy(
  words: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const outcome = await run(home, words, { input, env })
  printed.push(outcome.out, outcome.error)
  return outcome
}

const vault = (): string => readFileSync(join(home, 'vault.json'), 'latin1')

describe('a passphrase', { timeout: 120_000 }, () => {
  const right = file('right', `${passphrase}\nnever read\n`)
  const wrong = file('wrong', 'another passphrase')
  const env = { EFFIGY_PASSPHRASE_FILE: right }

  test('[Z3] [T14] locks the keys: without it no command that needs them runs', async () => {
    const made = await effigy(['init', '--name', 'Alice', '--reveal', '--json'])
    const { identity, phrase } = JSON.parse(made.out) as { identity: string; phrase: string }
    printed.length = 0
    const { seed } = JSON.parse(vault()) as { seed: string }
    expect(await effigy(['lock'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('[passphrase-needed]'),
    })
    expect(await effigy(['lock'], '', { EFFIGY_PASSPHRASE_FILE: file('short', 'short\n') })).toMatchObject({
      code: 2,
    })
    const done = await effigy(['lock', '--json'], '', env)
    expect(done).toMatchObject({ code: 0 })
    expect(JSON.parse(done.out)).toEqual({ home, locked: true, changed: false })
    for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.includes('vault'),
    )) {
      const text = readFileSync(join(home, name), 'latin1')
      expect([text.includes(seed), text.includes(phrase), text.startsWith('age-encryption')]).toEqual([
        false,
        false,
        true,
      ])
    }
    for (const words of [['id'], ['post', 'x'], ['timeline'], ['lock'], ['unlock', '--yes']]) {
      expect
        .soft(await effigy(words), words[0])
        .toMatchObject({ code: 6, error: expect.stringContaining('[vault-locked]') })
    }
    expect(await effigy(['id', '--passphrase-file', wrong])).toMatchObject({
      code: 6,
      error: expect.stringContaining('[passphrase-wrong]'),
    })
    expect((await effigy(['id', '--passphrase-file', right])).out).toBe(`${identity}\n`)
    expect((await effigy(['id'], '', env)).out).toBe(`${identity}\n`)
    // The flag counts above the variable; the rest of standard input is the command's.
    const posted = await effigy(
      ['post', '-', '--passphrase-file', '-'],
      `${passphrase}\nfrom standard input\n`,
      {
        EFFIGY_PASSPHRASE_FILE: wrong,
      },
    )
    expect(posted).toMatchObject({ code: 0 })
    expect((await effigy(['timeline', '--json'], '', env)).out).toContain('from standard input')
    for (const text of printed)
      for (const secret of [seed, phrase, passphrase]) expect(text).not.toContain(secret)
  })

  test('[Z3] is changed, and taken away when somebody says so', async () => {
    const next = file('next', 'a new passphrase')
    expect(await effigy(['lock'], '', env)).toMatchObject({ code: 2 })
    expect(await effigy(['lock', '--new-passphrase-file', next], '', env)).toMatchObject({ code: 0 })
    expect(await effigy(['id'], '', env)).toMatchObject({ code: 6 })
    const later = { EFFIGY_PASSPHRASE_FILE: next }
    expect(await effigy(['unlock'], '', later)).toMatchObject({
      code: 2,
      error: expect.stringContaining('[yes-needed]'),
    })
    expect(await effigy(['unlock', '--yes'], '', later)).toMatchObject({ code: 0 })
    expect(vault()).toMatch(/^\{"v":2,/)
    expect(await effigy(['unlock', '--yes'])).toMatchObject({ code: 0 })
    expect(await effigy(['id'])).toMatchObject({ code: 0 })
  })

  test('[Z3] is not set while another program has the home open', async () => {
    using _store = openNodeStore(join(home, 'store'), { sha256: createNodeCrypto().sha256, now: Date.now })
    expect(await effigy(['lock'], '', env)).toMatchObject({
      code: 5,
      error: expect.stringContaining('[storage-locked]'),
    })
    expect(vault()).toMatch(/^\{"v":2,/)
  })
})
