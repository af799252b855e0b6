export * from './negotiation.ts'
export * from './rtc-port.ts'
