/**
 * `hub add | join | list | remove`: through whom this device meets others.
 *
 * @module
 */
import { Command } from 'commander'
import { readConfigFile, saveConfigFile } from '../config.ts'
import { failure } from '../failure.ts'
import { demandHome } from '../home.ts'
import { type HubAddress, parseHubAddress, writeHubAddress } from '../hub-address.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'
import { calmLine } from '../terminal-text.ts'
import { quotaCommand } from './hub-quota.ts'
import { joinCommand } from './joining/join.ts'

export function hubCommand(run: Run): Command {
  return new Command('hub')
    .description(help.hub)
    .addHelpText('after', `\n${help.hubStart}`)
    .addCommand(addCommand(run))
    .addCommand(joinCommand(run))
    .addCommand(listCommand(run))
    .addCommand(removeCommand(run))
    .addCommand(quotaCommand(run))
}

function addCommand(run: Run): Command {
  return new Command('add')
    .description(help.hubAdd)
    .argument('<address>', help.hubAddress)
    .action((typed: string, _options: object, command: Command) =>
      run(command, async ({ home, output }) => {
        demandHome(home)
        const hub = parseHubAddress(typed)
        // Its token shall stand in no error.
        if (hub === null && typed.includes('effigy-invite-')) throw failure('invite-as-address')
        if (hub === null) throw failure('bad-address', calmLine(typed))
        const file = readConfigFile(home)
        const others = file.hubs.filter(({ address }) => address !== hub.address)
        saveConfigFile(home, { ...file, hubs: [...others, hub] })
        output.json(hubJson(hub))
        output.line(say.hubAdded(writeHubAddress(hub)))
      }),
    )
}

function listCommand(run: Run): Command {
  return new Command('list').description(help.hubList).action((_options: object, command: Command) =>
    run(command, async ({ home, config, output }) => {
      demandHome(home)
      for (const hub of config.hubs) {
        output.json(hubJson(hub))
        output.line(`${hub.address}  ${output.paint('dim', hub.identity ?? say.unpinned)}`)
      }
      if (config.hubs.length === 0) output.note(say.noHubs)
    }),
  )
}

function removeCommand(run: Run): Command {
  return new Command('remove')
    .description(help.hubRemove)
    .argument('<address>', help.hubAddress)
    .action((typed: string, _options: object, command: Command) =>
      run(command, async ({ home, output }) => {
        demandHome(home)
        const address = parseHubAddress(typed)?.address
        const file = readConfigFile(home)
        const removed = file.hubs.find((hub) => hub.address === address)
        if (removed === undefined) throw failure('hub-unknown', calmLine(typed))
        saveConfigFile(home, { ...file, hubs: file.hubs.filter((hub) => hub !== removed) })
        output.json(hubJson(removed))
        output.line(say.hubRemoved(removed.address))
      }),
    )
}

function hubJson({ address, identity }: HubAddress): object {
  return { address, identity }
}
