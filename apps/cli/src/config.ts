/**
 * The settings of a home: defaults, its `config.json`, variables; the last one counts.
 *
 *     default < HOME/config.json < EFFIGY_* ─▶ Config, with the origin of each value
 *
 * The file is strict: an unknown key or a wrong kind is an error, not a silence.
 *
 * @module
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { err, ok, parseBase64url, type Result } from '@effigy/core'
import { failure } from './failure.ts'
import { type HubAddress, parseHubAddress, writeHubAddress } from './hub-address.ts'

export interface Settings {
  /** When to colour; NO_COLOR counts above `auto`. */
  readonly color: 'auto' | 'always' | 'never'
  /** Entries that lists show. */
  readonly limit: number
  /** Seconds that `sync` and fetches wait for the network. */
  readonly timeout: number
  /** 32 bytes in base64url, a secret; null for the public network. */
  readonly networkKey: string | null
}

export type SettingKey = keyof Settings

interface Setting<Value> {
  readonly fallback: Value
  readonly allowed: string
  readonly isSecret: boolean
  /** Reads what a person typed; null when it is no value of this setting. */
  readonly parse: (text: string) => { readonly value: Value } | null
}

export const settings: { readonly [Key in SettingKey]: Setting<Settings[Key]> } = {
  color: {
    fallback: 'auto',
    allowed: 'auto, always or never',
    isSecret: false,
    parse: (text) => (text === 'auto' || text === 'always' || text === 'never' ? { value: text } : null),
  },
  limit: {
    fallback: 50,
    allowed: 'a whole number from 1 to 500',
    isSecret: false,
    parse: (text) => whole(text, 1, 500),
  },
  timeout: {
    fallback: 120,
    allowed: 'a whole number of seconds from 1 to 86400',
    isSecret: false,
    parse: (text) => whole(text, 1, 86_400),
  },
  networkKey: {
    fallback: null,
    allowed: '32 bytes in base64url (43 characters), or "public"',
    isSecret: true,
    parse: (text) => {
      if (text === 'public') return { value: null }
      return text.length === 43 && parseBase64url(text)?.length === 32 ? { value: text } : null
    },
  },
}

export const settingKeys = Object.keys(settings) as readonly SettingKey[]

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(settings, key)
}

/** `networkKey` ─▶ `EFFIGY_NETWORK_KEY`. */
export function variableOf(key: SettingKey): string {
  return `EFFIGY_${key.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`
}

export interface Config {
  readonly settings: Settings
  /** `default`, the path of the file, or the name of a variable. */
  readonly origins: Readonly<Record<SettingKey, string>>
  readonly hubs: readonly HubAddress[]
}

/** What stands in the file. */
export interface ConfigFile {
  readonly hubs: readonly HubAddress[]
  /** Values as typed; each has been parsed once. */
  readonly values: ReadonlyMap<SettingKey, string>
}

export const configPath = (home: string): string => join(home, 'config.json')

const emptyFile: ConfigFile = { hubs: [], values: new Map() }

/** Characters; hundreds of hubs fit. */
const maxFileLength = 256 * 1024

/** Reads file and variables. Throws `config-damaged` and `config-value`. */
export function readConfig(home: string, env: Readonly<Record<string, string | undefined>>): Config {
  const path = configPath(home)
  const file = readConfigFile(home)
  const values: Partial<Record<SettingKey, unknown>> = {}
  const origins: Partial<Record<SettingKey, string>> = {}
  for (const key of settingKeys) {
    const variable = variableOf(key)
    const typed = env[variable]
    const given = typed === undefined || typed === '' ? file.values.get(key) : typed
    origins[key] = given === undefined ? 'default' : given === typed ? variable : path
    const parsed = given === undefined ? { value: settings[key].fallback } : settings[key].parse(given)
    if (parsed === null) throw failure('config-value', origins[key], settings[key].allowed)
    values[key] = parsed.value
  }
  // Every key has passed its own parser above.
  return {
    settings: values as unknown as Settings,
    origins: origins as Record<SettingKey, string>,
    hubs: file.hubs,
  }
}

/** The file alone; an absent one is empty. Throws `config-damaged`. */
export function readConfigFile(home: string): ConfigFile {
  const path = configPath(home)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (isAbsent(cause)) return emptyFile
    throw failure('file-unreadable', path)
  }
  const parsed = parseConfigFile(text)
  if (!parsed.ok) throw failure('config-damaged', path, parsed.error)
  return parsed.value
}

/** Replaces the file as a whole. Throws `config-unwritable`. */
export function saveConfigFile(home: string, { hubs, values }: ConfigFile): void {
  const path = configPath(home)
  const body = Object.fromEntries(values)
  const text = `${JSON.stringify({ hubs: hubs.map(writeHubAddress), ...body }, null, 2)}\n`
  const temporary = `${path}.new`
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    rmSync(temporary, { force: true })
    // It may hold the network's key.
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, path)
  } catch {
    throw failure('config-unwritable', path)
  }
}

/** The reason is part of a sentence: "… cannot be used: it is not JSON". */
export function parseConfigFile(text: string): Result<ConfigFile, string> {
  if (text.length > maxFileLength) return err('it is too large')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return err('it is not JSON')
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return err('it is not one JSON object')
  const { hubs: listed = [], ...rest } = json as Record<string, unknown>
  if (!Array.isArray(listed)) return err('"hubs" is not a list')
  const hubs: HubAddress[] = []
  for (const item of listed as unknown[]) {
    const hub = typeof item === 'string' ? parseHubAddress(item) : null
    if (hub === null) return err('"hubs" holds something that is not the address of a hub')
    hubs.push(hub)
  }
  const values = new Map<SettingKey, string>()
  for (const [key, value] of Object.entries(rest)) {
    if (!isSettingKey(key)) return err(`there is no setting called "${key}"`)
    const typed = typeof value === 'number' || typeof value === 'string' ? String(value) : null
    if (typed === null || settings[key].parse(typed) === null) {
      return err(`${key} must be ${settings[key].allowed}`)
    }
    values.set(key, typed)
  }
  return ok({ hubs, values })
}

function whole(text: string, least: number, most: number): { readonly value: number } | null {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? { value } : null
}

function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
}
