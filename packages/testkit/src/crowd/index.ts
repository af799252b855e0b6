export { createCheapCrypto } from './cheap-crypto.ts'
export { type CrowdOptions, type CrowdResult, runCrowd } from './crowd.ts'
