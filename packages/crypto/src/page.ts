/**
 * What of a vault only a page can do: a worker has no `navigator.credentials`.
 *
 * @module
 */
export {
  canHavePasskeys,
  evaluatePasskey,
  type PasskeyFault,
  type PasskeySecret,
  type RegisterPasskeyOptions,
  registerPasskey,
} from './page/passkey.ts'
