import { type Cid, identityOfKey, type Json, ok, rawCidOfDigest } from '@effigy/core'
import { expect, test } from 'vitest'
import { createModeration } from './moderation.ts'
import type { Peer } from './peer.ts'

const hub = identityOfKey(new Uint8Array(32).fill(1))
const signal = new AbortController().signal
const cid = (number: number): Cid => {
  const digest = new Uint8Array(32)
  new DataView(digest.buffer).setUint32(0, number)
  return rawCidOfDigest(digest)
}

/** A hub that answers as it is told. */
function world(answer: (contents: readonly string[]) => Json) {
  const calls: unknown[][] = []
  const call = async (...[to, service, method, value]: Parameters<Peer['call']>) => {
    calls.push([to, service, method, value])
    return ok({
      value: { takendown: answer((value.contents ?? []) as readonly string[]) },
      bytes: new Uint8Array(0),
    })
  }
  return { calls, moderation: createModeration(call as never) }
}

test('[V94] many contents are asked after by 64, each once', async () => {
  const { calls, moderation } = world((contents) => contents.slice(0, 1).map((content) => [content, 7]))
  const contents = Array.from({ length: 100 }, (_, number) => cid(number))
  const found = await moderation.takenDown(hub, [...contents, ...contents], signal)
  expect(found).toEqual(
    ok(
      new Map([
        [cid(0), 7],
        [cid(64), 7],
      ]),
    ),
  )
  expect(calls.map(([, , , value]) => (value as { contents: unknown[] }).contents.length)).toEqual([64, 36])
  expect(await moderation.takenDown(hub, [], signal)).toEqual(ok(new Map()))
})

test.for<Json>([
  null,
  'x',
  [[cid(9), 7]],
  [[cid(1)]],
  [[cid(1), '7']],
  [[cid(1), 0.5]],
  [cid(1)],
  [['x', 7]],
  [
    [cid(1), 7],
    [cid(1), 7],
    [cid(1), 7],
  ],
])('[V94] a hub that answers %j says nothing', async (answer) => {
  const { moderation } = world(() => answer)
  const found = await moderation.takenDown(hub, [cid(1), cid(2)], signal)
  expect(found).toMatchObject({ ok: false, error: { code: 'bad-answer' } })
})

test('[V92] a report goes as it is', async () => {
  const { calls, moderation } = world(() => null)
  const report = { about: hub, content: null, reason: 'spam', text: 'again' } as const
  expect(await moderation.report(hub, report, signal)).toEqual(ok(null))
  expect(calls).toEqual([[hub, 'moderation', 'report', report]])
})
