/** Which of the sessions of one pair stands, while one takes the place of another (A11, A13). */
import { identityOfKey } from '@effigy/core'
import type { Session } from '@effigy/sync'
import { createFakeClock, settle } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { createSessions, type SessionsDeps, welcomeMs } from './sessions.ts'

const [lesser, greater] = [1, 2].map((byte) => identityOfKey(new Uint8Array(32).fill(byte))).sort() as [
  Session['remote'],
  Session['remote'],
]

interface Fake extends Session {
  readonly said: string[]
  /** Its link is gone. */
  cut(): void
}

function session(kind: string, dialler = lesser): Fake {
  const closed = Promise.withResolvers<{ code: string; local: boolean }>()
  const said: string[] = []
  return {
    ...{ remote: greater, dialler, link: { kind, binding: new Uint8Array(0) }, said, closed: closed.promise },
    doubt: () => void said.push('doubt'),
    async end(code: string) {
      said.push(code)
      closed.resolve({ code, local: true })
    },
    cut: () => closed.resolve({ code: 'cut', local: false }),
  } as Partial<Fake> as Fake
}

function world({ isHub = false } = {}) {
  const welcomed = new Map<Session, () => void>()
  const retired: Session[] = []
  const clock = createFakeClock()
  const retire: SessionsDeps['retire'] = (one) => void retired.push(one)
  const sessions = createSessions({
    clock,
    log: { info() {}, warn() {} },
    serve(one, serving) {
      welcomed.set(one, () => serving.welcomed())
      void one.closed.then(({ code }) => serving.over(code))
    },
    changed() {},
    ...(isHub ? {} : { retire }),
  })
  const standing = () => sessions.get(greater)?.session ?? null
  return { ...sessions, clock, retired, standing, welcome: (one: Session) => welcomed.get(one)?.() }
}

describe('[A13]', () => {
  test('a better one stands once the other side has taken it in, and only then the other leaves', async () => {
    const { hold, standing, welcome, retired } = world()
    const [relay, direct] = [session('relay'), session('webrtc', greater)]
    void hold(relay)
    welcome(relay)
    const held = hold(direct)
    expect([standing(), retired, relay.said]).toEqual([relay, [], []])
    welcome(direct)
    expect([standing(), retired, relay.said]).toEqual([direct, [relay], []])
    direct.cut()
    expect(await held).toBe('cut')
    await settle()
    // What leaves does not come back.
    expect(standing()).toBe(null)
  })

  test('a better one that comes to nothing changes nothing', async () => {
    const { hold, standing, welcome, retired } = world()
    const [relay, direct, again] = [session('relay'), session('webrtc'), session('webrtc')]
    void hold(relay)
    welcome(relay)
    void hold(direct)
    direct.cut()
    await settle()
    expect(standing()).toBe(relay)
    void hold(again)
    welcome(again)
    expect([standing(), retired]).toEqual([again, [relay]])
  })

  test('what stands may break while a better one comes', async () => {
    const { hold, standing, welcome, retired } = world()
    const [relay, direct] = [session('relay'), session('webrtc')]
    void hold(relay)
    welcome(relay)
    void hold(direct)
    relay.cut()
    await settle()
    expect(standing()).toBe(direct)
    welcome(direct)
    expect(retired).toEqual([])
  })

  test('[T16] of those that leave there is one: who dials again and again has no more sessions by it', () => {
    const { hold, welcome, standing } = world()
    const all = Array.from({ length: 20 }, () => session('webrtc'))
    for (const one of all) {
      void hold(one)
      welcome(one)
    }
    expect(standing()).toBe(all.at(-1))
    expect(all.filter(({ said }) => said.length === 0)).toEqual(all.slice(-2))
  })

  test('of several that come the best is waited for', async () => {
    const { hold, standing, welcome } = world()
    const [relay, first, second, worse] = [
      session('relay'),
      session('webrtc', greater),
      session('ws', lesser),
      session('webrtc', greater),
    ]
    void hold(relay)
    void hold(first)
    void hold(second)
    expect(first.said).toEqual(['duplicate'])
    expect(await hold(worse)).toBe('duplicate')
    expect(second.said).toEqual(['doubt'])
    welcome(second)
    expect(standing()).toBe(second)
  })

  test('[T16] who never says the first word keeps no second session of a pair, nor a first', async () => {
    const { hold, standing, welcome, clock, retired } = world()
    const [relay, silent, alone] = [session('relay'), session('webrtc'), session('ws')]
    void hold(relay)
    welcome(relay)
    const held = hold(silent)
    await clock.advance(welcomeMs - 1)
    expect(silent.said).toEqual([])
    await clock.advance(1)
    expect([silent.said[0], await held, standing(), relay.said]).toEqual(['timeout', 'timeout', relay, []])
    relay.cut()
    await settle()
    void hold(alone)
    await clock.advance(welcomeMs)
    expect([alone.said[0], standing(), retired]).toEqual(['timeout', null, []])
  })

  test('[A11] a worse one is refused, and the one that stands asked whether it still does', async () => {
    const { hold, standing, welcome } = world()
    const [direct, relay] = [session('webrtc', greater), session('relay', lesser)]
    void hold(direct)
    welcome(direct)
    expect(await hold(relay)).toBe('duplicate')
    expect([relay.said, direct.said, standing()]).toEqual([['duplicate'], ['doubt'], direct])
  })

  test('whoever is turned away has none left: not the one that stands, that comes, that leaves', async () => {
    const { hold, welcome, disconnect, close, standing } = world()
    const all = [session('relay'), session('webrtc', greater), session('ws', lesser)] as const
    for (const one of all) void hold(one)
    welcome(all[2])
    const coming = session('ws', lesser)
    void hold(coming)
    await disconnect('not-admitted', greater)
    expect(all[0].said[0]).toBe('not-admitted')
    expect(all[1].said[0]).toBe('duplicate')
    expect([all[2].said[0], coming.said[0]]).toEqual(['not-admitted', 'not-admitted'])
    await settle()
    expect(standing()).toBe(null)
    await close()
  })

  test('a hub ends the one before at once', () => {
    const { hold, standing } = world({ isHub: true })
    const [older, newer] = [session('ws'), session('ws')]
    void hold(older)
    void hold(newer)
    expect([older.said, standing()]).toEqual([['duplicate'], newer])
  })
})
