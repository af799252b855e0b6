/**
 * Linking devices (spec L): what a peer and its tests use of it.
 *
 * @module
 */
export type { AccountRefusal, PairingAccount } from './account-port.ts'
export {
  createPairing,
  type Pairing,
  type PairingPorts,
  type ReadFault,
  type ReadOptions,
  type ShownCode,
} from './create-pairing.ts'
export type { JoiningDevice } from './join-over.ts'
export { defaultPairingLimits, type PairingLimits } from './limits.ts'
export type { PairingRun } from './pairing-run.ts'
export {
  type Admitted,
  type Linked,
  type PairingFault,
  type PairingFaultCode,
  type PairingOutcome,
  type PairingState,
  pairingMessages,
} from './pairing-state.ts'
export { type PeekedLink, peekLink } from './peek-link.ts'
