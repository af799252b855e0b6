/**
 * Services (spec V): what applications and other packages use of them.
 *
 * @module
 */
export { type CallClient, type CallOptions, createCallClient, type ReceivedAnswer } from './client.ts'
export { createHost, type Host, type HostPorts } from './host.ts'
export { createRegistry, type Registry } from './registry.ts'
export * from './service.ts'
