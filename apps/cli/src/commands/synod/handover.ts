/**
 * `synod handover`: makes another device the main one; it has to be connected, to take the key.
 *
 * @module
 */
import type { NodePeer } from '@effigy/peer/node'
import { Command } from 'commander'
import { demandAccount, deviceLabel, findDevice } from '../../account.ts'
import type { Context } from '../../context.ts'
import { confirm } from '../../input.ts'
import type { ListenPlace } from '../../listen.ts'
import { synodHelp as help, help as helpAll, synodSay as say } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { atOption, type MeetOptions, tryToMeet } from './meet.ts'
import { listenFor, listenOption, tellAddresses } from './pair.ts'

interface HandoverOptions extends MeetOptions {
  readonly listen?: ListenPlace
  readonly timeout?: number
  readonly yes?: boolean
}

export function handoverCommand(run: Run): Command {
  return new Command('handover')
    .description(help.handover)
    .argument('[device]', help.heir)
    .addOption(listenOption())
    .addOption(atOption())
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .option('--yes', helpAll.yes)
    .action((typed: string | undefined, options: HandoverOptions, command: Command) =>
      run(command, async (context) => {
        const { output, config } = context
        await using peer = await context.openPeer({ verifyThreads: 1 })
        const view = demandAccount(peer)
        if (typed === undefined) return await take(context, peer, options)
        const device = findDevice(view, typed)
        const label = deviceLabel(view, device)
        await confirm(context, options.yes ?? false, 'Handing over', say.handoverQuestion(label))
        using limit = deadline(context, options.timeout ?? config.settings.timeout)
        await using listening = await listenFor(context, peer, options.listen)
        tellAddresses(context, peer, listening)
        output.note(say.handoverHint)
        await tryToMeet(peer, context, options, limit.signal)
        await peer.account.handOver(device, { signal: limit.signal })
        output.json({ type: 'handed-over', root: view.root, main: device })
        output.line(say.handedOver(label))
      }),
    )
}

/** On the device that is to become the main one: meets the other, and waits until it has the key. */
async function take(context: Context, peer: NodePeer, options: HandoverOptions): Promise<void> {
  const { output, config } = context
  using limit = deadline(context, options.timeout ?? config.settings.timeout)
  await tryToMeet(peer, context, options, limit.signal)
  output.note(say.waitingToTake)
  for await (const view of peer.account.views(limit.signal)) {
    if (view?.role !== 'main') continue
    output.json({ type: 'handed-over', root: view.root, main: peer.identity })
    output.line(say.taken)
    // So that it hears that the key is here, and wipes its own.
    await peer.settled(limit.signal)
    return
  }
  limit.signal.throwIfAborted()
}
