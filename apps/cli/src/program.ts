/**
 * The program: every command under its group, parsed, run, its error told, its exit code given.
 *
 *     words ─commander▶ command ─createContext▶ Context ─work▶ exit code
 *
 * @module
 */
import { Command, CommanderError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { backupCommand } from './commands/backup/make.ts'
import { blobCommand } from './commands/blob.ts'
import { collectionCommand } from './commands/collection.ts'
import { completionCommand } from './commands/completion.ts'
import { configCommand } from './commands/config.ts'
import { conversationCommand, conversationsCommand } from './commands/conversations.ts'
import { deleteCommand } from './commands/delete.ts'
import { editCommand } from './commands/edit.ts'
import { eraseCommand } from './commands/erase.ts'
import { exportCommand } from './commands/export.ts'
import { feedCommand } from './commands/feed.ts'
import { groupCommand } from './commands/group/index.ts'
import { healCommand } from './commands/heal.ts'
import { helpCommand } from './commands/help.ts'
import { hubCommand } from './commands/hub.ts'
import { idCommand } from './commands/id.ts'
import { importCommand } from './commands/import.ts'
import { initCommand } from './commands/init.ts'
import { aliasCommand } from './commands/joining/alias.ts'
import { inviteCommand } from './commands/joining/invite.ts'
import { leaseCommand } from './commands/lease.ts'
import { lockCommand, unlockCommand } from './commands/lock.ts'
import { logCommand } from './commands/log.ts'
import { noteCommand } from './commands/note.ts'
import { forgetCommand, hopsCommand, olderCommand } from './commands/partial.ts'
import { postCommand } from './commands/post.ts'
import { presenceCommand } from './commands/presence.ts'
import { profileCommand } from './commands/profile.ts'
import { readkeyCommand } from './commands/readkey.ts'
import { rebuildCommand } from './commands/rebuild.ts'
import { recoveryCommand } from './commands/recovery/index.ts'
import { followingCommand, relateCommands } from './commands/relations.ts'
import { reportCommand } from './commands/report.ts'
import { restoreCommand } from './commands/restore.ts'
import { searchCommand } from './commands/search.ts'
import { showCommand } from './commands/show.ts'
import { syncCommand } from './commands/sync.ts'
import { synodCommand } from './commands/synod/index.ts'
import { threadCommand } from './commands/thread.ts'
import { timelineCommand } from './commands/timeline.ts'
import { verifyCommand } from './commands/verify.ts'
import { type CommonOptions, createContext, type Io } from './context.ts'
import { type ExitCode, exitCode, exitCodeOf } from './exit-codes.ts'
import { explain, failure } from './failure.ts'
import { help, say, vaultHelp } from './messages/index.ts'
import type { Run } from './run.ts'
import { jsonLine } from './terminal-text.ts'

/** The reason with which `main.ts` aborts when a person pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** The reason when whoever read standard output has gone: nothing to say, and nobody to say it to. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

/** The reason when output could not be written: a full disk behind `>`. */
export class OutputFailed extends Error {
  override readonly name = 'OutputFailed'
}

/** Runs the program with the words behind its name. Never throws. */
export async function runProgram(words: readonly string[], io: Io): Promise<ExitCode> {
  const wantsJson = words.includes('--json')
  const program = createProgram(io, async (command, work) => {
    const context = createContext(io, command.optsWithGlobals<CommonOptions>())
    try {
      await work(context)
      await context.output.written()
    } finally {
      context.output.clear()
    }
  })
  try {
    if (words.length === 0) {
      io.stderr.write(program.helpInformation())
      return exitCode.usage
    }
    await program.parseAsync(words, { from: 'user' })
    return exitCode.ok
  } catch (error) {
    return tell(error, io, wantsJson)
  }
}

/** The tree of commands; `run` is what their actions call. */
export function createProgram(io: Pick<Io, 'stdout' | 'stderr'>, run: Run): Command {
  const { usageGroups: group } = help
  const program = new Command('effigy')
    .description(help.program)
    .version(manifest.version, '--version', help.version)
    .option('-C, --home <dir>', help.home)
    .option('--passphrase-file <file>', vaultHelp.passphraseFile)
    .option('--json', help.json)
    .option('-q, --quiet', help.quiet)
    .option('--verbose', help.verbose)
    .helpOption('-h, --help', help.showHelp)
    .helpCommand(false)
  add(program, group.write, [
    initCommand(run),
    idCommand(run),
    postCommand(run),
    noteCommand(run),
    editCommand(run),
    deleteCommand(run),
    eraseCommand(run),
  ])
  add(program, group.read, [
    timelineCommand(run),
    logCommand(run),
    showCommand(run),
    threadCommand(run),
    searchCommand(run),
    conversationsCommand(run),
    conversationCommand(run),
  ])
  add(program, group.people, [
    ...relateCommands(run),
    followingCommand(run),
    profileCommand(run),
    forgetCommand(run),
    hopsCommand(run),
    groupCommand(run),
    feedCommand(run),
    reportCommand(run),
  ])
  add(program, group.account, [synodCommand(run), recoveryCommand(run), restoreCommand(run)])
  add(program, group.network, [
    syncCommand(run),
    olderCommand(run),
    hubCommand(run),
    inviteCommand(run),
    aliasCommand(run),
    leaseCommand(run),
    presenceCommand(run),
  ])
  add(program, group.files, [
    blobCommand(run),
    collectionCommand(run),
    exportCommand(run),
    importCommand(run),
  ])
  add(program, group.care, [
    readkeyCommand(run),
    lockCommand(run),
    unlockCommand(run),
    backupCommand(run),
    verifyCommand(run),
    rebuildCommand(run),
    healCommand(run),
    configCommand(run),
  ])
  add(program, group.more, [completionCommand(run), helpCommand(run)])
  prepare(program, io)
  return program
}

function add(program: Command, heading: string, commands: readonly Command[]): void {
  for (const command of commands) program.addCommand(command.helpGroup(`${heading}:`))
}

/** Settings that commander hands down only to commands that it made itself. */
function prepare(command: Command, io: Pick<Io, 'stdout' | 'stderr'>): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true, helpWidth: 100 })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // Told below, like every other error.
      outputError: () => {},
    })
  if (command.parent !== null) command.helpOption('-h, --help', help.showHelp).helpCommand(false)
  for (const below of command.commands) prepare(below, io)
}

