export {
  type AgeNote,
  agePrefix,
  maxAgeLength,
  maxAgeRecipients,
  type OpenAgeFault,
  openAge,
  type SealAgeFault,
  type SealAgeOptions,
  sealAge,
} from './age.ts'
export * from './box.ts'
export { constantTimeEqual } from './constant-time.ts'
export type { AgreementKey, Crypto, Sha256Stream } from './crypto.ts'
export { createMemoisedCrypto, type MemoisedCryptoOptions } from './memoised.ts'
export { minPaddedLength, paddedLength } from './padme.ts'
export {
  checkPassphrase,
  maxPassphraseBytes,
  maxPassphraseFactor,
  minPassphraseLength,
  type PassphraseFault,
  type PassphrasePorts,
  passphraseFactor,
  type Scrypt,
} from './passphrase.ts'
export { feedKeyId, type OpenSealedFault, openSealedEntry, sealEntry } from './sealed.ts'
export { type SelfTestPart, type SelfTestReport, selfTest } from './self-test.ts'
export {
  type OpenStreamFault,
  openStream,
  type ReadCiphertext,
  type StreamSecret,
  sealedStreamBytes,
  sealStream,
  segmentBytes,
} from './stream.ts'
export {
  type LockableVault,
  parseVaultContents,
  type SynodSecret,
  type UnlockFault,
  type Vault,
  type VaultContents,
  type VaultFault,
  type VaultState,
  writeVaultContents,
} from './vault.ts'
