export {
  type AgeNote,
  ageIdentity,
  agePrefix,
  ageRecipient,
  maxAgeLength,
  maxAgeRecipients,
  type OpenAgeFault,
  openAge,
  type SealAgeFault,
  type SealAgeOptions,
  sealAge,
} from './age.ts'
export {
  type AgeHeader,
  type AgeHeaderFault,
  ageFileLength,
  ageHeaderLength,
  agePayloadKey,
  agePayloadNonceBytes,
  createAgeHeader,
  maxAgeHeaderBytes,
  openAgeHeader,
  sealAgeFile,
} from './age-file.ts'
export { writeAgeRecipient, writeAgeSecret } from './age-keys.ts'
export * from './box.ts'
export { constantTimeEqual, constantTimeEqualText } from './constant-time.ts'
export type { AgreementKey, Crypto, Sha256Stream } from './crypto.ts'
export { createMemoisedCrypto, type MemoisedCryptoOptions } from './memoised.ts'
export { minPaddedLength, paddedLength } from './padme.ts'
export {
  checkPassphrase,
  isPassphraseHeader,
  maxPassphraseBytes,
  maxPassphraseFactor,
  minPassphraseLength,
  type PassphraseFault,
  type PassphrasePorts,
  passphraseFactor,
  passphraseIdentity,
  passphraseRecipient,
  type Scrypt,
} from './passphrase.ts'
export { nobleScrypt } from './scrypt-noble.ts'
export { feedKeyId, type OpenSealedFault, openSealedEntry, sealEntry } from './sealed.ts'
export { type SelfTestPart, type SelfTestReport, selfTest } from './self-test.ts'
export { isSoundBox } from './sound-box.ts'
export {
  type OpenStreamFault,
  openedStreamBytes,
  openStream,
  type ReadCiphertext,
  type StreamSecret,
  sealedStreamBytes,
  sealStream,
  segmentBytes,
} from './stream.ts'
export {
  type AccountSecrets,
  type AccountVault,
  accountVault,
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