function tell(error: unknown, io: Io, wantsJson: boolean): ExitCode {
  const { reason } = io.signal
  if (io.signal.aborted && reason instanceof ReaderGone) return exitCode.ok
  if (io.signal.aborted && reason instanceof Interrupted) {
    if (!wantsJson) io.stderr.write(`${say.interrupted}\n`)
    return exitCode.interrupted
  }
  if (error instanceof CommanderError) {
    // --help and --version end that way too.
    if (error.exitCode === 0) return exitCode.ok
    if (error.code === 'commander.help') return exitCode.usage
    const text = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
    const hint = error.code === 'commander.unknownOption' ? `. ${say.hyphen}` : ''
    return tellError(io, wantsJson, {
      code: 'usage',
      text: `${text.charAt(0).toUpperCase()}${text.slice(1)}${hint}`,
    })
  }
  const isOutput = io.signal.aborted && reason instanceof OutputFailed
  const explained = explain(isOutput ? failure('file-unwritable', say.standardOutput) : error)
  if (explained !== null && exitCodeOf(explained.code) !== exitCode.bug)
    return tellError(io, wantsJson, explained)
  io.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return tellError(io, wantsJson, { code: explained?.code ?? 'bug', text: say.bug })
}

function tellError(
  io: Io,
  wantsJson: boolean,
  { code, text }: { readonly code: string; readonly text: string },
): ExitCode {
  const exit = exitCodeOf(code)
  if (wantsJson) io.stderr.write(`${jsonLine({ error: { code, message: text }, exitCode: exit })}\n`)
  else io.stderr.write(`effigy: ${text} [${code}]\n`)
  return exit
}
