/**
 * `config get | set | unset | list`: the settings of this home, and where each comes from.
 *
 * @module
 */
import { Command } from 'commander'
import {
  type Config,
  isSettingKey,
  readConfigFile,
  type SettingKey,
  saveConfigFile,
  settingKeys,
  settings,
} from '../config.ts'
import type { Context } from '../context.ts'
import { failure } from '../failure.ts'
import { demandHome } from '../home.ts'
import { canAsk, readText } from '../input.ts'
import { help, say } from '../messages/index.ts'
import { askHidden } from '../passphrase.ts'
import type { Run } from '../run.ts'
import { suggestion } from '../suggest.ts'
import { calmLine } from '../terminal-text.ts'

interface ShowOptions {
  readonly showOrigin?: boolean
  readonly reveal?: boolean
}

export function configCommand(run: Run): Command {
  return new Command('config')
    .description(help.config)
    .addCommand(getCommand(run))
    .addCommand(setCommand(run))
    .addCommand(unsetCommand(run))
    .addCommand(listCommand(run))
}

function getCommand(run: Run): Command {
  return new Command('get')
    .description(help.configGet)
    .argument('<key>', help.configKey)
    .option('--reveal', help.revealSetting)
    .action((typed: string, options: ShowOptions, command: Command) =>
      run(command, async ({ config, output }) => {
        const key = demandKey(typed)
        const isHidden = settings[key].isSecret && config.settings[key] !== null && options.reveal !== true
        if (isHidden) throw failure('secret-hidden', key)
        output.json({ key, value: config.settings[key], origin: config.origins[key] })
        output.line(String(config.settings[key] ?? ''))
      }),
    )
}

function setCommand(run: Run): Command {
  return new Command('set')
    .description(help.configSet)
    .argument('<key>', help.configKey)
    .argument('<value>', help.configValue)
    .action((typed: string, given: string, _options: object, command: Command) =>
      run(command, async (context) => {
        const { home, output } = context
        demandHome(home)
        const key = demandKey(typed)
        const value = await settingValue(context, key, given)
        if (settings[key].parse(value) === null) throw failure('config-value', key, settings[key].allowed)
        const file = readConfigFile(home)
        saveConfigFile(home, { ...file, values: new Map([...file.values, [key, value]]) })
        output.json({ key, set: true })
      }),
    )
}

/** A secret from standard input, or from a person who cannot see it: others on this machine see what stands behind a command. */
async function settingValue(context: Context, key: SettingKey, given: string): Promise<string> {
  const isSecret = settings[key].isSecret && settings[key].parse(given)?.value !== null
  if (isSecret && given !== '-') throw failure('secret-argument', key)
  if (isSecret && canAsk(context)) return (await askHidden(context.io, say.askSetting(key))).trim()
  return (await readText(context, given)).trim()
}

function unsetCommand(run: Run): Command {
  return new Command('unset')
    .description(help.configUnset)
    .argument('<key>', help.configKey)
    .action((typed: string, _options: object, command: Command) =>
      run(command, async ({ home, output }) => {
        demandHome(home)
        const key = demandKey(typed)
        const file = readConfigFile(home)
        saveConfigFile(home, { ...file, values: new Map([...file.values].filter(([name]) => name !== key)) })
        output.json({ key, set: false })
      }),
    )
}

function listCommand(run: Run): Command {
  return new Command('list')
    .description(help.configList)
    .option('--show-origin', help.showOrigin)
    .option('--reveal', help.revealSetting)
    .action((options: ShowOptions, command: Command) =>
      run(command, async ({ config, output }) => {
        for (const key of settingKeys) {
          const origin = config.origins[key]
          const value = shown(config, key, options.reveal ?? false)
          output.json(options.showOrigin === true ? { key, value, origin } : { key, value })
          const source = options.showOrigin === true ? `  ${output.paint('dim', origin)}` : ''
          output.line(`${key} = ${value ?? ''}${source}`)
        }
      }),
    )
}

function shown({ settings: values }: Config, key: SettingKey, isRevealed: boolean): string | number | null {
  const value = values[key]
  return settings[key].isSecret && value !== null && !isRevealed ? say.hidden : value
}

function demandKey(typed: string): SettingKey {
  if (isSettingKey(typed)) return typed
  throw failure('config-key', calmLine(typed), suggestion(typed, settingKeys))
}
