/**
 * The command line, split but not judged: what a flag means is said in `config.ts`.
 *
 *     config show --origin --port=80 ─▶ { type: 'config-show', origin: true }, flags { port: '80' }
 *
 * @module
 */
import { err, ok, type Result } from '@effigy/core'
import { type KeepingCommand, takeKeepingCommand } from '../backup/command-line.ts'
import { type TurnCommand, turnCommandOf } from '../turn/command-words.ts'
import { flag } from './kinds.ts'
import { flagOf, optionKeys, options } from './options.ts'
import { suggest } from './suggest.ts'

export type Command =
  | { readonly type: 'serve' }
  | { readonly type: 'config-check' }
  | { readonly type: 'config-show'; readonly origin: boolean }
  | TurnCommand
  | KeepingCommand
  | { readonly type: 'help' }
  | { readonly type: 'version' }

export interface CommandLine {
  readonly command: Command
  /** By their names without dashes. */
  readonly flags: ReadonlyMap<string, string>
}

export interface CommandFault {
  readonly code: 'command' | 'flag'
  readonly message: string
}

/** Flags that may stand without a value; then they mean `true`. */
const switches: ReadonlySet<string> = new Set([
  ...optionKeys.filter((key) => (options[key].kind as unknown) === flag).map(flagOf),
  'with-keys',
])

/** Have flags of their own, so whatever starts the program looks for them first. */
const ownLines = ['admin', 'invite']

const commands = [
  'serve',
  'config check',
  'config show',
  'turn config',
  'turn check',
  'backup',
  'restore',
  'verify',
  ...ownLines,
]

export function parseCommandLine(words: readonly string[]): Result<CommandLine, CommandFault> {
  const flags = new Map<string, string>()
  const names: string[] = []
  let origin = false
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '--help' || word === '-h' || word === 'help') return ok({ command: { type: 'help' }, flags })
    if (word === '--version') return ok({ command: { type: 'version' }, flags })
    if (word === '--origin') {
      origin = true
      continue
    }
    if (!word.startsWith('-')) {
      names.push(word)
      continue
    }
    const [, name, inline] = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(word) ?? []
    if (name === undefined) return fault('flag', `${word} is not a flag; flags look like --port 7337.`)
    if (flags.has(name)) return fault('flag', `--${name} is given twice.`)
    const next = words[index + 1]
    if (inline !== undefined) flags.set(name, inline)
    else if (switches.has(name) && next !== 'true' && next !== 'false') flags.set(name, 'true')
    else if (next === undefined || next.startsWith('--')) {
      return fault('flag', `--${name} needs a value, like --${name}=….`)
    } else {
      flags.set(name, next)
      index++
    }
  }
  const command =
    turnCommandOf(names) ?? takeKeepingCommand(names, flags) ?? commandOf(names.join(' '), origin)
  if (command !== null) {
    return origin && command.type !== 'config-show'
      ? fault('flag', '--origin belongs to `config show`.')
      : ok({ command, flags })
  }
  const [first = ''] = names
  if (ownLines.includes(first)) {
    return fault('command', `${first} comes first, its flags behind it: hub ${names.join(' ')} --home ….`)
  }
  const near = suggest(names.join(' '), commands)
  const hint = near === null ? `Commands: ${commands.join(', ')}.` : `Did you mean "${near}"?`
  return fault('command', `"${names.join(' ')}" is not a command of the hub. ${hint}`)
}

function commandOf(names: string, origin: boolean): Command | null {
  switch (names) {
    case '':
    case 'serve':
      return { type: 'serve' }
    case 'config check':
      return { type: 'config-check' }
    case 'config show':
      return { type: 'config-show', origin }
    default:
      return null
  }
}

const fault = (code: CommandFault['code'], message: string): Result<never, CommandFault> =>
  err({ code, message })
