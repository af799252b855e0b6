/** How much there is of what the other own devices wrote. */
import { expect, test } from 'vitest'
import { type Amount, untilAllHere } from './all-here.ts'

test('[T14] [Y12] counts up to where the feeds of former devices end, not what is kept out of them, and none of those that were never own', async () => {
  const account = {
    revoked: [
      { identity: 'ended', final: [1, 6, 'cid'] },
      { identity: 'stranger', final: null },
    ],
    frozen: [{ identity: 'frozen', held: [1, 4, 'cid'], told: [1, 5000, 'cid'] }],
  }
  async function* live() {
    yield { head: { length: 9 }, held: 4 }
  }
  const peer = {
    identity: 'self',
    account: { show: async () => account },
    live,
    fetchOlder: async () => 0,
  }
  const own = ['self', 'laptop', 'ended', 'stranger', 'frozen']
  const lacking: Amount[] = []
  const { signal } = new AbortController()
  await untilAllHere(peer as never, own as never, {
    signal,
    anyway: signal,
    onLack: (one) => lacking.push(one),
  })
  expect(lacking).toEqual([{ held: 12, total: 9 + 6 + 4 }])
})
