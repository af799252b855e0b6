/**
 * `profile [ID]`, `profile set`: what people say about themselves.
 *
 * @module
 */
import { Command } from 'commander'
import { findIdentity } from '../arguments.ts'
import { failure } from '../failure.ts'
import { createNames } from '../item-view.ts'
import { help, say } from '../messages/index.ts'
import { addPicture } from '../pictures.ts'
import { profileOf, saveProfile } from '../profile.ts'
import type { Run } from '../run.ts'
import { calmText } from '../terminal-text.ts'

interface SetOptions {
  readonly name?: string
  readonly about?: string
  readonly avatar?: string
}

export function profileCommand(run: Run): Command {
  return new Command('profile')
    .description(help.profile)
    .argument('[id]', help.person)
    .action((id: string | undefined, _options: object, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const { output } = context
        const identity = id === undefined ? peer.identity : findIdentity(peer, id)
        const names = createNames(peer)
        const profile = profileOf(peer.query, identity)
        if (profile === null) throw failure('profile-absent', names.label(identity))
        const { name, about, avatar, hubs } = profile
        const followers = peer.query.followers(identity)
        output.json({ identity, name, about, avatar, hubs, followers })
        output.line(output.paint('bold', names.nameOf(identity) ?? names.label(identity)))
        output.line(identity)
        if (about !== '') output.line(calmText(about))
        if (avatar !== null)
          output.line(output.paint('dim', `[${say.picture(avatar.width, avatar.height, '')} ${avatar.blob}]`))
        for (const [, address] of hubs) output.line(output.paint('dim', address))
        if (followers.length > 0) output.line(output.paint('dim', say.followers(followers.length)))
      }),
    )
    .addCommand(setCommand(run))
}

function setCommand(run: Run): Command {
  return new Command('set')
    .description(help.profileSet)
    .option('--name <name>', help.profileName)
    .option('--about <text>', help.about)
    .option('--avatar <file>', help.avatar)
    .action((options: SetOptions, command: Command) =>
      run(command, async (context) => {
        const { name, about, avatar } = options
        if (name === undefined && about === undefined && avatar === undefined) {
          throw failure('usage', 'There is nothing to set: give --name, --about or --avatar')
        }
        await using peer = await context.openPeer()
        const { cid, content } = await saveProfile(peer, context.io.clock.now(), {
          ...(name === undefined ? {} : { name }),
          ...(about === undefined ? {} : { about }),
          ...(avatar === undefined ? {} : { avatar: await addPicture(context, peer, avatar, '') }),
        })
        context.output.json({ entry: cid, content })
        context.output.line(say.profileSaved)
      }),
    )
}
