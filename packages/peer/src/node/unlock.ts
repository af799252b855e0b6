/**
 * Opens a locked vault with what somebody types or a file holds.
 *
 *     locked ─ask, again while it is wrong▶ unlocked
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { LockableVault, UnlockFault } from '@effigy/crypto'

const messages: Readonly<Record<UnlockFault['code'], string>> = {
  'passphrase-wrong': 'This is not the passphrase of the vault.',
  'vault-damaged': 'The vault is damaged: no passphrase opens it.',
  'work-factor': 'The vault asks for more work than any that was made here: it is not ours.',
}

/** See `NodePeerOptions.passphrase`. Throws `EffigyError` 'vault-locked', and the codes of `UnlockFault`. */
export async function unlockVault(
  vault: LockableVault,
  ask: ((attempt: number) => Promise<string | null>) | undefined,
): Promise<void> {
  for (let attempt = 0; vault.state === 'locked'; attempt++) {
    const passphrase = (await ask?.(attempt)) ?? null
    if (passphrase === null) {
      const code = attempt === 0 ? 'vault-locked' : 'passphrase-wrong'
      throw new EffigyError(
        code,
        attempt === 0 ? 'The vault is locked.' : messages[code as 'passphrase-wrong'],
      )
    }
    const opened = await vault.unlock(passphrase)
    if (opened.ok) return
    const { code } = opened.error
    if (code !== 'passphrase-wrong') throw new EffigyError(code, messages[code])
  }
}
