/**
 * `rebuild`: throws lists, threads and profiles away and makes them anew from the bytes.
 *
 * @module
 */
import { Command } from 'commander'
import { openHomeStore } from '../home.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'

export function rebuildCommand(run: Run): Command {
  return new Command('rebuild').description(help.rebuild).action((_options: object, command: Command) =>
    run(command, async (context) => {
      using store = openHomeStore(context.home, context.io.clock.now)
      const { output, signal } = context
      await store.rebuildViews({
        signal,
        onProgress: (progress) => output.progress(say.rebuilding, progress),
      })
      output.clear()
      output.json({ rebuilt: true })
      output.line(say.rebuilt)
    }),
  )
}
