/** Somebody followed as one device, who makes an account afterwards: programs and a hub, because `sync` is what sees it. */
import { expect, test } from 'vitest'
import { createPrograms } from '../test/programs.ts'

const { run, json, startHub } = createPrograms('follow-accounts')

test('[Y25] [T14] who was followed before there was an account is followed with all devices once there is one', {
  timeout: 120_000,
}, async () => {
  const address = await startHub('--log-level', 'off')
  const done = async (home: string, ...words: readonly string[]) =>
    expect(await run(home, words)).toMatchObject({ code: 0 })
  for (const home of ['alice', 'bob']) {
    await done(home, 'init', '--name', home)
    await done(home, 'hub', 'add', address)
  }
  const [alice] = await json('alice', ['id'])
  await done('alice', 'sync')
  await done('bob', 'follow', String(alice?.identity))
  await done('bob', 'sync')
  const [account] = await json('alice', ['synod', 'create', '--name', 'Alice', '--label', 'laptop'])
  await done('alice', 'post', 'one of many devices now')
  await done('alice', 'sync')
  await done('bob', 'sync')
  expect(await json('bob', ['following'])).toMatchObject([
    { identity: account?.identity, account: { root: account?.root }, devices: [{ label: 'laptop' }] },
  ])
})
