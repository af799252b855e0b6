/**
 * Services (spec V): what applications and other packages use of them.
 *
 * @module
 */
export {
  type CallClient,
  type CallOptions,
  createCallClient,
  isCallAnswer,
  type ReceivedAnswer,
} from './client.ts'
export { createDropBox, type DropBox, type DropBoxPorts, keptMs } from './drop-box.ts'
export {
  type OpenDropFault,
  type OpenDropPorts,
  type OpenedDrop,
  openDrop,
  rememberDrop,
  type SealDropFault,
  type SealedDrop,
  sealDrop,
} from './drop-seal.ts'
export { createDropService, type DropServicePorts } from './drop-service.ts'
export { leasedBlobs, promisedBy } from './held-lease.ts'
export { createHost, type Host, type HostPorts } from './host.ts'
export { type IceUrl, maxIceUrlLength, parseIceUrl } from './ice-url.ts'
export {
  createLeaseHolder,
  type LeaseHolder,
  type LeaseHolderPorts,
  type LeaseRequest,
  type SpotCheck,
} from './lease-holder.ts'
export {
  acceptLease,
  acceptReceipt,
  createSpot,
  type LeaseFault,
  type Spot,
} from './lease-owner.ts'
export { createLeaseService } from './lease-service.ts'
export { createRegistry, type Registry } from './registry.ts'
export * from './service.ts'
export { spotHash } from './spot-hash.ts'
export {
  createTurnService,
  maxIceUrls,
  readTurnServers,
  type TurnServers,
  turnService,
} from './turn-service.ts'
