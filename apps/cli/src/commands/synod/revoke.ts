/**
 * `synod revoke`: ends the feed of a lost device where it was surely still its owner's.
 *
 *     --lost-at TIME ─what own devices saw by then▶ final        --final E/L/CID ─▶ final
 *     until now, and nothing of it is here ─▶ out of the account, and no end named
 *
 * @module
 */
import { EffigyError, type Final, finalOfHead, type Identity, parseRawCid } from '@effigy/core'
import type { AccountView, Peer, RevokeChoice } from '@effigy/peer'
import { Command, Option } from 'commander'
import { demandAccount, deviceLabel, findDevice } from '../../account.ts'
import { failure } from '../../failure.ts'
import { confirm } from '../../input.ts'
import { synodHelp as help, help as helpAll, synodSay as say } from '../../messages/index.ts'
import { parseDate } from '../../policy.ts'
import type { Run } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'

interface RevokeOptions {
  /** Ms. */
  readonly lostAt?: number
  readonly final?: string
  readonly nothing?: boolean
  readonly yes?: boolean
}

export function revokeCommand(run: Run): Command {
  return new Command('revoke')
    .description(help.revoke)
    .argument('<device>', help.device)
    .addOption(lostAtOption())
    .addOption(new Option('--final <epoch/length/cid>', help.final).conflicts('lostAt'))
    .addOption(new Option('--nothing', help.nothing).conflicts(['final', 'lostAt']))
    .option('--yes', helpAll.yes)
    .action((typed: string, options: RevokeOptions, command: Command) =>
      run(command, async (context) => {
        const { output } = context
        const chosen = options.final === undefined ? null : parseFinal(options.final)
        await using peer = await context.openPeer()
        const view = demandAccount(peer)
        const device = findDevice(view, typed)
        const label = deviceLabel(view, device)
        const lostAt = options.lostAt ?? 'now'
        const how: RevokeChoice =
          options.nothing === true ? { final: null } : chosen === null ? { lostAt } : { final: chosen }
        const kept = await plannedEnd(peer, view, device, how)
        const plan = kept === undefined ? say.revokeUnheard(label) : say.revokePlan(label, kept?.[1] ?? null)
        await confirm(context, options.yes ?? false, 'Revoking', plan)
        // What the person agreed to, not what is known a moment later.
        const final = await peer.account.revoke(device, kept === undefined ? how : { final: kept })
        const isFrozen = kept === undefined && final === null
        output.json({ root: view.root, revoked: device, final, frozen: isFrozen })
        output.line(isFrozen ? say.unheard(label) : say.revoked(label))
        output.note(say.syncSoon)
      }),
    )
}

/** What would count; undefined: of a member until now, of which nothing is known. Throws `no-sighting`. */
async function plannedEnd(
  peer: Peer,
  { members }: AccountView,
  device: Identity,
  how: RevokeChoice,
): Promise<Final | null | undefined> {
  if ('final' in how) return how.final
  const { own } = await peer.account.finalFor(device, how.lostAt)
  if (own !== null) return finalOfHead(own)
  const isMember = members.some(({ identity }) => identity === device)
  if (how.lostAt === 'now' && isMember) return undefined
  throw new EffigyError('no-sighting', say.noSighting)
}

export const lostAtOption = (): Option => new Option('--lost-at <time>', help.lostAt).argParser(parseDate)

/** `EPOCH/LENGTH/CID`. Throws `final-invalid`. */
export function parseFinal(typed: string): Final {
  const [, epoch, length, name = ''] = /^(\d{1,10})\/(\d{1,15})\/(\w+)$/.exec(typed) ?? []
  const head = parseRawCid(name)
  if (head === null || Number(epoch) < 1 || Number(length) < 1)
    throw failure('final-invalid', calmLine(typed))
  return [Number(epoch), Number(length), head]
}
