/**
 * The settings of a hub from four places; for each one the first that names it counts.
 *
 *     flags > EFFIGY_* variables > one JSON file > defaults ─▶ HubConfig and where each came from
 *
 * Nothing is passed over in silence: what is not known, or of the wrong kind, is a problem.
 *
 * @module
 */
import { posix, win32 } from 'node:path'
import { err, ok, type Result } from '@effigy/core'
import { flagOf, type HubConfig, type OptionKey, optionKeys, options, variableOf } from './options.ts'
import { suggest } from './suggest.ts'
import { checkTogether } from './together.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface ConfigFile {
  readonly path: string
  readonly text: string
  /** Named by a flag or variable, not found in the home. */
  readonly named: boolean
}

export interface ConfigSources {
  /** By their names without dashes; unknown ones are refused here. */
  readonly flags: ReadonlyMap<string, string>
  readonly environment: Environment
  readonly file: ConfigFile | null
  readonly defaultHome: string
}

export interface ConfigProblem {
  readonly code: 'unknown' | 'wrong-kind' | 'not-json' | 'too-large' | 'misplaced' | 'together'
  /** Where it stands, and under which name: `--prot`, `EFFIGY_PORT`, `hub.json: port`. */
  readonly where: string
  /** One sentence with what to do. */
  readonly message: string
}

export interface LoadedConfig {
  readonly config: HubConfig
  /** `--port`, `EFFIGY_PORT`, the file's path, or `default`. */
  readonly origins: Readonly<Record<OptionKey, string>>
}

/** Characters of a configuration file: ten thousand members fit. */
export const maxFileLength: number = 1024 * 1024

export const configVariable = 'EFFIGY_HUB_CONFIG'
export const fileName = 'hub.json'

/** One value that somebody gave, before it is judged. */
interface Given {
  readonly key: OptionKey
  readonly value: unknown
  readonly origin: string
  readonly where: string
}

export function readConfig(sources: ConfigSources): Result<LoadedConfig, readonly ConfigProblem[]> {
  const { file, environment, flags, defaultHome } = sources
  // The weakest first; each later one replaces what it names. All are judged: one that is wrong, and
  // does not count today, counts when the stronger one is taken away.
  const found = [...ofFile(file), ...ofVariables(environment), ...ofFlags(flags)]
  const config: Partial<Record<OptionKey, unknown>> = { home: defaultHome }
  const origins: Partial<Record<OptionKey, string>> = {}
  for (const key of optionKeys) {
    if (key !== 'home') config[key] = options[key].fallback
    origins[key] = 'default'
  }
  const problems: ConfigProblem[] = []
  for (const each of found) {
    if ('code' in each) {
      problems.push(each)
      continue
    }
    const { key, value, origin, where } = each
    const { accept, allowed } = options[key].kind
    const accepted = accept(value)
    if (accepted === null) {
      problems.push({ code: 'wrong-kind', where, message: `${where} must be ${allowed}.` })
      continue
    }
    config[key] = accepted.value
    origins[key] = origin
  }
  if (problems.length > 0) return err(problems)
  // Every value has passed the kind of its key above.
  const loaded = { config: config as unknown as HubConfig, origins: origins as Record<OptionKey, string> }
  const together = Array.from(checkTogether(loaded.config), ({ key, message }): ConfigProblem => {
    return { code: 'together', where: loaded.origins[key], message }
  })
  return together.length > 0 ? err(together) : ok(loaded)
}

/**
 * Where the home is and which file belongs to it, before that file can be read. A relative path is
 * taken from where the hub was started.
 */
export function locate(
  flags: ReadonlyMap<string, string>,
  environment: Environment,
  userHome: string,
): { readonly defaultHome: string; readonly file: string; readonly named: boolean } {
  const { join } = userHome.includes('\\') ? win32 : posix
  const defaultHome = join(environment.EFFIGY_HOME || join(userHome, '.effigy'), 'hub')
  const named = flags.get('config') ?? environment[configVariable]
  const home = flags.get('home') ?? environment[variableOf('home')] ?? defaultHome
  return { defaultHome, file: named ?? join(home, fileName), named: named !== undefined }
}

