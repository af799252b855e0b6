/** `effigy report` as a process, against a hub as a process. */
import { expect, test } from 'vitest'
import { createPrograms } from '../test/programs.ts'

const { run, json, startHub } = createPrograms('report')
const effigy = (...words: readonly string[]) => run('alice', words)

test('[V92] [V95] tells whoever runs the hub, who says beforehand what they take', {
  timeout: 120_000,
}, async () => {
  const address = await startHub('--log-level', 'off', '--contact', 'mail@hub.example')
  const [bob] = await json('bob', ['init', '--name', 'Bob'])
  await effigy('init', '--name', 'Alice')
  await effigy('hub', 'add', address)
  const about = String(bob?.identity)
  expect(await effigy('report', about, 'the same, to everybody', '--reason', 'spam')).toMatchObject({
    code: 0,
    out: expect.stringContaining('who sees that it is from you'),
  })
  for (const [words, code, said] of [
    [['report', about], 2, '[usage]'],
    [['report', about, '--reason', 'ugly'], 2, '[usage]'],
    [['report', 'me', '--reason', 'spam'], 6, '[self-target]'],
    [['report', about, 'x'.repeat(1_001), '--reason', 'spam'], 2, '[text-too-long]'],
  ] as const) {
    expect(await effigy(...words)).toMatchObject({ code, error: expect.stringContaining(said) })
  }
  const [own] = await json('alice', ['post', 'one of mine'])
  expect(
    await effigy('report', about, '--reason', 'spam', '--entry', String(own?.entry ?? own?.id)),
  ).toMatchObject({
    code: 2,
    error: expect.stringContaining('[not-theirs]'),
  })

  const origin = address.replace(/^ws/, 'http').replace(/\/effigy.*$/, '')
  const described = (await (await fetch(`${origin}/.well-known/effigy`)).json()) as object
  expect(described).toMatchObject({
    services: expect.arrayContaining(['moderation']),
    moderation: { contact: 'mail@hub.example', rules: null, text: 1_000, contents: 64 },
  })
})
