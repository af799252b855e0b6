/** Passkeys that came to nothing. */
import { afterEach, expect, test, vi } from 'vitest'
import { putPasskey } from './secrets.ts'

const passkey = { credential: 'AAEC', secret: new Uint8Array(32) }
const forgotten: unknown[] = []

vi.stubGlobal('location', { hostname: 'hub.example' })
vi.stubGlobal('PublicKeyCredential', {
  signalUnknownCredential: async (options: unknown) => void forgotten.push(options),
})

afterEach(() => void forgotten.splice(0))

test('[K14] where the vault refuses a new passkey, the list of passkeys is told that it opens nothing', async () => {
  const error = { code: 'passphrase-wrong' }
  const refused = await putPasskey(Promise.resolve(passkey), async () => ({ ok: false, error }) as const)
  expect(refused).toEqual({ ok: false, error })
  expect(forgotten).toEqual([{ rpId: 'hub.example', credentialId: 'AAEC' }])
})

test('[K14] one that opens the vault, or may do so, is kept', async () => {
  expect(await putPasskey(Promise.resolve(passkey), async () => ({ ok: true }) as const)).toEqual({
    ok: true,
  })
  const interrupted = putPasskey(Promise.resolve(passkey), () => Promise.reject(new Error('interrupted')))
  await expect(interrupted).rejects.toThrow('interrupted')
  expect(forgotten).toEqual([])
})
