import { readFileSync } from 'node:fs'
import { type Account, encodeBase64url, identityOfKey, type Root } from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import { namePeople } from './people.ts'

interface Vectors {
  readonly names: readonly {
    readonly people: readonly Account[]
    readonly name: string
    readonly why: string
  }[]
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../spec/vectors/conversations.json', import.meta.url), 'utf8'),
) as Vectors

const identity = (name: string) => identityOfKey(testSeed(name))
const ports = { store: { synods: undefined }, self: identity('self'), sha256: testCrypto.sha256 }

test.for(vectors.names)('[Q23] the name of a conversation: $why', ({ people, name }) => {
  expect(namePeople(people, ports).name).toBe(name)
})

test('[Q20] whoever is named twice, and oneself, makes no other conversation', () => {
  const [ann, bob] = ['ann', 'bob'].map((name): Account => ({ identity: identity(name), root: null }))
  const root = encodeBase64url(testSeed('account')) as Root
  const account: Account = { identity: identity('key'), root }
  const named = namePeople([ann!, account, bob!], ports)
  const self: Account = { identity: ports.self, root: null }
  const moved: Account = { identity: identity('another key'), root }
  expect(namePeople([bob!, self, moved, ann!, account, bob!], ports).name).toBe(named.name)
  expect(namePeople([ann!, bob!], ports).name).not.toBe(named.name)
})
