/** What is to be dropped is named, and the keys go only once somebody else has heard of it. */
import type { RawCid } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { expect, test } from 'vitest'
import { eraseEverything, isHeard } from './erase-everything.ts'

const hub = (length: number) => ({ kind: 'hub', length })

function peerWhere(...views: readonly (readonly ReturnType<typeof hub>[])[]): Pick<RemotePeer, 'live'> {
  async function* live() {
    for (const places of views) yield { length: 5, places, entries: [] }
    throw new Error('aborted')
  }
  return { live } as unknown as Pick<RemotePeer, 'live'>
}

const never = new AbortController().signal

test('somebody has it, now or after a while, or nobody is there to hear it', async () => {
  expect(await isHeard(peerWhere([hub(0), hub(5)]), never)).toBe(true)
  expect(await isHeard(peerWhere([hub(4)], [hub(5)]), never)).toBe(true)
  expect(await isHeard(peerWhere([]), never)).toBe(true)
})

test('nobody has it in time', async () => {
  expect(await isHeard(peerWhere([hub(4)]), AbortSignal.abort())).toBe(false)
})

test('[T14] names what cannot be read here, and neither what is gone nor what speaks of the account', async () => {
  const named: unknown[] = []
  const states = ['encrypted', 'missing', 'fault', 'erased'].map((type) => ({ type }))
  const kept = { type: 'shown', payload: { type: 'identification' } }
  const items = [...states, kept].map((state, at) => ({ content: `${at}`, identity: 'laptop', state }))
  const page = {
    identity: 'phone',
    query: { feedItems: async () => ({ items, next: null }) },
    erase: async (contents: readonly { readonly content: RawCid }[]) =>
      void named.push(...contents.map(({ content }) => content)),
  }
  const options = { signal: never, named: new Set<RawCid>(), onProgress: () => {} }
  expect(await eraseEverything(page as never, ['laptop' as never], options)).toBe(3)
  expect(named).toEqual(['0', '1', '2'])
  expect(await eraseEverything(page as never, ['laptop' as never], options)).toBe(0)
})
