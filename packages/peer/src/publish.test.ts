/** Whom a private text is sealed to when devices come and go (T21). */
import { identityOfKey, type Payload } from '@effigy/core'
import { openAge } from '@effigy/crypto'
import { openNodeStore } from '@effigy/store/node'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { testCrypto } from '../test/world.ts'
import { draftOf } from './publish.ts'

test('[Y15] [T21] a device that is revoked while a text is sealed to it does not read it', async () => {
  using store = openNodeStore(':memory:', { sha256: testCrypto.sha256, now: () => 1 })
  const [own, gone] = await Promise.all(
    ['own', 'gone'].map((name) => testCrypto.agreementKey(testSeed(name))),
  )
  const answers = [[own!.publicKey, gone!.publicKey], [own!.publicKey]]
  const drafted = await draftOf(
    { type: 'device_state', at: 1, changes: [['petname/x', 'Ada']] } as unknown as Payload,
    {},
    {
      store,
      crypto: testCrypto,
      identity: identityOfKey(new Uint8Array(32).fill(7)),
      random: testCrypto.randomBytes,
      now: () => 1,
      readers: () => (answers.length > 1 ? answers.shift()! : answers[0]!),
    },
  )
  const { payload } = drafted.draft
  expect((await openAge(payload, [own!], testCrypto)).ok).toBe(true)
  expect((await openAge(payload, [gone!], testCrypto)).ok).toBe(false)
})
