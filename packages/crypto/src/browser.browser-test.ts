/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, test } from 'vitest'
import signatures from '../../../spec/vectors/ed25519.json' with { type: 'json' }
import { cryptoContract } from '../test/crypto-contract.ts'
import type { PublicVectors } from '../test/vectors.ts'
import { createBrowserCrypto } from './browser.ts'
import { createNobleCrypto } from './noble.ts'

/** Empty where the public vectors are not present beside the repository. */
const files: Record<string, unknown> = import.meta.glob(
  '../../../../shared/vectors/wycheproof/{ed25519,x25519,chacha20_poly1305,xchacha20_poly1305}_test.json',
  { eager: true, import: 'default' },
)
const file = (name: string): unknown =>
  Object.entries(files).find(([path]) => path.endsWith(`/${name}_test.json`))?.[1]

const published =
  Object.keys(files).length < 4
    ? null
    : ({
        ed25519: file('ed25519'),
        x25519: file('x25519'),
        chacha20Poly1305: file('chacha20_poly1305'),
        xchacha20Poly1305: file('xchacha20_poly1305'),
      } as PublicVectors)

const webcrypto = createBrowserCrypto()
const noble = createNobleCrypto()

cryptoContract('Chromium', async () => webcrypto, { signatures, published })
cryptoContract('noble in Chromium', async () => noble, { signatures, published })

describe('Chromium', () => {
  test('[K2] [T2] WebCrypto passes the self-test and is chosen', async () => {
    expect((await webcrypto).name).toBe('webcrypto')
  })
})
