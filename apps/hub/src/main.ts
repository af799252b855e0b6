/**
 * The hub as a program: keeps feeds online for peers that are not.
 *
 * The only file that knows the real clock, disk, terminal and environment; everything
 * below receives them.
 *
 *     main ─▶ hub.ts (HTTP, members, limits) ─▶ @effigy/peer ─▶ sync, store, core
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { homedir, networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openNodePeer, readPassphraseFile } from '@effigy/peer/node'
import { sharedTimersClock } from '@effigy/sync'
import { pino } from 'pino'
import { adminHelp, runAdmin } from './admin/command.ts'
import { parseAdminLine } from './admin/command-line.ts'
import { prepareKey } from './admin/key.ts'
import { operations } from './admin/operations.ts'
import { offerAdministration } from './admin/socket.ts'
import { appOf } from './app/served-app.ts'
import { offerBackups } from './backup/backups.ts'
import type { KeepingCommand } from './backup/command-line.ts'
import { runKeepingCommand } from './backup/commands.ts'
import { addressesForOthers, banner } from './banner.ts'
import { parseCommandLine } from './config/command-line.ts'
import { configVariable, type LoadedConfig, locate, readConfig } from './config/config.ts'
import { checkFiles } from './config/files.ts'
import type { HubConfig } from './config/options.ts'
import { exitCodes, explainFailure } from './failure.ts'
import { configText, helpText } from './help.ts'
import { prepareHome } from './home.ts'
import { type Hub, startHub } from './hub.ts'
import { announceHub } from './lan.ts'
import { createLog } from './log.ts'
import { saveWhenQuiet } from './operating/quiet.ts'
import { createTally } from './operating/tally.ts'
import { pacedLog } from './paced-log.ts'
import { openEmbeddedStore } from './ports/embedded-store.ts'
import { runTurnCommand } from './turn/commands.ts'

/** Ms that a stop may take; what is acknowledged is on disk long before. */
const stopMs = 4_500

/** The web app that `npm start` and `npm run build:web` build. */
const builtApp = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** Ms that administration waits for a hub. */
const adminMs = 60_000

// Whoever read its words has gone, as `head` does: a command is over soon, and a hub serves on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessUnread)

process.exitCode = await run(process.argv.slice(2))

function unlessUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

async function run(words: readonly string[]): Promise<number> {
  if (words[0] === 'admin') return administrate(words.slice(1))
  if (words[0] === 'invite') return administrate(['invites', 'create', ...words.slice(1)])
  const line = parseCommandLine(words)
  if (!line.ok) return complain(exitCodes.config, [line.error.message])
  const { command, flags } = line.value
  switch (command.type) {
    case 'help':
      return say(helpText())
    case 'version':
      return say(`${version()}\n`)
    case 'config-check':
      return withSettings(flags, checkSettings)
    case 'config-show':
      return withSettings(flags, ({ loaded }) => say(configText(loaded, command.origin)))
    case 'turn-config':
    case 'turn-check':
      return withSettings(flags, ({ loaded }) => runTurnCommand(command, loaded.config, { say, warn }))
    case 'backup':
    case 'restore':
    case 'verify':
      return withSettings(flags, ({ loaded }) => keep(loaded.config, command))
    case 'serve':
      return withSettings(flags, ({ loaded }) => serve(loaded.config))
  }
}

/** The files that are named too: a service that is told so before its stop goes on as it was. */
function checkSettings({ loaded: { config }, path }: Settings): number {
  try {
    checkFiles(config, Date.now())
  } catch (error) {
    const { exitCode, message } = explainFailure(error, config)
    return complain(exitCode, [message])
  }
  return say(`The settings are right${path === null ? '' : ` (${path})`}.\n`)
}

async function administrate(words: readonly string[]): Promise<number> {
  const line = parseAdminLine(words, operations)
  if (!line.ok) {
    return line.error.code === 'help'
      ? say(adminHelp(operations))
      : complain(exitCodes.config, [line.error.message])
  }
  const terminal = { say, complain: (message: string) => complain(exitCodes.failed, [message]) }
  const signal = AbortSignal.timeout(adminMs)
  return withSettings(line.value.flags, ({ loaded }) =>
    runAdmin(line.value, loaded.config.home, terminal, signal),
  )
}

/** `path`: of the file that took part, or null. */
interface Settings {
  readonly loaded: LoadedConfig
  readonly path: string | null
}

async function withSettings(
  flags: ReadonlyMap<string, string>,
  use: (settings: Settings) => number | Promise<number>,
): Promise<number> {
  const { defaultHome, file: path, named } = locate(flags, process.env, homedir())
  let text: string | null
  try {
    text = readText(path)
  } catch {
    return complain(exitCodes.config, [`${path} cannot be read. Look at its permissions.`])
  }
  if (text === null && named) {
    return complain(exitCodes.config, [`There is no file ${path}. Look at --config or ${configVariable}.`])
  }
  const file = text === null ? null : { path, text, named }
  const read = readConfig({ flags, environment: process.env, file, defaultHome })
  if (!read.ok) {
    return complain(
      exitCodes.config,
      read.error.map(({ message }) => message),
    )
  }
  const { config, origins } = read.value
  return use({
    loaded: { config: { ...config, home: resolve(config.home) }, origins },
    path: file === null ? null : path,
  })
}

