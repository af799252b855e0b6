/**
 * `synod show`: the account, its devices, and what became of it.
 *
 * @module
 */
import type { AccountView, Peer } from '@effigy/peer'
import { Command } from 'commander'
import { demandAccount, deviceLabel, headFinal, memberLabel } from '../../account.ts'
import { synodHelp as help, synodSay as say, say as sayAll } from '../../messages/index.ts'
import type { Output } from '../../output.ts'
import type { Run } from '../../run.ts'
import { calmLine, calmText } from '../../terminal-text.ts'

export function showCommand(run: Run): Command {
  return new Command('show').description(help.show).action((_options: object, command: Command) =>
    run(command, async (context) => {
      await using peer = await context.openPeer()
      const view = demandAccount(peer)
      const incomplete = isIncomplete(peer, view)
      context.output.json({ ...accountJson(peer, view), incomplete })
      printAccount(context.output, peer, view, incomplete)
    }),
  )
}

/** The object of `--json`; fields are only ever added. */
function accountJson(peer: Peer, view: AccountView): object {
  const { root, identity, role, profile, disputed, phraseConfirmed, handingTo } = view
  return {
    root,
    identity,
    role,
    name: profile?.name ?? null,
    about: profile?.about ?? null,
    devices: view.members.map((member) => ({
      identity: member.identity,
      label: member.label,
      main: member.isMain,
      self: member.isSelf,
      ...coverOf(peer, member.identity),
    })),
    revoked: view.revoked,
    frozen: view.frozen.map(({ identity, held, told }) => ({
      identity,
      held: held?.join('/') ?? null,
      told: told?.join('/') ?? null,
    })),
    moves: view.moves.map(({ from, to, final }) => ({ from, to, final })),
    disputed,
    phraseConfirmed,
    handingTo,
  }
}

/** What is here of a device's feed. */
function coverOf({ store }: Peer, device: AccountView['identity']) {
  const feed = store.feed(device)
  return {
    held: feed?.heldCount ?? 0,
    length: feed?.record?.head.length ?? null,
    final: headFinal(feed),
  }
}

/** The state that counts is not the newest that is known of. */
function isIncomplete({ store }: Peer, { root, identity }: AccountView): boolean {
  const current = store.synods?.account(root)?.current ?? null
  const known = store.feed(identity)?.record?.head ?? null
  return current === null || (known !== null && known.head !== current.cid)
}

function printAccount(output: Output, peer: Peer, view: AccountView, incomplete: boolean): void {
  const { paint } = output
  const name = calmLine(view.profile?.name ?? '').trim()
  const isUnsettled = view.role === 'frozen' && view.disputed
  const role = isUnsettled ? say.unsettled : say.role[view.role]
  output.line(`${paint('bold', name === '' ? say.unnamed : name)}  ${paint('dim', role)}`)
  output.line(view.identity)
  if ((view.profile?.about ?? '') !== '') output.line(calmText(view.profile?.about ?? ''))
  for (const member of view.members) {
    const { held, length } = coverOf(peer, member.identity)
    const marks = [
      ...(member.isMain ? [say.main] : []),
      ...(member.isSelf ? [say.here] : []),
      held >= (length ?? 0) ? sayAll.entries(held) : sayAll.partly(held, length ?? 0),
    ]
    output.line(`  ${memberLabel(member)}  ${member.identity}  ${paint('dim', marks.join(' · '))}`)
  }
  for (const { identity, final } of view.revoked) {
    const text = final === null ? say.revokedWhole(identity) : say.revokedAt(identity, final[1])
    output.line(`  ${paint('dim', text)}`)
  }
  for (const { identity, held, told } of view.frozen) {
    output.line(`  ${paint('dim', say.frozenAt(identity, held?.[1] ?? 0))}`)
    if (told !== null) output.note(say.frozenTold(identity, told[1], told.join('/')))
  }
  if (view.moves.length > 0) output.line(paint('dim', say.moved(view.moves.length)))
  if (view.handingTo !== null) output.note(say.handingTo(deviceLabel(view, view.handingTo)))
  if (view.disputed) output.note(say.disputed)
  if (incomplete) output.note(say.incomplete)
  if (view.phraseConfirmed === false) output.note(say.notTheftProof('effigy synod create --confirm'))
}
