/** Keys go only once somebody else has heard what is to be dropped. */
import type { RemotePeer } from '@effigy/peer/page'
import { expect, test } from 'vitest'
import { isHeard } from './erase-everything.ts'

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
