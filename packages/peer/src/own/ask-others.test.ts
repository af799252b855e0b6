/** What own devices opened of others' is asked for once, and again only where they did not have it (spec X10). */
import { identityOfKey, type JsonObject, ok, type RawCid, rawCidOfDigest } from '@effigy/core'
import type { Store } from '@effigy/store'
import { silentLog } from '@effigy/sync'
import { expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import { askOthers, lackedOf } from './ask-others.ts'
import { createOwnTexts } from './texts.ts'

const [laptop, bob] = [7, 8].map((byte) => identityOfKey(new Uint8Array(32).fill(byte)))
const contents = [1, 2, 3].map((byte) => rawCidOfDigest(testCrypto.sha256(Uint8Array.of(byte))))

/** A phone with three texts of Bob's that it cannot open, and a laptop that has some of them. */
function household() {
  const settings = new Map<string, string | null>()
  const here = new Set<RawCid>()
  const wanted: string[][] = []
  const item = (content: RawCid, type: string) => ({ identity: bob, content, state: { type, payload: {} } })
  const { texts } = createOwnTexts(
    {
      resolve: (_: unknown, content: RawCid) => (here.has(content) ? item(content, 'shown') : null),
    } as unknown as Store,
    () => [],
  ).methods
  const store = {
    setting: (key: string) => settings.get(key) ?? null,
    saveSettings: (values: Iterable<readonly [string, string | null]>) => {
      for (const [key, value] of values) settings.set(key, value)
    },
    resolve: (_: unknown, content: RawCid) => item(content, 'encrypted'),
    shut: {
      shutAfter: (serial: number) =>
        contents.slice(serial).map((content, at) => ({ serial: serial + at + 1, identity: bob, content })),
    },
    block: () => null,
  } as unknown as Store
  const ports = {
    ...{ store, log: silentLog, opening: { told: async () => true }, signal: new AbortController().signal },
    async call(_other: unknown, _service: string, _method: string, value: JsonObject) {
      wanted.push((value.wanted as [string, string][]).map(([, content]) => content))
      const answer = (await texts!({ value } as never)) as { value: { value: JsonObject } }
      return ok({ ...answer.value, bytes: new Uint8Array(0) })
    },
  }
  return {
    here,
    wanted,
    store,
    round: (isAgain = true) => askOthers(laptop!, new Set(), ports as never, isAgain),
  }
}

test('[X10] what it did not have itself, and nothing else, an own device is asked for again, until it has it', async () => {
  const { here, wanted, store, round } = household()
  here.add(contents[1]!)
  await round()
  expect(wanted).toEqual([contents])
  const lacked = [contents[0], contents[2]]
  expect(lackedOf(store, laptop!).map(({ content }) => content)).toEqual(lacked)
  here.add(contents[2]!)
  await round(false)
  expect(wanted).toHaveLength(1)
  await round()
  here.add(contents[0]!)
  await round()
  await round()
  expect(wanted.slice(1)).toEqual([lacked, [contents[0]]])
  expect(lackedOf(store, laptop!)).toEqual([])
})
