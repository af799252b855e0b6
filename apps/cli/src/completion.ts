/**
 * Completion scripts, made from the commands themselves.
 *
 *     Command tree ─▶ words by path ─▶ bash, zsh, fish
 *
 * @module
 */
import type { Command } from 'commander'

export type Shell = 'bash' | 'zsh' | 'fish'

interface Place {
  /** The words that lead there: `hub add`; empty for the program itself. */
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly { readonly long: string; readonly description: string }[]
}

export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, '')
  switch (shell) {
    case 'bash':
      return bash(places)
    case 'zsh':
      return zsh(places)
    case 'fish':
      return fish(places)
  }
}

function placesOf(command: Command, path: string): readonly Place[] {
  const below = command.commands.map((one) => ({ name: one.name(), description: one.description(), one }))
  const options = [...command.options, ...(path === '' ? [] : rootOf(command).options)].flatMap(
    ({ long, description }) => (long == null ? [] : [{ long, description }]),
  )
  const place = { path, commands: below.map(({ name, description }) => ({ name, description })), options }
  return [place, ...below.flatMap(({ name, one }) => placesOf(one, path === '' ? name : `${path} ${name}`))]
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent)
}

function words({ commands, options }: Place): string {
  return [...commands.map(({ name }) => name), ...options.map(({ long }) => long), '--help'].join(' ')
}

/** Both shells run the same function; the path is built from the words that are commands. */
function cases(places: readonly Place[]): string {
  return places.map((place) => `    '${place.path}') words='${words(place)}' ;;`).join('\n')
}

function bash(places: readonly Place[]): string {
  const known = places.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`)
  return `# bash completion for effigy: source <(effigy completion bash)
_effigy() {
  local path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${known.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases(places)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); fi
}
complete -o filenames -F _effigy effigy
`
}

function zsh(places: readonly Place[]): string {
  const known = places.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`)
  return `#compdef effigy
# zsh completion for effigy: source <(effigy completion zsh)
_effigy() {
  local here='' word words_here=''
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${here:+$here }$word" in
      ${known.join('|')}) here="\${here:+$here }$word" ;;
    esac
  done
  case "$here" in
${cases(places).replaceAll("words='", "words_here='")}
  esac
  compadd -- \${=words_here} || _files
}
compdef _effigy effigy
`
}

function fish(places: readonly Place[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = places.flatMap(({ path, commands, options }) => {
    const condition =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ')
    return [
      ...commands.map(
        ({ name, description }) =>
          `complete -c effigy -n ${quoted(condition)} -a ${name} -d ${quoted(description)}`,
      ),
      ...options.map(
        ({ long, description }) =>
          `complete -c effigy -n ${quoted(condition)} -l ${long.slice(2)} -d ${quoted(description)}`,
      ),
    ]
  })
  return `# fish completion for effigy: effigy completion fish | source\n${lines.join('\n')}\n`
}
