/** What T15 fears: codes that are replayed, late, foreign or used, guests who know a code, and whoever sits between. */
import {
  type Emoji,
  encodeBase64url,
  type JsonObject,
  ok,
  type SynodMember,
  signInvite,
  writeInviteCode,
  writeLinkCode,
} from '@effigy/core'
import { memoryPair } from '@effigy/links'
import { settle } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { fill, headerOf, testCrypto, testSigner } from '../../test/handshake-kit.ts'
import {
  createAccount,
  createDevice,
  createPairingWorld,
  type Device,
  type Intruder,
  intrude,
  laptopSeed,
  mallorySeed,
  meet,
  type PairingWorld,
  phoneSeed,
  readCode,
  recorded,
  rest,
  until,
} from '../../test/pairing-kit.ts'
import { emojiCommitment, emojiLabel, emojiOf } from './emoji.ts'
import type { PairingRun } from './pairing-run.ts'
import type { Admitted } from './pairing-state.ts'

const { sha256, hkdfSha256 } = testCrypto
const base64 = encodeBase64url
const faultOf = (device: Device, text: string): string | null => {
  const read = device.pairing.read(text)
  return read.ok ? null : read.error.code
}

/** Both persons look, and say yes. */
async function agree(...runs: readonly PairingRun[]): Promise<void> {
  for (const run of runs) await until(run, 'comparing')
  for (const run of runs) run.decide(true)
}

describe('[T15] the wrong code', () => {
  test('[L2] an invite, this very device’s, and one that fits neither device', async () => {
    const { clock, laptop, phone, account } = await createPairingWorld()
    const { signer, identity } = await testSigner(laptopSeed)
    const invite = await signInvite(
      {
        from: identity,
        name: '',
        account: null,
        hub: identity,
        url: 'wss://hub.example/effigy/1',
        token: fill(1, 16),
        until: clock.now() + 1_000,
        count: 1,
      },
      signer,
    )
    expect(faultOf(phone, writeInviteCode(invite, sha256))).toBe('code-invite')
    const { text } = laptop.pairing.show({ places: [] })
    expect(faultOf(laptop, text)).toBe('pairing-self')
    const tablet = await createDevice(clock, 5, account.port())
    expect(faultOf(tablet, text)).toBe('pairing-both-linked')
    expect(faultOf(await createDevice(clock, 6), phone.pairing.show({ places: [] }).text)).toBe(
      'pairing-neither-linked',
    )
    expect(faultOf(phone, 'https://example.org/')).toBe('code-foreign')
  })

  test('[L6] [T24] two minutes, by no wall clock', async () => {
    for (const years of [-10, 0, 10]) {
      const { clock, laptop, phone } = await createPairingWorld()
      const shown = laptop.pairing.show({ places: [] })
      clock.jump(years * 365 * 86_400_000)
      const late = years > 0
      expect(faultOf(phone, shown.text)).toBe(late ? 'code-expired' : null)
      await clock.advance(2 * 60_000 - 1)
      const read = phone.pairing.read(shown.text, { tryExpired: true })
      if (!read.ok) throw new Error(read.error.code)
      expect((await meet(read.value, shown))[0]).toEqual({ ok: true, value: null })
    }
  })

  test('[L7] one ms later it is over, for the device that shows it and for who comes', async () => {
    const { clock, laptop, phone } = await createPairingWorld()
    const shown = laptop.pairing.show({ places: [] })
    const early = readCode(phone, shown.text)
    await clock.advance(2 * 60_000)
    expect(await shown.outcome).toMatchObject({ error: { code: 'code-expired', local: true } })
    expect(await early.outcome).toMatchObject({ error: { code: 'code-expired', local: true } })
    expect(faultOf(phone, shown.text)).toBe('code-expired')
    const read = phone.pairing.read(shown.text, { tryExpired: true })
    if (!read.ok) throw new Error(read.error.code)
    await meet(read.value, shown)
    expect(await read.value.outcome).toEqual({
      ok: false,
      error: { code: 'code-expired', local: false, uncertain: null },
    })
    // And when nobody is told any more, links for it are none of ours.
    expect(laptop.pairing.shown).toBe(shown)
    await clock.advance(10 * 60_000)
    expect(laptop.pairing.shown).toBeNull()
    expect(await shown.try(memoryPair()[0], 'acceptor')).toEqual({ ok: false, error: { code: 'cancelled' } })
  })

  test('[L7] used twice: the second device is told, and so is the first when it reads it again', async () => {
    const { clock, laptop, phone, account } = await createPairingWorld()
    const shown = laptop.pairing.show({ places: [] })
    const first = readCode(phone, shown.text)
    const second = readCode(await createDevice(clock, 5), shown.text)
    await meet(first, shown)
    await meet(second, shown)
    expect(await second.outcome).toMatchObject({ error: { code: 'code-used', local: false } })
    expect(faultOf(phone, shown.text)).toBe('code-used')
    await agree(first, shown)
    expect(await shown.outcome).toMatchObject({ ok: true })
    expect(account.members.map(([identity]) => identity)).toEqual([phone.identity])
  })

  test('[L7] after a mismatch, a cancel, or another code shown, it is void', async () => {
    for (const end of ['mismatch', 'cancel', 'another']) {
      const { clock, laptop, phone } = await createPairingWorld()
      const shown = laptop.pairing.show({ places: [] })
      if (end === 'mismatch') {
        const first = readCode(phone, shown.text)
        await meet(first, shown)
        first.decide(false)
        await first.outcome
      } else if (end === 'cancel') shown.cancel()
      else laptop.pairing.show({ places: [] })
      await rest()
      const next = readCode(await createDevice(clock, 5), shown.text)
      const [tried] = await meet(next, shown)
      if (end === 'another') expect(tried).toEqual({ ok: false, error: { code: 'cut' } })
      else expect(await next.outcome).toMatchObject({ error: { code: 'code-used', local: false } })
    }
  })

  test('[L4] a code with another account’s root', async () => {
    const { laptop, phone, account } = await createPairingWorld()
    const shown = laptop.pairing.show({ places: [] })
    const { root } = await createAccount(8)
    const read = readCode(phone, writeLinkCode({ ...shown.code, root }, sha256))
    await meet(read, shown)
    await until(shown, 'comparing')
    shown.decide(true)
    expect(await read.outcome).toMatchObject({ error: { code: 'pairing-other-account', local: true } })
    expect(await shown.outcome).toMatchObject({ error: { code: 'pairing-other-account', local: false } })
    expect(account.changes).toBe(0)
  })
})

