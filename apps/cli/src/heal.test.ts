/** A fork of one's own feed on the command line: said as what it is, and healed by a person who wrote both (spec F12). */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPrograms } from '../test/programs.ts'

const { root, run, json } = createPrograms('heal')

test('[F12] a home that was copied and written to in both places is healed, with the entries of both', async () => {
  await run('home', ['init', '--name', 'Alice'])
  expect(await run('home', ['heal', '--yes'])).toMatchObject({ code: 3, out: '' })
  cpSync(join(root, 'home'), join(root, 'copy'), { recursive: true, preserveTimestamps: true })
  await run('home', ['post', 'written here'])
  await run('copy', ['post', 'written there'])
  const file = join(root, 'copy.car')
  expect(await run('copy', ['export', '--output', file])).toMatchObject({ code: 0 })
  const forked = await run('home', ['import', file])
  expect(forked).toMatchObject({ code: 1 })
  expect(forked.error).toContain('effigy heal')

  const refused = await run('home', ['post', 'too early'])
  expect(refused).toMatchObject({ code: 6, out: '' })
  expect(refused.error).toContain('[own-feed-disputed]')
  expect(refused.error).toContain('`effigy heal`')
  expect(await run('home', ['heal'])).toMatchObject({ code: 2 })
  expect(await json('home', ['heal', '--yes'])).toMatchObject([{ healed: true, epoch: 2, length: 3 }])
  await run('home', ['post', 'and on'])
  const { out } = await run('home', ['log'])
  for (const text of ['written here', 'written there', 'and on']) expect(out).toContain(text)
}, 60_000)
