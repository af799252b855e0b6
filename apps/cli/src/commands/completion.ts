/**
 * `completion`: what a shell needs to complete commands and options.
 *
 * @module
 */
import { Argument, Command } from 'commander'
import { completionScript, type Shell } from '../completion.ts'
import { help } from '../messages/index.ts'
import type { Run } from '../run.ts'

export function completionCommand(run: Run): Command {
  return new Command('completion')
    .description(help.completion)
    .addArgument(new Argument('<shell>', help.shell).choices(['bash', 'zsh', 'fish']))
    .action((shell: Shell, _options: object, command: Command) =>
      run(command, async ({ output }) => {
        const program = command.parent ?? command
        await output.bytes(Buffer.from(completionScript(program, shell)))
      }),
    )
}
