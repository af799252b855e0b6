/**
 * In a page, which alone has RTCPeerConnection: for itself.
 *
 * @module
 */
export { openPageRtc } from './page/webrtc.ts'
