/**
 * `synod move`: takes the account to its next key with its words, onto this device: after a loss, out of the hands of a
 * thief, for new words. On a home without account it restores it.
 *
 *     words + hubs ─▶ newest state ─move▶ next key here ─sync▶ everybody
 *
 * @module
 */
import { createPhrase, type Identity, parseIdentity } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import type { AccountView, MoveOptions, Peer } from '@effigy/peer'
import { Command, Option } from 'commander'
import { demandAccount, deviceLabel, findDevice } from '../../account.ts'
import type { Context } from '../../context.ts'
import { failure } from '../../failure.ts'
import { confirm, readPhrase } from '../../input.ts'
import { synodHelp as help, help as helpAll, synodSay as say, say as sayAll } from '../../messages/index.ts'
import { deadline, settle } from '../../network.ts'
import { gather, type Run, wholeNumber } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { parseLabel, usualLabel } from './labels.ts'
import { atOption, type MeetOptions, meetDevices } from './meet.ts'
import { lostAtOption, parseFinal } from './revoke.ts'

interface Options extends MeetOptions {
  readonly phraseFile: string
  readonly newWords?: boolean
  readonly lostAt?: number
  readonly keep?: readonly string[]
  readonly drop?: readonly string[]
  readonly alone?: boolean
  readonly label?: string
  readonly name?: string
  readonly reveal?: boolean
  readonly timeout?: number
  readonly yes?: boolean
}

export function moveCommand(run: Run): Command {
  return new Command('move')
    .description(help.move)
    .requiredOption('--phrase-file <file>', help.phraseFile)
    .option('--new-words', help.newWords)
    .option('--reveal', help.reveal)
    .addOption(lostAtOption())
    .option('--keep <device>', help.keep, gather)
    .addOption(new Option('--alone', help.alone).conflicts('keep'))
    .option('--drop <device>', help.drop, gather)
    .option('--label <label>', help.label, parseLabel)
    .option('--name <name>', help.name)
    .addOption(atOption())
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .option('--yes', helpAll.yes)
    .action((options: Options, command: Command) =>
      run(command, async (context) => {
        const phrase = await readPhrase(context, options.phraseFile)
        await using peer = await context.openPeer({ verifyThreads: 1 })
        await confirm(context, options.yes ?? false, 'Moving', say.movePlan)
        using limit = deadline(context, options.timeout ?? context.config.settings.timeout)
        const met = await meetDevices(peer, context, options, limit.signal)
        await peer.settled(limit.signal)
        const isRestored = peer.account.show() === null
        const newPhrase = options.newWords === true ? createPhrase(createNodeCrypto().randomBytes) : undefined
        await peer.account.move({
          ...choices(peer.account.show(), options),
          phrase,
          ...(newPhrase === undefined ? {} : { newPhrase }),
          signal: limit.signal,
        })
        // Nobody follows along before they have heard of it.
        await settle(peer, context, met, limit.signal)
        tell(context, peer, isRestored, options.reveal === true ? newPhrase : undefined)
      }),
    )
}

/** Who stays, who goes, and where what they wrote ends. */
function choices(
  view: AccountView | null,
  { keep, drop = [], alone, lostAt, label, name }: Options,
): Omit<MoveOptions, 'phrase' | 'signal'> {
  const device = (typed: string): Identity => namedDevice(view, typed)
  const kept = alone === true ? [] : keep?.map(device)
  const revoke = drop.map((typed): NonNullable<MoveOptions['revoke']>[number] => {
    const at = typed.indexOf('=')
    const end = at < 0 ? null : typed.slice(at + 1)
    const dropped = device(at < 0 ? typed : typed.slice(0, at))
    if (end === null) return [dropped, { lostAt: lostAt ?? 'now' }]
    return [dropped, { final: end === 'nothing' ? null : parseFinal(end) }]
  })
  return {
    ...(kept === undefined ? {} : { keep: kept }),
    ...(revoke.length === 0 ? {} : { revoke }),
    ...(lostAt === undefined ? {} : { lostAt }),
    ...(name === undefined ? {} : { profile: { name } }),
    label: label ?? usualLabel(),
  }
}

/** On a home that knows no account yet a device is named whole. */
function namedDevice(view: AccountView | null, typed: string): Identity {
  if (view !== null) return findDevice(view, typed)
  const whole = parseIdentity(typed)
  if (whole === null) throw failure('identity-invalid', calmLine(typed))
  return whole
}

function tell({ output }: Context, peer: Peer, isRestored: boolean, revealed: string | undefined): void {
  const view = demandAccount(peer)
  const { root, identity, phraseConfirmed, moves } = view
  const shown = revealed === undefined ? {} : { phrase: revealed }
  const devices = view.members.map(({ identity: device, label }) => ({ identity: device, label }))
  output.json({ root, identity, moves: moves.length, phraseConfirmed, devices, ...shown })
  output.line(isRestored ? say.restored : say.takenBack)
  output.note(say.members(view.members.map((member) => deviceLabel(view, member.identity)).join(', ')))
  if (revealed !== undefined) {
    output.note(sayAll.phraseWarning)
    output.line(revealed)
  }
  if (phraseConfirmed === false) output.note(say.notTheftProof('effigy synod create --confirm'))
}
