/**
 * A tab of its own with one vault, told what to do by a test. Killed in the middle of it, at times.
 *
 *     { type, name } ─▶ answers, one after the other
 */
import { createBrowserCrypto, openVaultDatabase } from '../src/browser.ts'

export type VaultTask =
  /** Answers once it is ready; creates when it is told again, and answers with whether it did. */
  | { readonly type: 'create'; readonly name: string }
  /** Raises the number and keeps a phrase that names it, again and again; answers with each number that is durable. */
  | { readonly type: 'write'; readonly name: string }

const tasks: Record<VaultTask['type'], (name: string) => Promise<void>> = {
  async create(name) {
    using vault = await openVaultDatabase({ name, crypto: await createBrowserCrypto() })
    postMessage('ready')
    await new Promise((resolve) => addEventListener('message', resolve, { once: true }))
    postMessage(await vault.create())
  },
  async write(name) {
    using vault = await openVaultDatabase({ name, crypto: await createBrowserCrypto() })
    await vault.create()
    for (;;) {
      const instance = await vault.newInstance()
      await vault.account.keep({ phrase: `words ${instance}`, synod: null })
      postMessage(instance)
    }
  },
}

addEventListener(
  'message',
  ({ data }: MessageEvent<VaultTask>) => {
    void tasks[data.type](data.name)
  },
  { once: true },
)
