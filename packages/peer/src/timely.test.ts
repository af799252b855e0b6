/** Calls that nobody answers (spec X26, T16). */
import { identityOfKey, ok } from '@effigy/core'
import { createFakeClock, testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { Peer } from './peer.ts'
import { timely } from './timely.ts'

const other = identityOfKey(testSeed('other'))
const { signal } = new AbortController()

/** Never answered, and cancelled with its signal. */
const silent: Peer['call'] = (_other, _service, _method, _value, options) =>
  new Promise((_resolve, reject) => {
    options.signal.addEventListener('abort', () => reject(options.signal.reason))
  })

test('[X26] [T16] who never answers is late', async () => {
  const clock = createFakeClock()
  const asked = timely(silent, 15_000, clock)(other, 'feedkeys', 'key', {}, { signal })
  let isOver = false
  void asked.then(() => {
    isOver = true
  })
  await clock.advance(14_999)
  expect(isOver).toBe(false)
  await clock.advance(1)
  expect(await asked).toMatchObject({ ok: false, error: { code: 'late' } })
})

test('[X26] an answer is passed on, and what is given up rejects with the reason', async () => {
  const clock = createFakeClock()
  const answer = ok({ value: {}, bytes: new Uint8Array(0) })
  expect(await timely(async () => answer, 1, clock)(other, 'feedkeys', 'key', {}, { signal })).toBe(answer)
  const stop = new AbortController()
  const given = timely(silent, 1, clock)(other, 'feedkeys', 'key', {}, { signal: stop.signal })
  stop.abort('enough')
  await expect(given).rejects.toBe('enough')
})
