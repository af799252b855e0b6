/** A vault that a passkey opens, with Chromium's authenticator in software. */
import { afterEach, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { createBrowserCrypto, openVaultDatabase, wipeVaultDatabase } from '../browser.ts'
import { canHavePasskeys, evaluatePasskey, type PasskeySecret, registerPasskey } from './passkey.ts'

interface Session {
  send(method: string, parameters?: object): Promise<{ readonly authenticatorId: string }>
}

const session = cdp() as unknown as Session
const never = new AbortController().signal
const options = { app: 'Effigy', label: 'alice', existing: [], signal: never }
const crypto = createBrowserCrypto()

afterEach(() => session.send('WebAuthn.disable'))

async function plugIn({ hasPrf = true } = {}): Promise<string> {
  await session.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'usb',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  })
  return authenticatorId
}

function value(result: Awaited<ReturnType<typeof registerPasskey>>): PasskeySecret {
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

test('[K14] a passkey gives the same secret each time, and each passkey another', async () => {
  await plugIn()
  expect(await canHavePasskeys()).toBe(true)
  const first = value(await registerPasskey(options))
  expect(first.secret).toHaveLength(32)
  expect(value(await evaluatePasskey([first.credential], never))).toEqual(first)
  const second = value(await registerPasskey(options))
  expect(second.secret).not.toEqual(first.secret)
  expect(value(await evaluatePasskey([second.credential], never))).toEqual(second)
})

test('[K14] an authenticator without secrets is told, and so is one that has a lock already', async () => {
  await plugIn({ hasPrf: false })
  expect(await registerPasskey(options)).toEqual({ ok: false, error: { code: 'passkey-unsupported' } })
  await session.send('WebAuthn.disable')
  await plugIn()
  const { credential } = value(await registerPasskey(options))
  expect(await registerPasskey({ ...options, existing: [credential] })).toEqual({
    ok: false,
    error: { code: 'passkey-exists' },
  })
})

test('[K14] a person who is not there, or says no, and a page that gives up', async () => {
  const authenticatorId = await plugIn()
  const { credential } = value(await registerPasskey(options))
  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  expect(await evaluatePasskey([credential], never)).toEqual({
    ok: false,
    error: { code: 'passkey-refused' },
  })
  expect(await evaluatePasskey([], never)).toEqual({ ok: false, error: { code: 'passkey-refused' } })
  await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false })
  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  const stop = new AbortController()
  const waiting = evaluatePasskey([credential], stop.signal)
  stop.abort(new Error('given up'))
  await expect(waiting).rejects.toThrow('given up')
  await expect(evaluatePasskey([credential], stop.signal)).rejects.toThrow('given up')
})

test('[K13] [T14] passkeys and a passphrase open the same vault, each by itself', async () => {
  await plugIn()
  const name = 'passkeys'
  const open = async () => openVaultDatabase({ name, crypto: await crypto, factor: 4 })
  try {
    using vault = await open()
    const first = value(await registerPasskey(options))
    expect(await vault.create(first)).toBe(true)
    const { publicKey } = vault.signer
    const second = value(await registerPasskey(options))
    expect(await vault.putLock(second, first)).toEqual({ ok: true, value: null })
    expect(await vault.putLock('correct horse battery', second)).toEqual({ ok: true, value: null })
    expect(vault.locks).toEqual([
      { type: 'passkey', credential: first.credential },
      { type: 'passkey', credential: second.credential },
      { type: 'passphrase' },
    ])

    const credentials = vault.locks.flatMap((lock) => (lock.type === 'passkey' ? [lock.credential] : []))
    const shown = value(await evaluatePasskey(credentials, never))
    for (const secret of [first, second, shown, 'correct horse battery']) {
      using again = await open()
      expect(again.state).toBe('locked')
      expect(await again.unlock(secret)).toEqual({ ok: true, value: null })
      expect(again.signer.publicKey).toEqual(publicKey)
    }
    using shut = await open()
    const wrong = { ok: false, error: { code: 'passkey-wrong' } }
    expect(await shut.unlock({ ...first, secret: second.secret })).toEqual(wrong)
    expect(await shut.unlock({ ...first, credential: 'AAAA' })).toEqual(wrong)
    expect(shut.state).toBe('locked')

    // A lost passkey is taken away by what is still there.
    const lost = { type: 'passkey', credential: first.credential } as const
    expect(await vault.removeLock(lost, first)).toEqual(wrong)
    expect(await vault.removeLock(lost, second)).toEqual({ ok: true, value: null })
    expect(await shut.unlock(first)).toEqual(wrong)
    expect(await shut.unlock(second)).toEqual({ ok: true, value: null })
  } finally {
    await wipeVaultDatabase({ name })
  }
})
