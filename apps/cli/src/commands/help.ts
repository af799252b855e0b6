/**
 * `help`: of the whole, of a command, or of a topic.
 *
 * @module
 */
import { Command } from 'commander'
import { failure } from '../failure.ts'
import { help, topics } from '../messages/index.ts'
import type { Run } from '../run.ts'
import { suggestion } from '../suggest.ts'
import { calmLine } from '../terminal-text.ts'

export function helpCommand(run: Run): Command {
  return new Command('help')
    .description(help.help)
    .argument('[topic...]', help.topic)
    .action((words: readonly string[], _options: object, command: Command) =>
      run(command, async ({ output }) => {
        const program = command.parent ?? command
        const topic = words.join(' ')
        const found = Object.hasOwn(topics, topic) ? topics[topic as keyof typeof topics] : null
        await output.bytes(Buffer.from(found ?? helpOf(program, words)))
      }),
    )
}

function helpOf(program: Command, words: readonly string[]): string {
  let place = program
  for (const word of words) {
    const next = place.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (next === undefined) {
      const names = [
        ...place.commands.map((one) => one.name()),
        ...(place === program ? Object.keys(topics) : []),
      ]
      throw failure('usage', `There is no help about "${calmLine(word)}"${suggestion(word, names)}`)
    }
    place = next
  }
  return place.helpInformation()
}