function* ofFile(file: ConfigFile | null): Iterable<Given | ConfigProblem> {
  if (file === null) return
  const { path } = file
  const values = parseFile(file)
  if (!values.ok) {
    yield { ...values.error, where: path }
    return
  }
  for (const [name, value] of Object.entries(values.value)) {
    const key = optionKeys.find((known) => known === name)
    const where = `${path}: ${name}`
    if (key === undefined) {
      const message = `${path}: ${unknown(`"${name}"`, quoted(suggest(name, optionKeys)))}`
      yield { code: 'unknown', where, message }
    } else if (key === 'home' && !file.named) {
      const message = `${where}: a file inside the home cannot move it; use --home or ${variableOf('home')}.`
      yield { code: 'misplaced', where, message }
    } else {
      yield { key, value, origin: path, where }
    }
  }
}

function parseFile({ path, text }: ConfigFile): Result<object, Pick<ConfigProblem, 'code' | 'message'>> {
  if (text.length > maxFileLength) {
    return err({ code: 'too-large', message: `${path} is too large: a configuration has at most 1 MiB.` })
  }
  let values: unknown
  try {
    values = JSON.parse(text)
  } catch (cause) {
    // Without the piece of the file that some of these messages quote: it may hold a key (T22).
    const detail = String(cause).replace(/^SyntaxError: |, (?:"|\.\.\.).*$/gs, '')
    return err({ code: 'not-json', message: `${path} is not JSON: ${detail}.` })
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    return err({ code: 'not-json', message: `${path} must hold one JSON object, like {"port": 7337}.` })
  }
  return ok(values)
}

const variablePrefix = 'EFFIGY_'
const keysByVariable: ReadonlyMap<string, OptionKey> = new Map(
  optionKeys.map((key) => [variableOf(key), key]),
)
/** Without the prefix, which would make everything look alike. */
const variableNames = [...keysByVariable.keys()].map((name) => name.slice(variablePrefix.length))

function* ofVariables(environment: Environment): Iterable<Given | ConfigProblem> {
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(variablePrefix) || text === undefined) continue
    if (name === 'EFFIGY_HOME' || name === configVariable) continue
    const key = keysByVariable.get(name)
    if (key !== undefined) {
      yield { key, value: options[key].kind.fromText(text), origin: name, where: name }
      continue
    }
    // Other programs have variables of that prefix too: refused is what is ours, or looks mistyped.
    const near = suggest(name.slice(variablePrefix.length), variableNames)
    if (name.startsWith('EFFIGY_HUB_') || near !== null) {
      const message = unknown(name, near === null ? null : variablePrefix + near)
      yield { code: 'unknown', where: name, message }
    }
  }
}

const keysByFlag: ReadonlyMap<string, OptionKey> = new Map(optionKeys.map((key) => [flagOf(key), key]))

function* ofFlags(flags: ReadonlyMap<string, string>): Iterable<Given | ConfigProblem> {
  for (const [name, text] of flags) {
    if (name === 'config') continue
    const key = keysByFlag.get(name)
    const where = `--${name}`
    if (key !== undefined) {
      yield { key, value: options[key].kind.fromText(text), origin: where, where }
      continue
    }
    const near = suggest(name, [...keysByFlag.keys(), 'config'])
    yield { code: 'unknown', where, message: unknown(where, near === null ? null : `--${near}`) }
  }
}

const quoted = (name: string | null): string | null => (name === null ? null : `"${name}"`)

function unknown(name: string, near: string | null): string {
  return near === null
    ? `${name} is not a setting of the hub; --help lists them.`
    : `${name} is not a setting of the hub. Did you mean ${near}?`
}
