/**
 * What `--help` prints and `config show` lists, both from the table of options.
 *
 * @module
 */
import { configVariable, fileName, type LoadedConfig } from './config/config.ts'
import { flagOf, type OptionKey, optionKeys, options, variableOf } from './config/options.ts'

export function helpText(): string {
  const rows = optionKeys.map((key) => {
    const standard = key === 'home' ? '~/.effigy/hub' : show(key, options[key].fallback)
    return [`--${flagOf(key)}`, `${options[key].help} [${standard}]`]
  })
  return `Effigy hub: keeps people's feeds online while their own devices are away.

Usage: hub [serve] [options]
       hub config check [options]            says whether the settings are right
       hub config show [--origin] [options]  shows them, and where each came from
       hub invite [--count 1] [--days 7]      makes a link that lets people in, while it runs
       hub admin help                        lists what can be administrated while it runs
       hub turn config [FILE] [options]      writes the configuration of its relay, coturn
       hub turn check [FILE] [options]       tries the relay, and reads its configuration

       hub backup FILE [--with-keys] [--backup-passphrase-file FILE]
                                             all that it keeps in one new file, also while it runs
       hub restore FILE [--backup-passphrase-file FILE]
                                             into an empty home, when all of it is right
       hub verify [FILE] [--backup-passphrase-file FILE]
                                             looks at every byte of its home at rest, or of a backup

Options:
${table([...rows, ['--config', `file of settings, JSON [${fileName} in the home, when it is there]`], ['--help, --version', '']])}

Each option is also a variable (--max-members: ${variableOf('maxMembers')}; --home: ${variableOf('home')};
--config: ${configVariable}) and a name in the file ("maxMembers"). Flags count before variables,
variables before the file. EFFIGY_HOME moves ~/.effigy for all programs of Effigy.

Exit codes: 0 stopped as asked, 1 failed, 2 settings, 3 data folder, 4 network, 130 stopped by force.
`
}

export function configText({ config, origins }: LoadedConfig, withOrigins: boolean): string {
  const rows = optionKeys.map((key) => [key, show(key, config[key]), ...(withOrigins ? [origins[key]] : [])])
  return `${table(rows)}\n`
}

/** The table ties each key to its kind; one key at a time, the tool cannot see that. */
function show(key: OptionKey, value: unknown): string {
  return (options[key].kind.show as (value: unknown) => string)(value)
}

function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    }
  }
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
}