describe('[L7] [T16] without the secret', () => {
  test('nothing uses the code up, nor keeps others out', async () => {
    const { clock, laptop, phone } = await createPairingWorld()
    const shown = laptop.pairing.show({ places: [] })
    // Who says nothing, for ever, and who says anything.
    const silent = Array.from({ length: 40 }, () => {
      const [, right] = memoryPair()
      return shown.try(right, 'acceptor')
    })
    for (const frame of ['', '{}', '{"type":"sessioncommit","hash":"x"}\n', '{"type":"sessionrequest"}\n']) {
      const [left, right] = memoryPair()
      left.send(new TextEncoder().encode(frame))
      expect((await shown.try(right, 'acceptor')).ok).toBe(false)
    }
    for (const guess of [null, fill(9, 16), new Uint8Array(0)]) {
      for (const role of ['dialler', 'acceptor'] as const) {
        const attempt = intrude(clock, shown, {
          secret: guess,
          role,
          expect: role === 'dialler' ? laptop.identity : null,
        })
        attempt.catch(() => {})
        await rest()
      }
    }
    expect(shown.state.type).toBe('open')
    const read = readCode(phone, shown.text)
    expect((await meet(read, shown))[0]).toEqual({ ok: true, value: null })
    await until(shown, 'comparing')
    await clock.advance(10_000)
    expect((await Promise.all(silent)).every(({ ok: paired }) => !paired)).toBe(true)
    expect(shown.state.type).toBe('comparing')
  })

  test('[L8] several links at once, as where a code names several places: both choose the same one', async () => {
    for (const showerDials of [false, true]) {
      const { laptop, phone } = await createPairingWorld()
      const shown = laptop.pairing.show({ places: [] })
      const read = readCode(phone, shown.text)
      const [dialler, acceptor] = showerDials ? [shown, read] : [read, shown]
      const met = await Promise.all([1, 2, 3, 4].map(() => meet(dialler, acceptor)))
      expect(met.map(([tried]) => tried.ok).filter(Boolean).length).toBe(1)
      await agree(shown, read)
      expect(await read.outcome).toMatchObject({ ok: true })
    }
  })

  test('[L8] who dials has to know who is there before anything is said', async () => {
    const { laptop, clock } = await createPairingWorld()
    const shown = laptop.pairing.show({ places: [] })
    await expect(intrude(clock, shown, { expect: null })).rejects.toMatchObject({ code: 'cut' })
    expect(shown.state.type).toBe('open')
  })

  test('a recorded exchange says nothing to anybody', async () => {
    const { clock, laptop, phone, account } = await createPairingWorld()
    const shown = laptop.pairing.show({ places: [] })
    const read = readCode(phone, shown.text)
    const frames: Uint8Array[] = []
    const [left, right] = memoryPair()
    await meet(read, shown, [recorded(left, frames), right])
    await agree(read, shown)
    expect(await shown.outcome).toMatchObject({ ok: true })
    await rest()
    const [before, count] = [account.changes, frames.length]
    expect(headerOf(frames[0]!).type).toBe('sessioncommit')
    expect(count).toBeGreaterThan(8)
    // Against the code that is over, against the next one, and against one with the very same secret.
    const next = laptop.pairing.show({ places: [] })
    const { secret } = shown.code
    const again = await createDevice(clock, laptopSeed, account.port(), {
      randomBytes: (length) => (length === secret.length ? secret : testCrypto.randomBytes(length)),
    })
    const same = again.pairing.show({ places: [] })
    expect(same.code.secret).toEqual(secret)
    for (const run of [shown, next, same]) {
      const [thief, link] = memoryPair()
      const tried = run.try(link, 'acceptor')
      for (const frame of frames) thief.send(frame.slice())
      expect(await tried).toEqual({ ok: false, error: { code: run === shown ? 'cancelled' : 'bad-seal' } })
    }
    expect([next.state.type, same.state.type]).toEqual(['open', 'open'])
    expect(account.changes).toBe(before)
  })
})

