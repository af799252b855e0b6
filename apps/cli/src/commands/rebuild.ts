/**
 * `rebuild`: throws lists, threads and profiles away and makes them anew from the bytes.
 *
 * @module
 */
import { Command } from 'commander'
import { help, say } from '../messages.ts'
import type { Run } from '../run.ts'

export function rebuildCommand(run: Run): Command {
  return new Command('rebuild').description(help.rebuild).action((_options: object, command: Command) =>
    run(command, async (context) => {
      await using peer = await context.openPeer()
      const { output, signal } = context
      await peer.query.rebuildViews({
        signal,
        onProgress: (progress) => output.progress(say.rebuilding, progress),
      })
      output.clear()
      output.json({ rebuilt: true })
      output.line(say.rebuilt)
    }),
  )
}
