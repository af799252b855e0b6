/** What may be shared changes while an answer is under way (C3, T30). */
import type { HeadRecord, Identity } from '@effigy/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { feeds } from '../../test/catch-up-kit.ts'
import { sha256 } from '../../test/replication-kit.ts'
import { keysOf, sortKeys } from '../reconcile/key-set.ts'
import { createAnswers } from './catch-up-answers.ts'
import { createSharing } from './sharing.ts'

let records: readonly HeadRecord[] = []

beforeAll(async () => {
  records = (await feeds('answers', 4)).map(({ record }) => record)
})

function world() {
  const blocked = new Set<Identity>()
  const identities = records.map(({ head }) => head.identity)
  const sharing = createSharing('did:key:zBob' as Identity, {
    trust: () => 'friend',
    isBlocked: (identity) => blocked.has(identity),
    isPublic: () => true,
    isPublicBlob: () => true,
    blocked: () => blocked,
    isMember: () => false,
  })
  const answers = createAnswers({
    sha256,
    effects: { wake() {} },
    sharing,
    tell: (wanted) =>
      records.filter(({ head }) => wanted.includes(head.identity) && sharing.feed(head.identity)),
  })
  const keys = sortKeys(keysOf(identities))
  const at = { log: new Uint8Array(8), count: 7 }
  return { blocked, identities, sharing, answers, keys, at }
}

describe('[C3] [T30] a block between a question and the first frame of its answer', () => {
  test('no position stands for what was left out: that way is closed', () => {
    const { answers, blocked, identities, keys, at } = world()
    answers.changes(1, keys, identities, at)
    blocked.add(identities[0] as Identity)
    expect(answers.pull()?.message).toEqual({ type: 'unlike', re: 1, end: true, reason: 'other-scope' })
    expect([answers.pull(), answers.size]).toEqual([null, 0])
  })

  test('nor for what was left out before, when a block ends', () => {
    const { answers, blocked, identities, keys, at } = world()
    blocked.add(identities[0] as Identity)
    answers.changes(1, keys, identities, at)
    blocked.clear()
    expect(answers.pull()?.message.type).toBe('unlike')
  })

  test('without one the answer holds them all', () => {
    const { answers, identities, keys, at } = world()
    answers.changes(1, keys, identities, at)
    expect(answers.pull()?.message).toEqual({ type: 'resumed', re: 1, end: true, count: 4 })
  })

  test('heads are looked up anew, and whoever compares hears in which scope', () => {
    const { answers, blocked, identities, sharing } = world()
    const before = sharing.scope
    const scopes: string[] = []
    answers.heads(1, identities, (scope) => scopes.push(scope))
    blocked.add(identities[0] as Identity)
    expect(answers.pull()?.message).toEqual({ type: 'lastknownheads', re: 1, end: true, count: 3 })
    expect(scopes).toEqual([sharing.scope])
    expect(scopes).not.toContain(before)
  })
})
