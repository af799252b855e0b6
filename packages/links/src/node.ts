/**
 * In Node: WebSockets over `ws`, WebRTC over `node-datachannel`, neighbours in the local network.
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
export { openNodeRtc } from './node/webrtc.ts'
export { type Traffic, webSocketLimits, webSocketLink } from './node/ws-link.ts'
