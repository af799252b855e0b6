/**
 * In a page, which alone has RTCPeerConnection: for itself, and for its worker (`borrowRtc` of the neutral part).
 *
 * @module
 */
export { type LendOptions, lendRtc } from './page/lend.ts'
export { openPageRtc } from './page/webrtc.ts'
