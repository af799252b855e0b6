/**
 * coturn for a test: Debian's, on a free port of this machine, ended with the test.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '@effigy/sync'
import { coturnConfig } from '../src/turn/coturn-config.ts'
import { type TurnSettings, turnOptions } from '../src/turn/options.ts'
import { openTurnClient } from '../src/turn/turn-client.ts'

export const hasCoturn: boolean = existsSync('/usr/bin/turnserver')
/** Stands in the name of tests that are left out without it. */
export const withCoturn: string = hasCoturn ? '' : ' (left out: no /usr/bin/turnserver, Debian: coturn)'

export interface Coturn extends AsyncDisposable {
  readonly settings: TurnSettings
  readonly secret: string
  /** Its file of settings. */
  readonly path: string
  readonly port: number
  readonly host: string
  /** What it said. */
  output(): string
}

export function turnSettings(some: Partial<TurnSettings> = {}): TurnSettings {
  const fallbacks = Object.entries(turnOptions).map(([key, { fallback }]) => [key, fallback])
  return { ...(Object.fromEntries(fallbacks) as unknown as TurnSettings), ...some }
}

export const testSecret: string = 'of-a-test-and-of-nothing-else-0123456789'

export interface CoturnOptions {
  readonly host?: string
  /** What they name of ports begins at the port. */
  readonly settings?: Partial<TurnSettings> | ((port: number) => Partial<TurnSettings>)
  readonly ownAddresses?: readonly string[]
  /** Command before `turnserver`, like `ip netns exec NAME`. */
  readonly within?: readonly string[]
  /** Changes its file of settings before the start. */
  readonly edit?: (config: string) => string
}

/** Waits until it answers, unless it runs elsewhere (`within`). */
export async function startCoturn(options: CoturnOptions = {}): Promise<Coturn> {
  // Somebody else may have taken the port since it was free.
  for (let times = 0; times < 3; times++) {
    const coturn = await tryCoturn(options)
    if (typeof coturn !== 'string') return coturn
    if (times === 2) throw new Error(coturn)
  }
  throw new Error('not reached')
}

/** What it said, where it does not answer. */
async function tryCoturn(options: CoturnOptions): Promise<Coturn | string> {
  const { host = '127.0.0.1', within = [], edit = (config) => config } = options
  const port = anyPort()
  // Two of them would share a port without a word (SO_REUSEPORT), and each get half of what is sent there.
  const claim = within.length > 0 ? null : await claimPorts(port)
  if (claim === 'taken') return `The ports from ${port} are another coturn's.`
  const folder = mkdtempSync(join(tmpdir(), 'effigy-coturn-'))
  const path = join(folder, 'turnserver.conf')
  const name = host.includes(':') ? `[${host}]` : host
  const settings = turnSettings({
    turnUrls: [`turn:${name}:${port}`, `turn:${name}:${port}?transport=tcp`, `stun:${name}:${port}`],
    turnAddress: { outside: host, inside: host },
    turnPorts: { first: port + 1, last: port + portsEach - 2 },
    ...(typeof options.settings === 'function' ? options.settings(port) : options.settings),
  })
  const config = coturnConfig({ settings, secret: testSecret, ownAddresses: options.ownAddresses ?? [] })
  if (!config.ok) throw new Error(config.error.message)
  const local = [`listening-ip=${host}`, `userdb=${join(folder, 'db')}`, `pidfile=${join(folder, 'pid')}`]
  writeFileSync(path, `${edit(config.value)}${local.join('\n')}\n`, { mode: 0o600 })
  prepareDatabase(join(folder, 'db'))
  const [program = '', ...words] = [...within, '/usr/bin/turnserver', '-c', path]
  const child: ChildProcess = spawn(program, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const exited = once(child, 'exit')
  const coturn: Coturn = {
    settings,
    secret: testSecret,
    path,
    port,
    host,
    output: () => output,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await exited
      claim?.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  if (within.length > 0) return coturn
  for (let times = 0; times < 20; times++) {
    using client = await openTurnClient({
      url: { scheme: 'stun', host, port, transport: 'udp' },
      user: '',
      password: '',
      clock: systemClock,
      signal: AbortSignal.timeout(30_000),
    })
    if ((await client.binding()).ok) return coturn
    if (child.exitCode !== null) break
  }
  await coturn[Symbol.asyncDispose]()
  return `coturn does not answer: ${output.slice(0, 1_000)}`
}

/** Its threads would make one each, in each other's way, and refuse good names meanwhile. */
function prepareDatabase(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(readFileSync('/usr/share/coturn/schema.sql', 'utf8'))
  database.close()
}

/** Its own, those it relays from, and the last one, which says that they are taken. */
const portsEach = 32

/** The first of those of one coturn, below those that the system gives out; whether they are taken shows at the start. */
const anyPort = (): number => 10_000 + portsEach * randomInt(680)

/** Held while a coturn has the ports from `port` on; among all programs of this machine. */
async function claimPorts(port: number): Promise<DisposableStack | 'taken'> {
  const socket = createSocket('udp4')
  socket.bind({ port: port + portsEach - 1, address: '127.0.0.1', exclusive: true })
  try {
    await once(socket, 'listening')
  } catch {
    socket.close()
    return 'taken'
  }
  const claim = new DisposableStack()
  claim.defer(() => socket.close())
  return claim
}