describe('with the secret', () => {
  test('[L7] a session that fails after its auth was opened uses the code up', async () => {
    const { clock, laptop, phone } = await createPairingWorld()
    const shown = laptop.pairing.show({ places: [] })
    // Signed by another key than that of the identity it names: it opens, and is no proof.
    const { signer } = await testSigner(mallorySeed)
    const liar = await createDevice(clock, phoneSeed, null, {}, signer)
    const read = readCode(liar, shown.text)
    await meet(read, shown)
    expect(await shown.outcome).toMatchObject({ error: { code: 'pairing-broken', local: false } })
    const honest = readCode(phone, shown.text)
    await meet(honest, shown)
    expect(await honest.outcome).toMatchObject({ error: { code: 'code-used', local: false } })
  })

  const commitment = base64(emojiCommitment(fill(1), sha256))
  const start: Call = ['start', { commitment }]
  const open: Call = ['open', { nonce: base64(fill(1)), box: base64(fill(2)), label: 'm' }]
  const join: Call = ['join', { signature: base64(fill(3, 64)) }]

  test.each<[string, readonly Call[]]>([
    ['open first', [open]],
    ['join first', [join]],
    ['done first', [['done', {}]]],
    ['start twice', [start, start]],
    ['open twice', [start, open, open]],
    ['join before the person said yes', [start, open, join]],
    ['done before that', [start, open, ['done', {}]]],
    ['another nonce than committed to', [start, ['open', { ...open[1], nonce: base64(fill(9)) }]]],
    ['a short nonce', [start, ['open', { ...open[1], nonce: base64(fill(1, 31)) }]]],
    ['a box of 31 bytes', [start, ['open', { ...open[1], box: base64(fill(2, 31)) }]]],
    ['an empty label', [start, ['open', { ...open[1], label: '' }]]],
    ['a label of 25 bytes', [start, ['open', { ...open[1], label: 'x'.repeat(25) }]]],
    ['a label of two lines', [start, ['open', { ...open[1], label: 'a\nb' }]]],
    ['a label that turns about', [start, ['open', { ...open[1], label: 'a\u202eb' }]]],
    ['a field more', [start, ['open', { ...open[1], more: 1 }]]],
    ['a field less', [['start', {}]]],
    ['a commitment that is a number', [['start', { commitment: 1 }]]],
    ['bytes', [['start', { commitment }, fill(0, 1)]]],
  ])('[L10] %s ends it', async (_name, calls) => {
    const { intruder, shown, account } = await guest()
    const answers: (string | JsonObject)[] = []
    for (const [method, value, bytes] of calls) {
      const answered = intruder.call(method, value, bytes)
      answers.push((await Promise.race([answered, rest()])) ?? 'nothing yet')
    }
    expect(await shown.outcome).toMatchObject({ error: { code: 'pairing-broken', local: true } })
    expect(await intruder.session.closed).toEqual({ code: 'pairing-broken', local: false })
    expect(account.changes).toBe(0)
  })

  test('[L9] gets nothing else of this session', async () => {
    const { intruder, shown } = await guest()
    intruder.send({ type: 'wantservice', id: 1, service: 'dropbox' })
    intruder.send({ type: 'watch', id: 2, count: 0, replace: false })
    await rest()
    const code = (re: number) => intruder.received.find((message) => 're' in message && message.re === re)
    expect([code(1), code(2)]).toMatchObject([
      { type: 'error', code: 'unknown-service' },
      { type: 'error', code: 'refused' },
    ])
    expect(shown.state.type).toBe('open')
  })

  test('[L11] a false signature is not passed on to the account', async () => {
    const { intruder, shown, account } = await guest()
    await intruder.call(...start)
    const opened = intruder.call(...open)
    await until(shown, 'comparing')
    shown.decide(true)
    expect(await opened).toMatchObject({ root: account.root, serial: 40 })
    void intruder.call(...join)
    expect(await shown.outcome).toMatchObject({ error: { code: 'pairing-broken' } })
    expect(account.changes).toBe(0)
  })

  test('[L14] a guest who takes its question back, or says nothing', async () => {
    const silent = await guest()
    await silent.world.clock.advance(20_000)
    expect(await silent.shown.outcome).toMatchObject({ error: { code: 'pairing-timeout' } })
    const fickle = await guest()
    await fickle.intruder.call(...start)
    void fickle.intruder.call(...open)
    await until(fickle.shown, 'comparing')
    fickle.intruder.send({ type: 'cancel', id: 2 ** 50 + 2 })
    expect(await fickle.shown.outcome).toMatchObject({ error: { code: 'pairing-cancelled', local: false } })
  })
})

