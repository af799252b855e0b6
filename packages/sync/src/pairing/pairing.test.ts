/** Two devices and two persons (L6-L14), whoever shows the code and whoever dials. */
import { memoryPair } from '@effigy/links'
import { describe, expect, test } from 'vitest'
import {
  createPairingWorld,
  meet,
  type PairingWorld,
  readCode,
  rest,
  secretLabel,
  until,
} from '../../test/pairing-kit.ts'
import type { PairingRun } from './pairing-run.ts'
import type { PairingOutcome } from './pairing-state.ts'

interface Runs {
  readonly world: PairingWorld
  /** The device of the account. */
  readonly linked: PairingRun
  readonly joining: PairingRun
}

/** Both are at the emoji. */
async function compare(
  {
    showing = 'linked',
    dialling = 'reader',
  }: { showing?: 'linked' | 'joining'; dialling?: 'reader' | 'shower' } = {},
  port: Parameters<typeof createPairingWorld>[0] = {},
): Promise<Runs> {
  const world = await createPairingWorld(port)
  const [shower, reader] = showing === 'linked' ? [world.laptop, world.phone] : [world.phone, world.laptop]
  const shown = shower.pairing.show({ places: [[shower.identity, 'memory://here']] })
  const read = readCode(reader, shown.text)
  const [dialler, acceptor] = dialling === 'reader' ? [read, shown] : [shown, read]
  expect(await meet(dialler, acceptor)).toEqual([
    { ok: true, value: null },
    { ok: true, value: null },
  ])
  const [linked, joining] = showing === 'linked' ? [shown, read] : [read, shown]
  await until(linked, 'comparing')
  await until(joining, 'comparing')
  return { world, linked, joining }
}

const cutWays = [
  ['as before, as before, 0', 'uncertain, as before, 1', 'linked, linked, 0'],
  ['as before, as before, 1', 'uncertain, linked, 0', 'linked, linked, 0'],
] as const

const ways = [
  { showing: 'linked', dialling: 'reader' },
  { showing: 'linked', dialling: 'shower' },
  { showing: 'joining', dialling: 'reader' },
  { showing: 'joining', dialling: 'shower' },
] as const

describe.each(ways)('the code is shown on the $showing device, the $dialling dials', (way) => {
  test.each(['linked', 'joining'] as const)('[L10] both say yes, the %s device first', async (first) => {
    const { world, linked, joining } = await compare(way)
    const { account, laptop, phone } = world
    const [a, b] = [await until(linked, 'comparing'), await until(joining, 'comparing')]
    expect(a.emoji).toEqual(b.emoji)
    expect(a).toMatchObject({ remote: phone.identity, label: secretLabel, confirmed: false })
    expect(b).toMatchObject({ remote: laptop.identity, label: null, confirmed: false })
    const [one, other] = first === 'linked' ? [linked, joining] : [joining, linked]
    one.decide(true)
    await rest()
    expect([one.state, other.state]).toMatchObject([
      { type: 'comparing', confirmed: true },
      { type: 'comparing', confirmed: false },
    ])
    expect(account.changes).toBe(0)
    other.decide(true)
    const [here, there] = await Promise.all([linked.outcome, joining.outcome])
    expect(here).toMatchObject({ ok: true })
    expect(there).toEqual(here)
    expect(account.members).toEqual([here.ok && here.value.member])
    expect(account.members[0]?.slice(0, 4)).toEqual([phone.identity, expect.any(String), secretLabel, 40])
    expect([linked.state.type, joining.state.type]).toEqual(['linked', 'linked'])
    await rest()
    // Neither side is left waiting for anything but those who come late with the code.
    expect(world.clock.pending()).toBeLessThanOrEqual(1)
  })

  test.each(['linked', 'joining'] as const)(
    '[L14] [T15] the person at the %s device sees other emoji',
    async (which) => {
      const { world, linked, joining } = await compare(way)
      // Whatever was said before.
      if (which === 'linked') linked.decide(true)
      joining.decide(true)
      const [liar, other] = which === 'linked' ? [linked, joining] : [joining, linked]
      liar.decide(false)
      const fault = { code: 'pairing-mismatch', uncertain: null }
      expect(await liar.outcome).toEqual({ ok: false, error: { ...fault, local: true } })
      expect(await other.outcome).toEqual({ ok: false, error: { ...fault, local: false } })
      expect(world.account.members).toEqual([])
    },
  )
})

