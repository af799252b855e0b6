export * from './keys.ts'
export * from './phrase.ts'
export * from './slip10.ts'
export * from './synod-proof.ts'
