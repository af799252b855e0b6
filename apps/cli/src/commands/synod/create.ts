/**
 * `synod create`: an account of which this home is the main device; with `--confirm`, its words are wiped here.
 *
 *     create ─▶ words in the vault ─on paper, --confirm▶ words nowhere but on paper
 *
 * @module
 */
import type { SynodProfile } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import { Command } from 'commander'
import type { Context } from '../../context.ts'
import { failure } from '../../failure.ts'
import { confirm } from '../../input.ts'
import { synodHelp as help, help as helpAll, synodSay as say, say as sayAll } from '../../messages/index.ts'
import { addPicture } from '../../pictures.ts'
import { profileOf } from '../../profile.ts'
import type { Run } from '../../run.ts'
import { parseLabel, usualLabel } from './labels.ts'

interface CreateOptions {
  readonly name?: string
  readonly about?: string
  readonly avatar?: string
  readonly label?: string
  readonly reveal?: boolean
  readonly confirm?: boolean
  readonly yes?: boolean
}

export function createCommand(run: Run): Command {
  return new Command('create')
    .description(help.create)
    .option('--name <name>', help.name)
    .option('--about <text>', help.about)
    .option('--avatar <file>', help.avatar)
    .option('--label <label>', help.label, parseLabel)
    .option('--reveal', help.reveal)
    .option('--confirm', help.confirm)
    .option('--yes', helpAll.yes)
    .action((options: CreateOptions, command: Command) =>
      run(command, async (context) => {
        const { output, home } = context
        await using peer = await context.openPeer()
        const isThere = peer.account.show()?.phraseConfirmed === false
        if (!(isThere && options.confirm === true)) await create(context, peer, options)
        const view = peer.account.show()
        if (view === null) throw failure('no-account')
        const phrase = peer.account.phrase()
        if (options.confirm === true) await confirmPhrase(context, peer, phrase, options)
        const phraseConfirmed = peer.account.show()?.phraseConfirmed ?? null
        const { root, identity } = view
        const revealed = options.reveal === true && phrase !== null ? { phrase } : {}
        output.json({ root, identity, device: peer.identity, home, phraseConfirmed, ...revealed })
        output.line(identity)
        if (options.reveal === true && options.confirm !== true) showWords(context, phrase)
        if (phraseConfirmed === true) output.note(say.confirmed)
        else output.note(say.notTheftProof('effigy synod create --confirm'))
      }),
    )
}

async function create(context: Context, peer: Peer, options: CreateOptions): Promise<void> {
  const before = profileOf(peer.query, peer.identity)
  const avatar =
    options.avatar === undefined
      ? (before?.avatar ?? null)
      : await addPicture(context, peer, options.avatar, '')
  const profile: Partial<SynodProfile> = {
    name: options.name ?? before?.name ?? '',
    about: options.about ?? before?.about ?? '',
    avatar,
  }
  await peer.account.create({ profile, label: options.label ?? usualLabel() })
  context.output.note(say.created)
}

/** Shows the words once more on a terminal, and wipes them when the person says that they are on paper. */
async function confirmPhrase(
  context: Context,
  peer: Peer,
  phrase: string | null,
  { yes = false, reveal = false }: CreateOptions,
): Promise<void> {
  if (phrase === null) throw failure('phrase-gone')
  const isTerminal = context.io.stdin.isTTY === true && context.io.stderr.isTTY === true
  if (isTerminal || reveal) showWords(context, phrase)
  await confirm(context, yes, 'Wiping the words', say.confirmQuestion)
  peer.account.confirmPhrase()
}

function showWords({ output }: Context, phrase: string | null): void {
  if (phrase === null) {
    output.note(sayAll.phraseGone)
    return
  }
  output.note(sayAll.phraseWarning)
  output.line(phrase)
}
