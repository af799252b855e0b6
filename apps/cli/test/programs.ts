/**
 * The programs as processes, in a folder of their own: what scripts and people rely on.
 *
 *     start: node src/main.ts -C home … ─▶ exit code, stdout, stderr          a hub ─▶ its address
 *     run:   the same, in one process for all of a file's tests (`host.ts`)
 *
 * @module
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect } from 'vitest'
import type { Answered, Asked } from './host.ts'

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
  readonly env?: Readonly<Record<string, string>>
}

export interface StartOptions extends RunOptions {
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
  start(home: string | null, words: readonly string[], options?: StartOptions): Started
  /** Without a process of its own: for all that signals and pipes have no part in. */
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

const hostMain = join(import.meta.dirname, 'host.ts')

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

  const environment = (env: object) => ({
    PATH: process.env.PATH,
    HOME: root,
    XDG_CACHE_HOME: codeCache,
    LANG: 'C',
    ...env,
  })

  function startProgram(
    file: string,
    words: readonly string[],
    { input = '', env = {}, within = [] }: StartOptions,
  ): Started {
    const whole = environment(env)
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

  const whole = (home: string | null, words: readonly string[]): readonly string[] => [
    ...(home === null ? [] : ['-C', resolve(root, home)]),
    ...words,
  ]
  const start: Programs['start'] = (home, words, options = {}) =>
    startProgram(main, whole(home, words), options)
  const host = createHost(running, environment({}))
  const run: Programs['run'] = (home, words, { input = '', env = {} } = {}) =>
    host({ words: whole(home, words), input, env: environment(env) })
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

/** Begins with its first run. What it prints itself counts as printed by all that then run. */
function createHost(
  running: Set<ChildProcess>,
  env: Readonly<Record<string, string | undefined>>,
): (asked: Omit<Asked, 'run'>) => Promise<Outcome> {
  const waiting = new Map<number, PromiseWithResolvers<Outcome>>()
  let runs = 0
  let strayed = ''
  let host: ChildProcess | null = null

  function begin(): ChildProcess {
    const child = fork(hostMain, { env, silent: true })
    running.add(child)
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (piece) => {
        strayed += String(piece)
      })
    }
    child.on('message', ({ run, code, out, error }: Answered) => {
      waiting.get(run)?.resolve({ code, out, error: error + strayed })
      waiting.delete(run)
    })
    child.once('close', (code) => {
      running.delete(child)
      host = null
      for (const { resolve: tell } of waiting.values()) tell({ code, out: '', error: strayed })
      waiting.clear()
    })
    return child
  }

  return (asked) => {
    const run = runs++
    const outcome = Promise.withResolvers<Outcome>()
    waiting.set(run, outcome)
    host ??= begin()
    host.send({ ...asked, run } satisfies Asked)
    return outcome.promise
  }
}

/** JSON, one object a line. */
export function linesOf(out: string): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
