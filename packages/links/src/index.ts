export * from './memory.ts'
export { type DialOptions, dialWebSocket } from './websocket.ts'
