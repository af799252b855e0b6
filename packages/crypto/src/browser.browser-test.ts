import { describe, expect, test } from 'vitest'
import { browserContracts } from '../test/browser-contracts.ts'
import { createBrowserCrypto } from './browser.ts'
import { selfTest } from './self-test.ts'

browserContracts('page')

describe('Chromium', () => {
  test('[K2] [T2] WebCrypto passes the self-test and is chosen', async () => {
    expect((await createBrowserCrypto()).name).toBe('webcrypto')
  })

  test('[K2] without WebCrypto, as on plain http, noble is taken', async () => {
    expect((await createBrowserCrypto({ subtle: null })).name).toBe('noble')
  })

  test('[K2] [T2] a WebCrypto that takes forgeries is used for agreement only', async () => {
    const crypto = await createBrowserCrypto({ subtle: altered({ verify: async () => true }) })
    expect(crypto.name).toBe('webcrypto and noble')
    expect((await selfTest(crypto)).failed).toEqual([])
  })

  test('[K2] a WebCrypto without X25519 is used for signatures only', async () => {
    const crypto = await createBrowserCrypto({
      subtle: altered({ deriveBits: () => Promise.reject(new DOMException('', 'NotSupportedError')) }),
    })
    expect(crypto.name).toBe('webcrypto and noble')
    expect((await selfTest(crypto)).failed).toEqual([])
  })

  test('a key that could not be read once is read again', async () => {
    let fails = false
    const importKey = (...parts: Parameters<SubtleCrypto['importKey']>) =>
      fails ? Promise.reject(new DOMException('', 'OperationError')) : crypto.subtle.importKey(...parts)
    const webcrypto = await createBrowserCrypto({ subtle: altered({ importKey }) })
    const { publicKey, signBytes } = await webcrypto.signer(new Uint8Array(32).fill(77))
    const message = new Uint8Array(3)
    const checks = [{ publicKey, message, signature: await signBytes(message) }]
    fails = true
    await expect(webcrypto.verify(checks)).rejects.toThrow(DOMException)
    fails = false
    expect(await webcrypto.verify(checks)).toEqual([true])
  })

  test('[K2] a WebCrypto that knows neither is not used', async () => {
    const importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))
    expect((await createBrowserCrypto({ subtle: altered({ importKey }) })).name).toBe('noble')
  })
})

/** The platform's WebCrypto with some of it replaced. */
function altered(parts: Partial<Record<keyof SubtleCrypto, unknown>>): SubtleCrypto {
  return new Proxy(crypto.subtle, {
    get(target, name: keyof SubtleCrypto) {
      const replaced = parts[name]
      return replaced ?? target[name].bind(target)
    },
  })
}
