import { cryptoContract } from '../test/crypto-contract.ts'
import { readContractVectors } from '../test/node-vectors.ts'
import { createNobleCrypto } from './noble.ts'

const crypto = createNobleCrypto()
cryptoContract('noble', async () => crypto, readContractVectors())
