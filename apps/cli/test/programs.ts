/**
 * The programs as processes, in a folder of their own: what scripts and people rely on.
 *
 *     node src/main.ts -C home … ─▶ exit code, stdout, stderr          a hub ─▶ its address
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect } from 'vitest'

export interface Outcome {
  /** Null: ended by a signal. */
  readonly code: number | null
  readonly out: string
  readonly error: string
}

export interface RunOptions {
  /** Standard input; empty when omitted. */
  readonly input?: string
  /** Beside what every program gets. */
  readonly env?: object
  /** A program that runs it, with its words: `ip netns exec NAME`. */
  readonly within?: readonly string[]
}

export interface Started {
  readonly child: ChildProcess
  /** What matches in its output, once it is there. Rejects when the program ends without it. */
  found(form: RegExp): Promise<RegExpExecArray>
  /** What stands behind `"name":"…"` in its output, once it is there. */
  field(name: string): Promise<string>
  readonly ended: Promise<Outcome>
}

export interface Programs {
  readonly root: string
  /** `home`: its path, from `root` on; null names none. */
  start(home: string | null, words: readonly string[], options?: RunOptions): Started
  run(home: string | null, words: readonly string[], options?: RunOptions): Promise<Outcome>
  /** One object a line; the program has to succeed. */
  json(home: string, words: readonly string[], options?: RunOptions): Promise<Record<string, unknown>[]>
  /** Its address, when it listens. */
  startHub(...words: readonly string[]): Promise<string>
  /** A private file below `root`; gives its path. */
  file(name: string, text: string): string
}

const main = join(import.meta.dirname, '../src/main.ts')
const hubMain = join(import.meta.dirname, '../../hub/src/main.ts')

/** Compiled code, for all programs of all tests: each would compile all of it anew in a folder of its own. */
export const codeCache: string = join(import.meta.dirname, '../../../node_modules/.cache')

/** All of it ends, and the folder goes, with the last test of the file. */
export function createPrograms(name: string): Programs {
  const root = mkdtempSync(join(tmpdir(), `effigy-${name}-`))
  const running = new Set<ChildProcess>()
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL')
    rmSync(root, { recursive: true, force: true })
  })

  function startProgram(
    file: string,
    words: readonly string[],
    { input = '', env = {}, within = [] }: RunOptions,
  ): Started {
    const whole = {
      PATH: process.env.PATH,
      HOME: root,
      XDG_CACHE_HOME: codeCache,
      LANG: 'C',
      ...env,
    }
    const [program = '', ...rest] = [...within, process.execPath, file, ...words]
    const child = spawn(program, rest, { env: whole })
    running.add(child)
    let out = ''
    let error = ''
    child.stdout.on('data', (piece) => {
      out += String(piece)
    })
    child.stderr.on('data', (piece) => {
      error += String(piece)
    })
    // Who ends before all is read is told so by its exit code.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const ended = once(child, 'close').then(([code]) => {
      running.delete(child)
      return { code: code as number | null, out, error }
    })
    async function found(form: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const match = form.exec(out)
        if (match !== null) return match
        const more = await Promise.race([once(child.stdout, 'data'), ended.then(() => null)])
        if (more === null && !form.test(out)) throw new Error(`no ${form}: ${out}${error}`)
      }
    }
    return {
      child,
      found,
      field: async (key) => (await found(new RegExp(`"${key}":"([^"]*)"`)))[1] ?? '',
      ended,
    }
  }

  const start: Programs['start'] = (home, words, options = {}) =>
    startProgram(main, [...(home === null ? [] : ['-C', resolve(root, home)]), ...words], options)
  const run: Programs['run'] = (home, words, options) => start(home, words, options).ended
  return {
    root,
    start,
    run,
    async json(home, words, options) {
      const { code, out, error } = await run(home, [...words, '--json'], options)
      expect({ code, error }).toMatchObject({ code: 0 })
      return linesOf(out)
    },
    async startHub(...words) {
      const hub = startProgram(hubMain, ['--home', join(root, 'hub'), '--port', '0', ...words], {})
      return (await hub.found(/\bws:\S+/))[0]
    },
    file(fileName, text) {
      const path = join(root, fileName)
      writeFileSync(path, text, { mode: 0o600 })
      return path
    },
  }
}

/** JSON, one object a line. */
export function linesOf(out: string): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
