/** Whom a move asks before it says where feeds end. */
import { type Authority, identityOfKey, type Root } from '@effigy/core'
import { testSigner } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { FindPorts } from './ask-around.ts'
import { askForLast } from './find-account.ts'

const [key, known, doubted, fresh, later] = await Promise.all(
  ['key', 'known', 'doubted', 'fresh', 'later'].map(async (name) =>
    identityOfKey((await testSigner(name)).publicKey),
  ),
)

test('[Y18] devices of which the asking itself tells are asked for too, once more and no oftener', async () => {
  const verdicts = [
    {
      disputed: false,
      standings: new Map([
        [key, { type: 'in-power' }],
        [known, { type: 'member' }],
        [doubted, { type: 'revoked' }],
      ]),
    },
    {
      disputed: true,
      standings: new Map([
        [known, { type: 'member' }],
        [doubted, { type: 'revoked' }],
        [fresh, { type: 'frozen' }],
      ]),
    },
    { disputed: true, standings: new Map([[later, { type: 'frozen' }]]) },
  ] as unknown as Authority[]
  const asked: unknown[] = []
  const ports = {
    store: {
      synods: { account: () => verdicts[asked.length] ?? null },
      feed: () => ({ watched: true }),
    },
    clock: { after: () => ({ [Symbol.dispose]() {} }) },
    refresh: (identities: unknown) => void asked.push(identities),
    settled: async () => {},
    signal: new AbortController().signal,
  } as unknown as FindPorts
  const [first, , last] = verdicts
  expect(await askForLast({ ...first, root: 'root' as Root } as Authority, ports)).toBe(last)
  expect(asked).toEqual([
    [key, known],
    [doubted, fresh],
  ])
})