async function keep(config: HubConfig, command: KeepingCommand): Promise<number> {
  const stop = stopSignal()
  const { isTTY } = process.stderr
  const ports = {
    home: config.home,
    clock: sharedTimersClock,
    version: version(),
    say: (text: string) => void say(`${text}\n`),
    progress: (text: string) => void (isTTY === true && process.stderr.write(`\r\x1b[K${text}\r`)),
    signal: stop,
  }
  try {
    return await runKeepingCommand(command, ports)
  } catch (error) {
    if (stop.aborted) return exitCodes.forced
    const { exitCode, message } = explainFailure(error, config)
    return complain(exitCode, [message])
  }
}

async function serve(config: HubConfig): Promise<number> {
  const lines = pino.destination({ fd: 2, sync: true })
  lines.on('error', unlessUnread)
  const clock = sharedTimersClock
  const tally = createTally(pacedLog(createLog(config.logLevel, lines), clock))
  const { log } = tally
  const { home, networkKey, passphraseFile } = config
  const stop = stopSignal()
  try {
    const passphrase = passphraseFile === null ? null : readPassphraseFile(passphraseFile)
    await prepareHome(home, passphrase)
    const network = networkKey === null ? {} : { networkKey }
    const app = appOf(config.app, builtApp, log)
    const served = app === null ? {} : { app }
    await using records = openEmbeddedStore({ path: join(home, 'hub.sqlite'), clock, log })
    await using hub = await startHub(
      {
        openPeer: (hooks) =>
          openNodePeer({
            home,
            clock,
            log,
            kind: 'hub',
            // A wrong one is not tried twice.
            passphrase: async (attempt) => (attempt === 0 ? passphrase : null),
            ...network,
            ...hooks,
          }),
        records,
        adminKey: prepareKey(home, randomBytes),
        tally,
        copyRecords: records.copyTo,
        ...served,
        clock,
        log,
        version: version(),
      },
      config,
    )
    const { administration } = hub
    await using _door =
      administration === null ? null : await offerAdministration(home, administration, { clock, log })
    await using _near = await announceHub(hub, config, { clock, log })
    await using _backups = await offerBackups(home, hub.backups, log)
    using _saving = config.saveMemory ? saveWhenQuiet({ clock, log }) : null
    const { isTTY, columns } = process.stdout
    // To a service it is said on purpose; in a terminal it says that the window was closed, and ends the process.
    if (isTTY !== true) process.on('SIGHUP', hub.reload)
    say(
      banner(hub, config, {
        version: version(),
        hasApp: app !== null,
        machineAddresses: reachableAddresses(),
        terminal: { columns: isTTY === true ? columns : null },
        inviteLink: isTTY === true ? await firstInvite(hub, config) : null,
        adminLink: isTTY === true ? ((await administration?.createLink()) ?? null) : null,
      }),
    )
    if (!stop.aborted) await once(stop, 'abort')
    exitLater(exitCodes.ok)
    // Leaving the block ends the sessions, then closes the stores.
  } catch (error) {
    const { exitCode, code, message } = explainFailure(error, config)
    log.warn('hub.failed', { code })
    exitLater(exitCode)
    return complain(exitCode, [message])
  }
  return exitCodes.ok
}

/** For the first friends of whoever sits at the terminal; null where invites are off. */
async function firstInvite(hub: Hub, config: HubConfig): Promise<string | null> {
  if (config.invites === 'off') return null
  const [others] = addressesForOthers(hub, config, reachableAddresses())
  const [url = ''] = (others ?? hub.address).split('#', 1)
  const made = await hub.joining.invite({ url, count: 10, lastsMs: 7 * 24 * 60 * 60 * 1000 })
  return made?.link ?? null
}

/** Whatever still holds the process then. */
function exitLater(exitCode: number): void {
  setTimeout(() => process.exit(exitCode), stopMs).unref()
}

/** Aborted by the first signal; the second one ends the process where it stands. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(exitCodes.forced)
    stop.abort()
    process.stdout.write('Stopping; again to stop at once.\n')
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return stop.signal
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}

/** Null when there is no such file. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw cause
  }
}

function reachableAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}

function say(text: string): number {
  process.stdout.write(text)
  return exitCodes.ok
}

function warn(message: string): void {
  complain(exitCodes.ok, [message])
}

function complain(exitCode: number, messages: readonly string[]): number {
  for (const message of messages) process.stderr.write(`hub: ${message}\n`)
  return exitCode
}
