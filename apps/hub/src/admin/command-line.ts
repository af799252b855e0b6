/**
 * `hub admin …`, split and judged by the table of operations.
 *
 *     blocks add WHO --reason spam --json ─▶ operation, input, how to reach the hub, how to show the answer
 *
 * @module
 */
import { err, ok, type Result } from '@effigy/core'
import { suggest } from '../config/suggest.ts'
import { type Field, readInput } from './fields.ts'
import type { Operation } from './operation.ts'

export interface AdminLine<Ports> {
  readonly operation: Operation<Ports>
  /** As the hub reads it; checked here already. */
  readonly input: Readonly<Record<string, unknown>>
  readonly isJson: boolean
  readonly isSure: boolean
  /** Of another machine; null: the one of the home. */
  readonly at: string | null
  readonly keyFile: string | null
  readonly link: string | null
  /** For the settings: `home`, `config`. */
  readonly flags: ReadonlyMap<string, string>
}

export interface AdminLineFault {
  readonly code: 'help' | 'usage'
  readonly message: string
}

const switches: ReadonlySet<string> = new Set(['json', 'yes', 'help'])
const settings: ReadonlySet<string> = new Set(['home', 'config'])
const ways: ReadonlySet<string> = new Set(['at', 'key-file', 'link'])

/** `people` alone means `people list`. */
const usualVerbs = ['list', 'show', 'create']

export const flagOfField = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** `words`: behind `admin`. */
export function parseAdminLine<Ports>(
  words: readonly string[],
  operations: readonly Operation<Ports>[],
): Result<AdminLine<Ports>, AdminLineFault> {
  const split = splitWords(words)
  if (!split.ok) return split
  const { plain, flags } = split.value
  const named = findOperation(plain, operations)
  if (flags.has('help') || (plain.length === 0 && flags.size === 0) || plain[0] === 'help') {
    return err({ code: 'help', message: '' })
  }
  if (named === null) return usage(unknownOperation(plain, operations))
  const { operation, rest } = named
  const input = readFields(operation, rest, flags)
  if (!input.ok) return input
  const checked = readInput(operation.fields, input.value)
  if (!checked.ok) return usage(`${checked.error.message} Usage: hub admin ${usageOf(operation)}`)
  return ok({
    operation,
    input: input.value,
    isJson: flags.has('json'),
    isSure: flags.has('yes'),
    at: flags.get('at') ?? null,
    keyFile: flags.get('key-file') ?? null,
    link: flags.get('link') ?? null,
    flags: new Map([...flags].filter(([name]) => settings.has(name))),
  })
}

interface Split {
  readonly plain: readonly string[]
  readonly flags: ReadonlyMap<string, string>
}

function splitWords(words: readonly string[]): Result<Split, AdminLineFault> {
  const plain: string[] = []
  const flags = new Map<string, string>()
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const [, name, inline] = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(word) ?? []
    if (name === undefined) {
      if (word.startsWith('-')) return usage(`${word} is not a flag; flags look like --json.`)
      plain.push(word)
      continue
    }
    if (flags.has(name)) return usage(`--${name} is given twice.`)
    const next = words[at + 1]
    if (switches.has(name)) {
      if (inline !== undefined) return usage(`--${name} takes no value.`)
      flags.set(name, 'true')
    } else if (inline !== undefined) flags.set(name, inline)
    else if (next === undefined || next.startsWith('--')) {
      return usage(`--${name} needs a value, like --${name}=….`)
    } else {
      flags.set(name, next)
      at++
    }
  }
  return ok({ plain, flags })
}

function findOperation<Ports>(
  plain: readonly string[],
  operations: readonly Operation<Ports>[],
): { readonly operation: Operation<Ports>; readonly rest: readonly string[] } | null {
  const [group = '', verb = '', ...rest] = plain
  const whole = operations.find(({ name }) => name === `${group} ${verb}`)
  if (whole !== undefined) return { operation: whole, rest }
  const plural = [group, `${group}s`]
  for (const usual of usualVerbs) {
    const operation = operations.find(({ name }) => plural.some((one) => name === `${one} ${usual}`))
    if (operation !== undefined && plain.length === 1) return { operation, rest: [] }
  }
  return null
}

function unknownOperation<Ports>(plain: readonly string[], operations: readonly Operation<Ports>[]): string {
  const typed = plain.slice(0, 2).join(' ')
  const near = suggest(
    typed,
    operations.map(({ name }) => name),
  )
  const hint = near === null ? '`hub admin help` lists what there is.' : `Did you mean "${near}"?`
  // A terminal shows it: nothing that would move its cursor.
  return `"${typed.replace(/[\p{Cc}\p{Cf}]/gu, '?')}" is nothing that can be administrated. ${hint}`
}

function readFields<Ports>(
  { fields, name: operation }: Operation<Ports>,
  plain: readonly string[],
  flags: ReadonlyMap<string, string>,
): Result<Readonly<Record<string, unknown>>, AdminLineFault> {
  const input: Record<string, unknown> = {}
  const left = [...plain]
  const known = new Map(Object.entries(fields).map(([name, field]) => [flagOfField(name), { name, field }]))
  const put = (name: string, field: Field<unknown>, text: string): void => {
    input[name] = field.kind.fromText(text)
  }
  for (const [flag, { name, field }] of known) {
    const given = flags.get(flag)
    if (given !== undefined) put(name, field, given)
    else if (field.isPlain) {
      const next = left.shift()
      if (next !== undefined) put(name, field, next)
    }
  }
  if (left.length > 0) return usage(`There are words too many behind ${operation}.`)
  for (const flag of flags.keys()) {
    if (!known.has(flag) && !switches.has(flag) && !settings.has(flag) && !ways.has(flag)) {
      return usage(`--${flag} is not a flag of ${operation}.`)
    }
  }
  return ok(input)
}

/** `blocks add WHO [--reason REASON]`. */
export function usageOf<Ports>({ name, fields, destroys }: Operation<Ports>): string {
  const words = Object.entries(fields).map(([field, { isPlain }]) => {
    const value = flagOfField(field).replaceAll('-', '_').toUpperCase()
    return isPlain ? value : `[--${flagOfField(field)} ${value}]`
  })
  return [name, ...words, ...(destroys ? ['--yes'] : [])].join(' ')
}

const usage = (message: string): Result<never, AdminLineFault> => err({ code: 'usage', message })
