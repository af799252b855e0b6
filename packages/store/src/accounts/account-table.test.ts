import { identityOfKey } from '@effigy/core'
import { createRandom, settle } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { sha256 } from '../../test/blob-world.ts'
import { openSqlite } from '../../test/medium.ts'
import { createStore } from '../open-store.ts'
import { blockMigrations, migrations } from '../schema.ts'

test('[G5] accounts are written, replaced, taken out, and tell nobody of a change', () => {
  using store = createStore({
    main: openSqlite(':memory:', { migrations }),
    blocks: openSqlite(':memory:', { migrations: blockMigrations }),
    sha256,
    now: () => 0,
    pause: settle,
  })
  let changes = 0
  store.watch(() => changes++)
  const { accounts } = store
  const [a, b] = [0, 1].map((index) => ({
    identity: identityOfKey(createRandom(index).bytes(32)),
    given: 2 ** 50 + index,
    taken: index,
    granted: 7,
    since: 1_800_000_000_000,
  })) as [never, never]
  accounts?.save([a, b], [])
  expect(new Set(accounts?.all())).toEqual(new Set([a, b]))
  const changed = { ...(a as object), given: 1 } as never
  accounts?.save([changed], [(b as { identity: never }).identity])
  expect(accounts?.all()).toEqual([changed])
  expect(changes).toBe(0)
})