type Call = readonly [string, JsonObject, Uint8Array?]

/** Mallory has seen the code that the laptop shows, and was quicker. */
async function guest(): Promise<{
  readonly world: PairingWorld
  readonly account: PairingWorld['account']
  readonly shown: PairingRun
  readonly intruder: Intruder
}> {
  const world = await createPairingWorld()
  const shown = world.laptop.pairing.show({ places: [] })
  const intruder = await intrude(world.clock, shown, { expect: world.laptop.identity })
  return { world, account: world.account, shown, intruder }
}

describe('[L13] an account that lies', () => {
  const lies: Record<string, (member: SynodMember, world: PairingWorld) => Promise<Admitted>> = {
    'a state without us': (_member, { account }) => account.state([]),
    'another serial': ([identity, box, label, serial, signature], { account }) =>
      account.state([[identity, box, label, serial + 1, signature]]),
    'another box': ([identity, , label, serial, signature], { account }) =>
      account.state([[identity, base64(fill(99)), label, serial, signature]]),
    'another account': async (member) => (await createAccount(8)).state([member]),
    'another account that says it is this one': async (member, { account: { root } }) =>
      (await createAccount(8)).state([member], { root }),
    'a false entry': async (member, { account }) => {
      const given = await account.state([member])
      const entry = given.entry.slice()
      entry[entry.length - 3] = entry[entry.length - 3] === 65 ? 66 : 65
      return { ...given, entry }
    },
    'a head of something else': async (member, { account }) => ({
      ...(await account.state([member])),
      head: (await account.state([])).head,
    }),
    'a head with a false signature': async (member, { account }) => {
      const given = await account.state([member])
      return { ...given, head: { ...given.head, signature: fill(1, 64) } }
    },
    'no entry': async (member, { account }) => ({
      ...(await account.state([member])),
      entry: fill(0x7b, 20),
    }),
  }

  test.each(Object.entries(lies))('%s', async (_name, lie) => {
    const world = await createPairingWorld()
    const liar = await createDevice(
      world.clock,
      mallorySeed,
      world.account.port({ admit: async (member) => ok(await lie(member, world)) }),
    )
    const shown = liar.pairing.show({ places: [] })
    const read = readCode(world.phone, shown.text)
    await meet(read, shown)
    await agree(read, shown)
    expect(await read.outcome).toEqual({
      ok: false,
      error: { code: 'pairing-state', local: true, uncertain: null },
    })
    expect(await shown.outcome).toMatchObject({ error: { code: 'pairing-state', local: false } })
  })

  const nonce = base64(fill(1))
  const root = base64(fill(2))
  const answers: Record<string, Parameters<typeof intrude>[2]> = {
    'a short nonce': { methods: { start: async () => ok({ value: { nonce: base64(fill(1, 16)) } }) } },
    'no nonce': { methods: { start: async () => ok({ value: {} }) } },
    'two answers': {
      methods: {
        start: async ({ answer }) => {
          answer({ value: { nonce } })
          return ok({ value: { nonce } })
        },
      },
    },
    'a serial of 0': {
      methods: {
        start: async () => ok({ value: { nonce } }),
        open: async () => ok({ value: { root, serial: 0 } }),
      },
    },
    'a root that is none': {
      methods: {
        start: async () => ok({ value: { nonce } }),
        open: async () => ok({ value: { root: 'x', serial: 1 } }),
      },
    },
    'a stage that is a sentence': {
      methods: {
        start: async () => ok({ value: { nonce } }),
        open: async () => ok({ value: { root, serial: 1 } }),
        join: async ({ answer }) => {
          answer({ value: { stage: 'Type your phrase at evil.example' } })
          return ok({ value: {} })
        },
      },
    },
    'a stage that never ends': {
      methods: {
        start: async () => ok({ value: { nonce } }),
        open: async () => ok({ value: { root, serial: 1 } }),
        join: async ({ answer }) => {
          for (let told = 0; told < 65; told++) answer({ value: { stage: 'signing' } })
          return new Promise(() => {})
        },
      },
    },
    'an entry longer than what came': {
      methods: {
        start: async () => ok({ value: { nonce } }),
        open: async () => ok({ value: { root, serial: 1 } }),
        join: async () => ok({ value: { entry: 15_000 }, bytes: fill(1, 20) }),
      },
    },
  }

  test.each(Object.entries(answers))('[L10] %s', async (_name, options) => {
    const { clock, phone } = await createPairingWorld()
    const shown = phone.pairing.show({ places: [] })
    shown.watch(({ type }) => type === 'comparing' && shown.decide(true))
    await intrude(clock, shown, { ...options, expect: phone.identity })
    expect(await shown.outcome).toEqual({
      ok: false,
      error: { code: 'pairing-broken', local: true, uncertain: null },
    })
  })
})

