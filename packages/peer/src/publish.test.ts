/** Whom a private text is sealed to when devices come and go (T21). */
import { identityOfKey, type Payload, rawCid, utf8 } from '@effigy/core'
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

test('[P6] [T28] a private text links to ciphertexts alone', async () => {
  using store = openNodeStore(':memory:', { sha256: testCrypto.sha256, now: () => 1 })
  const own = await testCrypto.agreementKey(testSeed('own'))
  const bytes = utf8('ciphertext')
  const blob = rawCid(bytes, testCrypto.sha256)
  store.putBlock(blob, bytes)
  const draft = (attachment: object) =>
    draftOf(
      { type: 'private_note', at: 1, text: 'see', attachments: [attachment] } as unknown as Payload,
      { seal: { type: 'age', context: 'note', recipients: () => [own.publicKey] } },
      {
        store,
        crypto: testCrypto,
        identity: identityOfKey(new Uint8Array(32).fill(7)),
        random: testCrypto.randomBytes,
        now: () => 1,
        readers: () => [own.publicKey],
      },
    )
  const file = { type: 'media', kind: 'document', blob, mime: 'text/plain', bytes: 1 }
  const secret = { key: 'A'.repeat(43), hash: 'A'.repeat(43), bytes: 1 }
  await expect(draft(file)).rejects.toThrow(expect.objectContaining({ code: 'file-in-clear' }))
  await expect(draft({ ...file, secret })).resolves.toMatchObject({
    draft: { links: [[blob, bytes.length]] },
  })
  const poster = rawCid(utf8('poster'), testCrypto.sha256)
  await expect(draft({ ...file, poster, secret })).rejects.toThrow(
    expect.objectContaining({ code: 'file-in-clear' }),
  )
})
