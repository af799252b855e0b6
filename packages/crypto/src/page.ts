/**
 * What of a vault a page does itself: a worker has no `navigator.credentials`, and is not there yet at first.
 *
 * @module
 */
export { mayHaveVault } from './browser/vault-presence.ts'
export {
  canHavePasskeys,
  evaluatePasskey,
  forgetPasskey,
  type PasskeyFault,
  type PasskeySecret,
  type RegisterPasskeyOptions,
  registerPasskey,
} from './page/passkey.ts'
