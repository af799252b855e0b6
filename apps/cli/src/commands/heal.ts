/**
 * `heal`: the end of a fork of this device's own feed (spec F12), and going on without what nobody has any more (F14).
 *
 *     two continuations ─ a person says that both were they ─▶ one chain under the next epoch ─▶ hubs
 *     --giving-up: the newest entry is with nobody ─▶ the next one that is written begins the next epoch
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import { Command } from 'commander'
import type { Context } from '../context.ts'
import { failure } from '../failure.ts'
import { confirm } from '../input.ts'
import { help, say } from '../messages/index.ts'
import { deadline, meetHubs, settle } from '../network.ts'
import { type Run, wholeNumber } from '../run.ts'

interface HealOptions {
  readonly givingUp?: boolean
  readonly yes?: boolean
  readonly timeout?: number
}

/** Who may still have it is given a minute to show it; s. */
const givingUpSeconds = 120

/** Between two looks whether that minute is over, ms. */
const againMs = 1_000

export function healCommand(run: Run): Command {
  return new Command('heal')
    .description(help.heal)
    .option('--giving-up', help.givingUp)
    .option('--yes', help.yes)
    .option('--timeout <seconds>', help.timeout, wholeNumber(1, 86_400))
    .action((options: HealOptions, command: Command) =>
      run(command, async (context) => {
        const { config } = context
        const isGivingUp = options.givingUp ?? false
        await using peer = await context.openPeer({ verifyThreads: 1 })
        const seconds = options.timeout ?? (isGivingUp ? givingUpSeconds : config.settings.timeout)
        using limit = deadline(context, seconds)
        // Whoever has more of it says so before anything is decided; where nobody is known, what is here is all there is.
        const met = isGivingUp || config.hubs.length > 0 ? await meetHubs(peer, context, limit.signal) : []
        // What is with nobody never comes: what can be healed then, and what not, is told below.
        if (met.length > 0 && !isGivingUp) await settleOrNot(peer, context, met, limit.signal)
        const isDisputed = peer.dispute() !== null
        if (!isDisputed && lacksNewest(peer) && !isGivingUp) throw failure('own-feed-incomplete')
        if (isDisputed || lacksNewest(peer)) {
          await confirm(context, options.yes ?? false, 'Healing', plan(peer, isGivingUp))
        }
        await (isGivingUp
          ? untilLost(context, limit.signal, () => heal(context, peer, true))
          : heal(context, peer, false))
        if (met.length === 0) return
        using passing = deadline(context, config.settings.timeout)
        await settleOrNot(peer, context, met, passing.signal)
      }),
    )
}

async function settleOrNot(...[peer, context, met, signal]: Parameters<typeof settle>): Promise<void> {
  try {
    await settle(peer, context, met, signal)
  } catch (error) {
    if (!(error instanceof EffigyError) || error.code !== 'timeout') throw error
    context.output.note(say.notAll)
  }
}

async function heal({ output }: Context, peer: Peer, isGivingUp: boolean): Promise<void> {
  if (isGivingUp && peer.dispute() === null && lacksNewest(peer)) {
    peer.writeAnyway()
    output.json({ healed: false, goesOn: true })
    output.line(say.goesOn)
    return
  }
  const { head } = await peer.heal({ givingUp: isGivingUp && peer.dispute() !== null })
  output.json({ healed: true, epoch: head.epoch, length: head.length, head: head.head })
  output.line(say.healed(say.entries(head.length)))
}

/** Its newest entry is known of, and not here. */
function lacksNewest({ store, identity }: Peer): boolean {
  const record = store.feed(identity)?.record ?? null
  return record !== null && store.entry(record.head.head) === null
}

function plan(peer: Peer, isGivingUp: boolean): string {
  const dispute = peer.dispute()
  if (dispute === null) return say.goOnPlan
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
  const branches = (dispute.branches ?? []).map(({ entries, from, to }) =>
    say.healBranch(say.entries(entries), day(from), day(to)),
  )
  return say.healPlan(branches.join('; '), isGivingUp)
}

async function untilLost(context: Context, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  context.output.note(say.givingUpWaits)
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof EffigyError) || error.code !== 'own-feed-incomplete') throw error
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => resolve(), { once: true })
    using _again = context.io.clock.after(againMs, resolve)
    await promise
    signal.throwIfAborted()
  }
}