describe('[L14] who stops leaves both as before', () => {
  test.each(['linked', 'joining'] as const)('the %s device, at the emoji', async (which) => {
    for (const confirmed of [false, true]) {
      const { world, linked, joining } = await compare()
      const [one, other] = which === 'linked' ? [linked, joining] : [joining, linked]
      if (confirmed) one.decide(true)
      await rest()
      one.cancel()
      expect(await one.outcome).toMatchObject({ error: { code: 'pairing-cancelled', local: true } })
      expect(await other.outcome).toMatchObject({ error: { code: 'pairing-cancelled', local: false } })
      expect(world.account.changes).toBe(0)
      await rest()
      expect(world.clock.pending()).toBeLessThanOrEqual(1)
    }
  })

  test.each(['linked', 'joining'] as const)('the %s device, while the main one is asked', async (which) => {
    for (const signsAnyway of [false, true]) {
      const asked = Promise.withResolvers<void>()
      const answer = Promise.withResolvers<void>()
      const world = await createPairingWorld()
      const real = world.account.port()
      const runs = await compare(
        {},
        {
          async admit(member, { stage, signal }) {
            stage('asking-main')
            asked.resolve()
            await answer.promise
            if (signal.aborted && !signsAnyway) return { ok: false, error: { code: 'cancelled' } }
            return real.admit(member, { stage, signal: new AbortController().signal })
          },
          withdraw: real.withdraw,
        },
      )
      const { linked, joining } = runs
      linked.decide(true)
      joining.decide(true)
      await asked.promise
      await rest()
      expect([linked.state, joining.state]).toEqual([
        { type: 'asking', stage: 'asking-main' },
        { type: 'asking', stage: 'asking-main' },
      ])
      ;(which === 'linked' ? linked : joining).cancel()
      expect(await joining.outcome).toMatchObject({ error: { code: 'pairing-cancelled', uncertain: null } })
      await rest()
      expect(linked.state.type).toBe('undoing')
      answer.resolve()
      expect(await linked.outcome).toMatchObject({ error: { code: 'pairing-cancelled', uncertain: null } })
      expect(world.account.members).toEqual([])
      expect(world.account.withdrawals).toEqual(signsAnyway ? ['pairing-cancelled'] : [])
    }
  })

  test('the joining device, just when the state has come', async () => {
    const { world, linked, joining } = await compare()
    linked.decide(true)
    joining.decide(true)
    for (let turn = 0; turn < 100 && world.account.changes === 0; turn++) await rest(1)
    joining.cancel()
    const [here, there] = await Promise.all([linked.outcome, joining.outcome])
    expect(there.ok).toBe(here.ok)
    expect(world.account.members.length).toBe(here.ok ? 1 : 0)
  })

  test('[L14] what cannot be taken back is said', async () => {
    const [signed, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const account = (await createPairingWorld()).account.port()
    const { linked, joining } = await compare(
      {},
      {
        async admit(member, options) {
          const admitted = await account.admit(member, options)
          signed.resolve()
          await answer.promise
          return admitted
        },
        withdraw: async () => ({ ok: false, error: { code: 'main-away' } }),
      },
    )
    linked.decide(true)
    joining.decide(true)
    await signed.promise
    joining.cancel()
    await joining.outcome
    await rest()
    answer.resolve()
    expect(await linked.outcome).toMatchObject({
      error: { code: 'pairing-cancelled', local: false, uncertain: { root: account.root } },
    })
  })

  test.each([0, 1] as const)('[L14] the connection is lost at any frame of side %i', async (side) => {
    const ways = new Set<string>()
    for (let cutAt = 0; cutAt < 14; cutAt++) {
      const world = await createPairingWorld()
      const shown = world.laptop.pairing.show({ places: [] })
      const read = readCode(world.phone, shown.text)
      const links = memoryPair()
      const link = links[side]
      let frames = 0
      const send = link.send.bind(link)
      link.send = (frame) => {
        if (frames++ < cutAt) send(frame)
        else link.close()
      }
      const met = meet(read, shown, links)
      for (const run of [read, shown]) run.watch(({ type }) => type === 'comparing' && run.decide(true))
      await rest(60)
      const ends = await Promise.all(
        [read, shown].map((run) => (run.state.type === 'open' ? null : run.outcome)),
      )
      await Promise.race([met, rest()])
      const [there, here] = ends
      // Whoever says linked is right, and nobody is listed otherwise.
      expect(world.account.members.length).toBe(here?.ok ? 1 : 0)
      if (there?.ok) expect(here?.ok).toBe(true)
      if (here?.ok && there && !there.ok) expect(there.error.uncertain).toEqual(here.value)
      const told = (end: PairingOutcome | null | undefined): string =>
        !end ? 'open' : end.ok ? 'linked' : end.error.uncertain ? 'uncertain' : 'as before'
      ways.add(`${told(there)}, ${told(here)}, ${world.account.withdrawals.length}`)
      for (const run of [read, shown]) run[Symbol.dispose]()
      await rest()
      expect(world.clock.pending()).toBe(0)
    }
    // Joining, linked, how often it was taken back.
    for (const way of cutWays[side]) expect(ways).toContain(way)
  })

  test('[L14] a person who never looks, a device that never goes on', async () => {
    const { world, linked, joining } = await compare()
    linked.decide(true)
    await world.clock.advance(4 * 60_000)
    expect(await linked.outcome).toMatchObject({ error: { code: 'pairing-timeout' } })
    expect(await joining.outcome).toMatchObject({ error: { code: 'pairing-timeout' } })
    expect(world.account.changes).toBe(0)
  })
})

test.each(['too-many-devices', 'main-away'])(
  '[L11] the account refuses: %s is heard by both',
  async (code) => {
    const { world, linked, joining } = await compare(
      {},
      code === 'main-away'
        ? { serial: async () => ({ ok: false, error: { code } }) }
        : { admit: async () => ({ ok: false, error: { code } }) },
    )
    linked.decide(true)
    joining.decide(true)
    expect(await linked.outcome).toEqual({ ok: false, error: { code, local: true, uncertain: null } })
    expect(await joining.outcome).toEqual({ ok: false, error: { code, local: false, uncertain: null } })
    await rest()
    expect(world.clock.pending()).toBeLessThanOrEqual(1)
  },
)

test('[L11] an account that fails is a refusal, and says nothing of why', async () => {
  const { linked, joining } = await compare(
    {},
    {
      admit: async () => {
        throw new Error('a mistake of ours')
      },
    },
  )
  linked.decide(true)
  joining.decide(true)
  expect(await linked.outcome).toMatchObject({ error: { code: 'internal' } })
  expect(await joining.outcome).toMatchObject({ error: { code: 'internal' } })
})
