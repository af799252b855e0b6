/**
 * `lock` and `unlock`: a passphrase for the keys of this home, and none again (spec Z3).
 *
 *     plain ─lock▶ locked ─lock▶ locked by another ─unlock▶ plain
 *
 * @module
 */
import { join } from 'node:path'
import { openVaultFile } from '@effigy/crypto/node'
import { unlockVault } from '@effigy/peer/node'
import { Command } from 'commander'
import type { CommonOptions } from '../context.ts'
import { demandHome, openHomeStore } from '../home.ts'
import { confirm } from '../input.ts'
import { vaultHelp as help, help as helpAll, vaultSay as say } from '../messages/index.ts'
import { newPassphrase, passphraseFile } from '../passphrase.ts'
import type { Run } from '../run.ts'

interface LockOptions extends CommonOptions {
  readonly newPassphraseFile?: string
}

export function lockCommand(run: Run): Command {
  return new Command('lock')
    .description(help.lock)
    .option('--new-passphrase-file <file>', help.newPassphraseFile)
    .action((_options: LockOptions, command: Command) =>
      run(command, async (context) => {
        const { home, io, output, passphrase } = context
        demandHome(home)
        const options = command.optsWithGlobals<LockOptions>()
        const vault = openVaultFile(join(home, 'vault.json'))
        const wasLocked = vault.state === 'locked'
        await unlockVault(vault, passphrase)
        const given = passphraseFile(io, options.passphraseFile)
        // On a plain vault the one that commands will be given is the new one.
        const next = await newPassphrase(
          context,
          options.newPassphraseFile ?? (wasLocked ? null : given),
          'home',
        )
        // A running peer would go on with what it knows, and write the vault as it was.
        using _lock = openHomeStore(home, io.clock.now)
        await vault.changePassphrase(next)
        vault.lock()
        output.json({ home, locked: true, changed: wasLocked })
        output.line(say.locked)
        output.note(say.lockedScope)
      }),
    )
}

export function unlockCommand(run: Run): Command {
  return new Command('unlock')
    .description(help.unlock)
    .option('--yes', helpAll.yes)
    .action(({ yes = false }: { readonly yes?: boolean }, command: Command) =>
      run(command, async (context) => {
        const { home, io, output, passphrase } = context
        demandHome(home)
        const vault = openVaultFile(join(home, 'vault.json'))
        const wasLocked = vault.state === 'locked'
        if (wasLocked) {
          await confirm(context, yes, 'Taking the passphrase away', say.unlockQuestion)
          await unlockVault(vault, passphrase)
          using _lock = openHomeStore(home, io.clock.now)
          await vault.changePassphrase(null)
        }
        output.json({ home, locked: false, changed: wasLocked })
        output.line(wasLocked ? say.unlocked : say.wasUnlocked)
      }),
    )
}
