import { encodeBase64url, identityOfKey, type Root } from '@effigy/core'
import type { ContentKey, Store } from '@effigy/store'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import { createConversationKeys } from './conversation-keys.ts'
import { namePeople } from './people.ts'

const identity = (name: string) => identityOfKey(testSeed(name))
const bob = { identity: identity('bob'), root: null }
const account = encodeBase64url(testSeed('account of bob')) as Root

/** `heard` is called with the number of each key that is handed out, before it is kept. */
function world(heard: (count: number) => void = () => {}) {
  const kept: ContentKey[] = []
  const known = { hasAccount: false }
  const store = {
    contentKeys: {
      by: () => kept.toReversed(),
      add: (key: Omit<ContentKey, 'id'>) => kept.push({ id: kept.length, ...key }),
    },
    synods: { accountOf: () => (known.hasAccount ? account : null), account: () => null },
  } as unknown as Store
  const ports = { store, self: identity('self'), sha256: testCrypto.sha256 }
  const handOut = async (): Promise<[]> => {
    heard(kept.length + 1)
    return []
  }
  const random = (length: number) => new Uint8Array(length).fill(kept.length)
  return { kept, known, ports, keys: createConversationKeys({ ...ports, handOut, random }) }
}

describe('[Q21] the key of a conversation', () => {
  test('is the same one for the same readers, and another generation for others', async () => {
    const { kept, ports, keys } = world()
    const people = namePeople([bob], ports)
    const first = await keys.forReaders(people, () => [testSeed('phone')])
    expect(await keys.forReaders(people, () => [testSeed('phone')])).toEqual(first)
    const second = await keys.forReaders(people, () => [testSeed('phone'), testSeed('laptop')])
    expect([second.conversation, second.generation]).toEqual([first.conversation, 2])
    expect(kept).toHaveLength(2)
  })

  test('is found again where its reader turned out to have an account while it was handed out', async () => {
    const { kept, known, ports, keys } = world(() => {
      known.hasAccount = true
    })
    const people = namePeople([bob], ports)
    const made = await keys.forReaders(people, () => [testSeed('phone')])
    expect(await keys.forReaders(namePeople([bob], ports), () => [testSeed('phone')])).toMatchObject({
      conversation: made.conversation,
      generation: 1,
    })
    expect(kept).toHaveLength(1)
  })

  test('is the last one where readers change each time one is handed out', async () => {
    let readers = [testSeed('0')]
    const { kept, ports, keys } = world((count) => {
      readers = [testSeed(String(count))]
    })
    const { generation } = await keys.forReaders(namePeople([bob], ports), () => readers)
    expect(generation).toBe(kept.length)
    expect(kept).toHaveLength(4)
  })
})
