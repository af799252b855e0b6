/**
 * `synod create`: an account of which this home is the main device; with `--confirm`, its words are wiped here.
 *
 *     create ─▶ words in the vault ─on paper, --confirm▶ words nowhere but on paper
 *
 * @module
 */
import type { SynodProfile } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import { Command, Option } from 'commander'
import type { Context } from '../../context.ts'
import { failure } from '../../failure.ts'
import { readPhrase } from '../../input.ts'
import { synodHelp as help, vaultHelp as helpVault, synodSay as say } from '../../messages/index.ts'
import { addPicture } from '../../pictures.ts'
import { profileOf } from '../../profile.ts'
import type { Run } from '../../run.ts'
import { confirmWords, revealWords } from '../../words.ts'
import { parseLabel, usualLabel } from './labels.ts'

interface CreateOptions {
  readonly name?: string
  readonly about?: string
  readonly avatar?: string
  readonly label?: string
  readonly reveal?: boolean
  readonly confirm?: boolean
  readonly phraseFile?: string
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
    .addOption(new Option('--phrase-file <file>', helpVault.phraseFile).implies({ confirm: true }))
    .action((options: CreateOptions, command: Command) =>
      run(command, async (context) => {
        const { output, home } = context
        const typed = options.phraseFile === undefined ? null : await readPhrase(context, options.phraseFile)
        await using peer = await context.openPeer()
        const isThere = peer.account.show()?.phraseConfirmed === false
        if (!(isThere && options.confirm === true)) await create(context, peer, options)
        const view = peer.account.show()
        if (view === null) throw failure('no-account')
        const phrase = peer.account.phrase()
        if (options.confirm === true) await confirmWords(context, peer.account, typed)
        const phraseConfirmed = peer.account.show()?.phraseConfirmed ?? null
        const { root, identity } = view
        const revealed = options.reveal === true && phrase !== null ? { phrase } : {}
        output.json({ root, identity, device: peer.identity, home, phraseConfirmed, ...revealed })
        output.line(identity)
        if (options.reveal === true && options.confirm !== true) revealWords(context, phrase)
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
      : await addPicture(context, peer, options.avatar, '', { encrypted: false })
  const profile: Partial<SynodProfile> = {
    name: options.name ?? before?.name ?? '',
    about: options.about ?? before?.about ?? '',
    avatar,
  }
  await peer.account.create({ profile, label: options.label ?? usualLabel() })
  context.output.note(say.created)
}
