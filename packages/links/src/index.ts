export * from './memory.ts'
export * from './pieces.ts'
export { type DialOptions, dialWebSocket } from './websocket.ts'
