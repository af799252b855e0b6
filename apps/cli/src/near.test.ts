/** Two programs in one network, and no hub: real mDNS, real sockets (spec U). */
import { afterAll, expect, test } from 'vitest'
import { createPrograms } from '../test/programs.ts'
import { twoMachines } from '../test/two-machines.ts'

const machines = twoMachines()
const { start, run, json } = createPrograms('near')
afterAll(() => machines?.[Symbol.dispose]())

const missing = machines === null ? ' (left out: needs root and `ip netns`)' : ''

test.skipIf(machines === null)(
  `[U1] [U4] a friend’s note comes without any hub${missing}`,
  {
    timeout: 90_000,
  },
  async () => {
    for (const home of ['alice', 'bob']) expect(await run(home, ['init'])).toMatchObject({ code: 0 })
    const [alice] = await json('alice', ['id', '--json'])
    await run('alice', ['post', 'over the wire'])
    await run('bob', ['follow', String(alice?.identity)])
    const watching = start('alice', ['sync', '--lan', '--watch'], { within: machines?.first ?? [] })
    // Alone so far, and waiting.
    await watching.found(/Up to date with 0 hubs/)
    const synced = await start('bob', ['sync', '--lan'], { within: machines?.second ?? [] }).ended
    watching.child.kill('SIGINT')
    expect(synced).toMatchObject({ code: 0, out: expect.stringContaining('with 1 device') })
    expect((await run('bob', ['timeline'])).out).toContain('over the wire')
    await watching.ended
    expect(await start('bob', ['sync', '--lan'], { within: machines?.second ?? [] }).ended).toMatchObject({
      code: 4,
      error: expect.stringContaining('[lan-nobody]'),
    })
  },
)
