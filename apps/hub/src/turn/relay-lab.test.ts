/**
 * The relay between real networks, in namespaces (T19): what it refuses does not arrive, and what it should does.
 *
 *     caller 9.9.1.2 ── 9.9.1.1 relay 9.9.2.1 ── 9.9.2.2 somebody
 *                               relay 10.7.0.1 ── 10.7.0.2 the same machine, in a private network
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hasCoturn, startCoturn, testSecret } from '../../test/coturn.ts'
import type { Outcome, Task } from '../../test/relay-lab-client.ts'
import { turnName } from './credentials.ts'

const ip = (...words: readonly string[]): boolean =>
  spawnSync('ip', words, { stdio: ['ignore', 'ignore', 'ignore'], timeout: 60_000 }).status === 0

/** Whether this machine can build it: tried once, and taken away. */
function canBuild(): boolean {
  if (process.getuid?.() !== 0 || !hasCoturn) return false
  const name = `effigy-probe-${process.pid}`
  if (!ip('netns', 'add', name)) return false
  const isAble =
    ip('-n', name, 'link', 'add', 'here', 'type', 'veth', 'peer', 'name', 'there') &&
    ip('-n', name, 'address', 'add', '2a00:1::1/64', 'dev', 'here', 'nodad')
  ip('netns', 'del', name)
  return isAble
}

const hasNetworks = canBuild()
const why = hasNetworks ? '' : ' (left out: needs root, network namespaces with IPv6, and coturn)'

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

interface Lab extends Disposable {
  within(name: 'relay' | 'caller' | 'peer'): readonly string[]
}

const addresses = {
  relay: ['9.9.1.1/24', '2a00:1::1/64'],
  caller: ['9.9.1.2/24', '2a00:1::2/64'],
  relayOut: ['9.9.2.1/24', '10.7.0.1/24', '2a00:2::1/64', 'fd00:7::1/64'],
  peer: ['9.9.2.2/24', '10.7.0.2/24', '2a00:2::2/64', 'fd00:7::2/64'],
}

function openLab(): Lab {
  const names = ['relay', 'caller', 'peer'].map((name) => `effigy-${name}-${process.pid}`)
  const [relay = '', caller = '', peer = ''] = names
  const must = (...words: readonly string[]): void => {
    if (!ip(...words)) throw new Error(`ip ${words.join(' ')}`)
  }
  for (const name of names) {
    must('netns', 'add', name)
    must('-n', name, 'link', 'set', 'lo', 'up')
  }
  must('link', 'add', 'in', 'netns', relay, 'type', 'veth', 'peer', 'name', 'out', 'netns', caller)
  must('link', 'add', 'far', 'netns', relay, 'type', 'veth', 'peer', 'name', 'out', 'netns', peer)
  const links = [
    [relay, 'in', addresses.relay],
    [caller, 'out', addresses.caller],
    [relay, 'far', addresses.relayOut],
    [peer, 'out', addresses.peer],
  ] as const
  for (const [name, link, all] of links) {
    for (const address of all) {
      must('-n', name, 'address', 'add', address, 'dev', link, ...(address.includes(':') ? ['nodad'] : []))
    }
    must('-n', name, 'link', 'set', link, 'up')
  }
  for (const gateway of ['9.9.2.1', '2a00:2::1']) must('-n', peer, 'route', 'add', 'default', 'via', gateway)
  return {
    within: (name) => ['ip', 'netns', 'exec', `effigy-${name}-${process.pid}`],
    [Symbol.dispose]() {
      for (const name of names) ip('netns', 'del', name)
    },
  }
}

async function run(words: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const [program = '', ...rest] = words
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (out += chunk))
  const [code] = await once(child, 'close')
  return { code, out }
}

test.skipIf(!hasNetworks)(`[T19] between networks, at IPv4 and IPv6${why}`, { timeout: 90_000 }, async () => {
  using lab = openLab()
  const folder = mkdtempSync(join(tmpdir(), 'effigy-lab-'))
  using _folder = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
  const secret = join(folder, 'secret')
  writeFileSync(secret, testSecret, { mode: 0o600 })
  const [program = '', ...words] = [
    ...lab.within('peer'),
    process.execPath,
    file('../../test/relay-lab-peer.ts'),
  ]
  const peer: ChildProcess = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  using _peer = { [Symbol.dispose]: () => void peer.kill('SIGKILL') }
  let arrived = ''
  peer.stdout?.on('data', (chunk) => (arrived += chunk))
  await expect.poll(() => arrived, { timeout: 20_000 }).toMatch(/ready.*\n.*ready/)
  arrived = ''

  for (const [host, open, closed] of [
    ['9.9.1.1', '9.9.2.2', ['10.7.0.2', '10.7.0.1', '127.0.0.1', '9.9.2.1']],
    ['2a00:1::1', '2a00:2::2', ['fd00:7::2', 'fd00:7::1', '::1', '2a00:2::1']],
  ] as const) {
    await using coturn = await startCoturn({
      host,
      within: lab.within('relay'),
      ownAddresses: [...addresses.relay, ...addresses.relayOut].map((text) => text.split('/')[0] ?? ''),
    })
    const task: Task = {
      settings: {
        ...coturn.settings,
        turnUrls: coturn.settings.turnUrls.slice(0, 1),
        turnSecretFile: secret,
      },
      ...{ host, port: coturn.port, peers: [open, ...closed] },
      name: turnName(testSecret, Date.now() + 600_000, 'x'),
      expired: turnName(testSecret, Date.now() - 60_000, 'x'),
    }
    const client = file('../../test/relay-lab-client.ts')
    const { out } = await run([...lab.within('caller'), process.execPath, client, JSON.stringify(task)])
    const outcome = JSON.parse(out) as Outcome
    expect(outcome.findings.filter(({ type }) => type !== 'right')).toEqual([])
    expect(outcome.findings.map(({ text }) => text).join()).toContain('two who both use it reach each other')
    const refused = closed.map((address) => [address, [403, 403, 'nothing']] as const)
    expect({ ...outcome, findings: [] }).toEqual({
      findings: [],
      way: 'accepted',
      expired: 401,
      peers: { [open]: ['accepted', 'accepted', 'echoed'], ...Object.fromEntries(refused) },
    })
    expect(arrived).toBe(`${open}\n`)
    arrived = ''
  }
})
