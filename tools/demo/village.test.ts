import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseInviteCode, sniffImage, stripImage } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { actsOf } from './acts.ts'
import { type PersonKey, people } from './people.ts'
import { makePicture, type SceneName } from './pictures/make.ts'
import { firstWeek } from './story/first-week.ts'
import { answers, greetings, groupAnswers, later } from './story/later.ts'
import { albums, rooms, talks } from './story/rooms.ts'
import { secondWeek } from './story/second-week.ts'
import { startVillage, type Village } from './village.ts'

const story = { posts: [...firstWeek, ...secondWeek], albums, rooms, talks }
const everybody = new Set(people.map(({ key }) => key))
const now = Date.UTC(2026, 10, 21, 20)

describe('the story', () => {
  const acts = actsOf(story, { now, seed: 'test', there: everybody })

  test('covers two weeks, in order, and nothing of it is to come', () => {
    const times = acts.map(({ at }) => at)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times[0]).toBeGreaterThan(now - 14 * 24 * 3_600_000)
    expect(times.at(-1)).toBeLessThan(now)
    expect(times.every(Number.isSafeInteger)).toBe(true)
  })

  test('lets everybody speak, and has an edit, an erasure and another script', () => {
    const speakers = new Set(acts.flatMap((act) => (act.type === 'say' ? [act.by] : [])))
    expect(speakers).toEqual(everybody)
    expect(acts.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['edit', 'erase', 'album', 'group', 'write']),
    )
    expect(acts.some((act) => act.type === 'say' && act.told.language === 'ar')).toBe(true)
  })

  test('names nobody who does not live there', () => {
    const known = (key: PersonKey): boolean => everybody.has(key)
    expect(acts.every(({ by }) => known(by))).toBe(true)
    const named = [...answers, ...groupAnswers, ...later].map(({ by }) => by)
    expect([...named, ...greetings.keys()].every(known)).toBe(true)
    // An unknown name would have been left out in silence.
    const likes = JSON.stringify([story, later]).matchAll(/"likes":"([^"]*)"/g)
    for (const [, text = ''] of likes) {
      for (const part of text.split(',')) {
        const [label, ...who] = part.trim().split(' ')
        expect(label, text).toMatch(/^\P{ASCII}/u)
        expect(who.filter((key) => !known(key as PersonKey))).toEqual([])
      }
    }
  })

  test('is the same for the same seed, and what hangs from somebody who is not there goes with them', () => {
    expect(actsOf(story, { now, seed: 'test', there: everybody })).toEqual(acts)
    const few = actsOf(story, { now, seed: 'test', there: new Set<PersonKey>(['rosa', 'teo']) })
    const said = new Set(few.flatMap((act) => (act.type === 'say' ? [act.id] : [])))
    for (const act of few) if (act.type === 'react') expect(said).toContain(act.to)
  })
})

describe('pictures', () => {
  test.for(['loaf', 'map'] satisfies SceneName[])(
    '%s is a clean picture, the same for the same seed',
    (scene) => {
      const made = makePicture({ type: 'scene', scene, seed: 'test' })
      expect(`image/${sniffImage(made.bytes)}`).toBe(made.mime)
      const stripped = stripImage(made.bytes)
      expect(stripped.ok && stripped.value.removed).toEqual([])
      expect(makePicture({ type: 'scene', scene, seed: 'test' }).bytes).toEqual(made.bytes)
      expect(makePicture({ type: 'scene', scene, seed: 'other' }).bytes).not.toEqual(made.bytes)
    },
  )
})

test('a newcomer is led in, followed back, written to and answered; a village that is kept goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-village-test-'))
  using _cleaning = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
  const stop = new AbortController()
  const faults: unknown[] = []
  const start = (): Promise<Village> =>
    startVillage({
      ...{ folder: join(folder, 'village'), seed: 'test', people: 3, port: 0, signal: stop.signal },
      pace: { lives: [50, 100], answers: [5, 10] },
      complain: (error) => faults.push(error),
    })
  {
    await using village = await start()
    await using visitor = await openVisitor(join(folder, 'visitor'))
    await come(visitor, village)
    const rosa = village.villagers.get('rosa')!
    await visitor.relate('follow', rosa.account.identity, true)
    const texts = (): readonly string[] =>
      visitor.query
        .timeline({ limit: 200 })
        .items.flatMap(({ state }) =>
          state.type === 'shown' && 'text' in state.payload ? [String(state.payload.text)] : [],
        )
    await expect
      .poll(texts, { timeout: 20_000 })
      .toContainEqual(expect.stringContaining('Good morning, Ferrywell'))
    await expect.poll(() => visitor.conversations.list().items.length, { timeout: 20_000 }).toBeGreaterThan(0)
    await expect
      .poll(() => visitor.groups.list().map(({ name }) => name), { timeout: 20_000 })
      .toEqual(['Market square'])
    const note = await visitor.publish({ type: 'public_note', at: Date.now(), text: 'Hello, I am new here.' })
    const answersHere = () => rosa.peer.query.thread(visitor.identity, note.content).items.length
    await expect.poll(answersHere, { timeout: 20_000 }).toBeGreaterThan(0)
  }
  expect(existsSync(join(folder, 'village', 'village.json'))).toBe(true)
  {
    await using village = await start()
    const before = village.villagers.get('teo')!.peer.query.timeline({ limit: 500 }).items.length
    expect(before).toBeGreaterThan(5)
  }
  expect(faults).toEqual([])
})

async function openVisitor(home: string): Promise<NodePeer> {
  await createHome(home)
  const peer = await openNodePeer({ home, clock: systemClock, log: silentLog, verifyThreads: 0 })
  await peer.account.create({ label: 'visitor' })
  return peer
}

async function come(visitor: NodePeer, village: Village): Promise<void> {
  const [, code = ''] = village.inviteLink.split('#')
  const { sha256 } = createNodeCrypto()
  const read = parseInviteCode(code, { nowMs: Date.now(), sha256 })
  if (!read.ok) throw new Error(read.error.code)
  const invite = read.value
  const signal = AbortSignal.timeout(20_000)
  expect(await visitor.joining.join(invite, { signal })).toMatchObject({ ok: true })
  const connection = visitor.connect(invite.url, { expect: invite.hub })
  await connection.ready(signal)
  expect(invite.account).not.toBeNull()
  expect(await visitor.joining.findAccount(invite.account!, { signal })).not.toBeNull()
}
