/** Many heads for one watcher (R1, T16): what waits is bounded by what it watches, however often that grows. */
import { type HeadRecord, type Identity, identityOfKey, type RawCid, rawCidOfDigest } from '@effigy/core'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { writeIdentities } from '../messages-bytes.ts'
import { createHeadsFeed, type HeadsFeedPorts } from './heads-feed.ts'
import { createSharing } from './sharing.ts'

const feeds = 10_000

const identities = Array.from({ length: feeds }, (_, index) => {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setUint32(0, index + 1)
  return identityOfKey(key)
})

const headAt = (length: number): RawCid => rawCidOfDigest(new Uint8Array(32).fill(length))

/** A hub's half of one session; what it pulls is written down, while the link takes it. */
function createTelling() {
  const clock = createFakeClock()
  let length = 1
  let woken = false
  const record = (identity: Identity): HeadRecord => ({
    head: {
      identity,
      epoch: 1,
      length,
      comparable: length,
      bytes: 100,
      head: headAt(length),
    },
    signature: new Uint8Array(64),
  })
  const store = {
    headRecords: (names: readonly Identity[]) => names.map(record),
    feed: () => null,
    forkEvidence: () => [],
    entry: () => null,
    need: () => null,
  } as unknown as HeadsFeedPorts['store']
  const headsFeed = createHeadsFeed({
    store,
    clock,
    sharing: createSharing(identities[0] as Identity, {
      trust: () => 'friend',
      isBlocked: () => false,
      isPublic: () => true,
      isPublicBlob: () => true,
      isMember: () => true,
    }),
    effects: {
      send() {},
      end() {},
      after: (ms, run) => clock.after(ms, run),
      wake() {
        woken = true
      },
    },
    remoteHead: () => null,
    carries: () => false,
    onToldAhead() {},
    buffered: () => 0,
    onWatch: null,
    onAdopt() {},
    isVerified: () => true,
    name: (identity) => identity,
  })
  for (let at = 0; at < feeds; at += 1_000) {
    const some = identities.slice(at, at + 1_000)
    headsFeed.watch({ type: 'watch', id: 1 + at, count: some.length, replace: false }, writeIdentities(some))
  }
  return {
    clock,
    headsFeed,
    grow() {
      length++
      headsFeed.changed(identities)
    },
    /** Counts of the frames that leave until nothing is left to say. */
    async tell(): Promise<readonly number[]> {
      const counts: number[] = []
      while (headsFeed.pending() > 0) {
        await clock.advance(100)
        if (!woken) continue
        woken = false
        for (let out = headsFeed.pull(); out !== null; out = headsFeed.pull()) {
          if (out.message.type === 'heads') counts.push(out.message.count)
        }
      }
      return counts
    },
  }
}

test('[R1] [T16] 10,000 feeds that grow three times while nothing leaves: each waits once, and is told once', async () => {
  const { headsFeed, grow, tell } = createTelling()
  for (let time = 0; time < 3; time++) {
    grow()
    expect(headsFeed.pending()).toBe(feeds)
  }
  const counts = await tell()
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(feeds)
  expect(counts.length).toBeLessThanOrEqual(feeds / 100)
  expect(headsFeed.pending()).toBe(0)
})