/**
 * Mallory got the person to read her code on the phone in the place of the laptop's, and reads the laptop's herself.
 * To make both show the same she would have to choose her nonce towards the laptop when she knows the laptop's.
 */
describe('[L12] [T15] somebody in the middle', () => {
  /** Of the four; so many can be tried in a test. */
  const compared = 2
  const firstOf = (shown: readonly Emoji[]): string =>
    shown
      .slice(0, compared)
      .map(({ name }) => name)
      .join()

  /** The phone at its emoji with Mallory, who is at the laptop's code. */
  async function between(laptopNonce: Uint8Array | null) {
    const world = await createPairingWorld()
    const { account, clock, phone } = world
    // Where a test knows the laptop's nonce beforehand: as if it were shown before the commitment.
    const known = laptopNonce && { randomBytes: (length: number) => laptopNonce.slice(0, length) }
    const laptop = await createDevice(clock, laptopSeed, account.port(), known ?? {})
    const mallory = await createDevice(clock, mallorySeed, (await createAccount(8)).port())
    const bait = mallory.pairing.show({ places: [] })
    const phoneRun = readCode(phone, bait.text)
    await meet(phoneRun, bait)
    const wanted = firstOf((await until(phoneRun, 'comparing')).emoji)
    const shown = laptop.pairing.show({ places: [] })
    const intruder = await intrude(clock, shown, { expect: laptop.identity })
    const exporter = intruder.session.exporter(emojiLabel)
    const fits = (joining: Uint8Array, linked: Uint8Array): boolean =>
      firstOf(emojiOf(exporter, { joining, linked }, hkdfSha256)) === wanted
    /** A nonce with which the laptop would show what the phone shows. */
    const grind = (linked: Uint8Array): Uint8Array => {
      const joining = new Uint8Array(32)
      const view = new DataView(joining.buffer)
      for (let tried = 0; tried < 100_000; tried++) {
        view.setUint32(0, tried)
        if (fits(joining, linked)) return joining
      }
      throw new Error('unlucky')
    }
    return { account, intruder, shown, wanted, fits, grind }
  }

  const opening = (nonce: Uint8Array): Call => [
    'open',
    { nonce: base64(nonce), box: base64(fill(2)), label: 'my phone' },
  ]

  test('who chooses her nonce when she knows the other is caught by her commitment', async () => {
    const { account, intruder, shown, fits, grind } = await between(null)
    const commitment = base64(emojiCommitment(fill(1), sha256))
    const { nonce } = (await intruder.call('start', { commitment })) as { nonce: string }
    const linked = Uint8Array.from(atob(nonce.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
    const ground = grind(linked)
    expect(fits(ground, linked)).toBe(true)
    void intruder.call(...opening(ground))
    expect(await shown.outcome).toMatchObject({ error: { code: 'pairing-broken' } })
    expect(account.changes).toBe(0)
  })

  test('who keeps to it shows other emoji, and both persons see that', async () => {
    const { account, intruder, shown, wanted } = await between(null)
    await intruder.call('start', { commitment: base64(emojiCommitment(fill(1), sha256)) })
    void intruder.call(...opening(fill(1)))
    const { emoji } = await until(shown, 'comparing')
    expect(firstOf(emoji)).not.toBe(wanted)
    shown.decide(false)
    expect(await shown.outcome).toMatchObject({ error: { code: 'pairing-mismatch' } })
    expect(account.changes).toBe(0)
  })

  test('without the commitment she would succeed: with the laptop’s nonce known before, both show the same', async () => {
    const laptopNonce = fill(0x77)
    const { account, intruder, shown, wanted, grind } = await between(laptopNonce)
    const ground = grind(laptopNonce)
    await intruder.call('start', { commitment: base64(emojiCommitment(ground, sha256)) })
    const opened = intruder.call(...opening(ground))
    const { emoji } = await until(shown, 'comparing')
    expect(firstOf(emoji)).toBe(wanted)
    shown.decide(true)
    expect(await opened).toMatchObject({ root: account.root })
    await settle()
  })
})
