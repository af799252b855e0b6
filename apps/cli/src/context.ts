/**
 * What a command is given: its output, its home, its settings, a way to open the peer.
 *
 *     Io (main.ts) + options ─createContext▶ Context ─▶ commands/<verb>.ts
 *
 * @module
 */
import type { Readable } from 'node:stream'
import { parseBase64url } from '@effigy/core'
import { openNodeRtc } from '@effigy/links/node'
import { type NodePeer, openNodePeer } from '@effigy/peer/node'
import { type Clock, type Log, silentLog } from '@effigy/sync'
import { type Config, readConfig } from './config.ts'
import { failure } from './failure.ts'
import { demandHome, locateHome } from './home.ts'
import { createOutput, type Output, type OutputStream } from './output.ts'
import { type AskPassphrase, passphraseSource } from './passphrase.ts'

/** The world, as `main.ts` or a test hands it in. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly userHome: string
  readonly workingFolder: string
  readonly platform: string
  /** Aborted by Ctrl-C, and when nobody reads stdout any more. */
  readonly signal: AbortSignal
}

/** What stands before or behind any command. */
export interface CommonOptions {
  readonly home?: string
  /** `-`: standard input. */
  readonly passphraseFile?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
}

export interface OpenPeerOptions {
  readonly verifyThreads?: number
  /** Connects from device to device too. Throws `no-webrtc` where this machine cannot. */
  readonly isDirect?: boolean
}

export interface Context {
  readonly io: Io
  readonly home: string
  readonly output: Output
  readonly signal: AbortSignal
  /** Read when first asked for. */
  readonly config: Config
  /** The file was changed: it is read again when asked for. */
  reloadConfig(): void
  /** Asks for the passphrase of the home's vault, when it is locked. */
  readonly passphrase: AskPassphrase
  /** Whoever opens it disposes it: `await using peer = await context.openPeer()`. */
  openPeer(options?: OpenPeerOptions): Promise<NodePeer>
}

export function createContext(io: Io, options: CommonOptions): Context {
  const home = locateHome(options.home, io.env.EFFIGY_HOME, io.userHome, io.workingFolder)
  let config: Config | null = null
  const read = (): Config => {
    config ??= readConfig(home, io.env)
    return config
  }
  const output = createOutput({
    stdout: io.stdout,
    stderr: io.stderr,
    json: options.json ?? false,
    quiet: options.quiet ?? false,
    colours: wantsColours(io, home),
    now: io.clock.monotonic,
    signal: io.signal,
  })
  const passphrase = passphraseSource(io, options.passphraseFile)
  return {
    io,
    home,
    passphrase,
    output,
    signal: io.signal,
    get config() {
      return read()
    },
    reloadConfig() {
      config = null
    },
    async openPeer({ verifyThreads = 0, isDirect = false } = {}) {
      demandHome(home)
      const rtc = isDirect ? await openNodeRtc() : null
      if (isDirect && rtc === null) throw failure('no-webrtc')
      const { networkKey } = read().settings
      const key = networkKey === null ? null : parseBase64url(networkKey)
      return await openNodePeer({
        home,
        passphrase,
        clock: io.clock,
        log: options.verbose === true ? lineLog(io.stderr) : silentLog,
        verifyThreads,
        ...(rtc === null ? {} : { rtc }),
        ...(key === null ? {} : { networkKey: key }),
      })
    },
  }
}

/** NO_COLOR (any value but an empty one) and `color` decide; else whether a terminal shows it. A damaged file is told elsewhere. */
function wantsColours(io: Io, home: string): boolean {
  if ((io.env.NO_COLOR ?? '') !== '') return false
  const isTerminal = io.stdout.isTTY === true && io.env.TERM !== 'dumb'
  try {
    const { color } = readConfig(home, io.env).settings
    return color === 'auto' ? isTerminal : color === 'always'
  } catch {
    return false
  }
}

/** Events as lines of JSON, for `--verbose`; they hold no content and no keys. */
function lineLog(stderr: OutputStream): Log {
  const write = (level: string) => (event: string, fields: object) => {
    stderr.write(`${JSON.stringify({ level, event, ...fields })}\n`)
  }
  return { info: write('info'), warn: write('warn') }
}
