export * from './memory.ts'
export * from './pieces.ts'
export * from './relay.ts'
export { type DialOptions, dialWebSocket } from './websocket.ts'
