export type { AgreementKey, Crypto } from './crypto.ts'
