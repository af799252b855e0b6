/**
 * WebSockets in Node over `ws`: links that slow their senders down and tell when they have drained.
 *
 * @module
 */
export {
  type AcceptOptions,
  type Acceptor,
  acceptWebSockets,
  addressKey,
  httpServerLimits,
} from './node/accept.ts'
export { dialWebSocket } from './node/dial.ts'
export type { Neighbour, Sign } from './node/lan/announcement.ts'
export { type LanOptions, openLan } from './node/lan/lan.ts'
export { type Multicast, openMulticast } from './node/lan/multicast.ts'
export type { OwnAddress } from './node/lan/nearness.ts'
export { type Traffic, webSocketLimits, webSocketLink } from './node/ws-link.ts'
