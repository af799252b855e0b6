import { expect, test } from 'vitest'
import { whenAborted } from './when-aborted.ts'

test('each hears once; who has gone does not', () => {
  const stop = new AbortController()
  const heard: string[] = []
  whenAborted(stop.signal, () => heard.push('first'))
  const gone = whenAborted(stop.signal, () => heard.push('gone'))
  whenAborted(stop.signal, () => heard.push('last'))
  gone[Symbol.dispose]()
  stop.abort()
  stop.abort()
  expect(heard).toEqual(['first', 'last'])
})

test('when all have gone, others can come', () => {
  const stop = new AbortController()
  whenAborted(stop.signal, () => {})[Symbol.dispose]()
  let heard = 0
  whenAborted(stop.signal, () => heard++)
  stop.abort()
  expect(heard).toBe(1)
})
