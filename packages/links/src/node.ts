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
export { type Traffic, webSocketLimits, webSocketLink } from './node/ws-link.ts'
