/**
 * `hub quota`: what each hub of the list keeps for this person, and how much it would (spec V113).
 *
 * @module
 */
import type { Json, JsonObject } from '@effigy/core'
import { Command } from 'commander'
import { sizeText } from '../item-view.ts'
import { help, quotaHelp, quotaSay as say } from '../messages/index.ts'
import { deadline, meetHubs } from '../network.ts'
import { type Run, wholeNumber } from '../run.ts'

const names = [
  'feeds',
  'askedFeeds',
  'maxFeeds',
  'bytes',
  'maxBytes',
  'fileBytes',
  'maxFileBytes',
  'largestFile',
  'devices',
] as const

type Quota = Readonly<Record<(typeof names)[number], number>> & { readonly followedEntries: number | null }

export function quotaCommand(run: Run): Command {
  return new Command('quota')
    .description(quotaHelp.quota)
    .option('--timeout <seconds>', help.timeout, wholeNumber(1, 86_400))
    .action((options: { readonly timeout?: number }, command: Command) =>
      run(command, async (context) => {
        const { output } = context
        await using peer = await context.openPeer()
        using limit = deadline(context, options.timeout ?? context.config.settings.timeout)
        const { signal } = limit
        const met = await meetHubs(peer, context, signal)
        // What this device watches has been told then.
        await peer.settled(signal)
        for (const { address, identity } of met) {
          if (identity === null) continue
          const answer = await peer.call(identity, 'quota', 'get', {}, { signal })
          const quota = answer.ok ? readQuota(answer.value.value) : null
          if (quota === null) {
            output.note(say.refused(address, answer.ok ? 'bad-answer' : answer.error.code))
            continue
          }
          const { feeds, askedFeeds, maxFeeds, bytes, maxBytes, devices } = quota
          const { fileBytes, maxFileBytes, largestFile } = quota
          output.json({ address, identity, ...quota })
          output.line(say.hub(address, devices))
          output.line(say.feeds(feeds, maxFeeds))
          if (askedFeeds > feeds) output.line(say.left(askedFeeds - feeds))
          output.line(say.entries(sizeText(bytes), sizeText(maxBytes)))
          if (quota.followedEntries !== null) output.line(say.followed(quota.followedEntries))
          output.line(say.files(sizeText(fileBytes), sizeText(maxFileBytes), sizeText(largestFile)))
        }
      }),
    )
}

/** Null: not what hubs say. */
function readQuota(value: JsonObject): Quota | null {
  const isWhole = names.every((name) => isCount(value[name]))
  const { followedEntries = null } = value
  if (!isWhole || (followedEntries !== null && !isCount(followedEntries))) return null
  // Each was looked at just now; other fields are not shown.
  return Object.fromEntries(
    [...names, 'followedEntries'].map((name) => [name, value[name] ?? null]),
  ) as unknown as Quota
}

const isCount = (value: Json | undefined): boolean => Number.isSafeInteger(value) && (value as number) >= 0
