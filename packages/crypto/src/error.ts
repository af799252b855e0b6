/**
 * What only we or the machine can cause, thrown (never for what a peer sent).
 *
 * @module
 */

export type CryptoErrorCode = 'self-test' | 'verify-worker' | 'pool-closed' | 'vault' | 'vault-exposed'

export class CryptoError extends Error {
  override readonly name = 'CryptoError'
  readonly code: CryptoErrorCode

  constructor(code: CryptoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
