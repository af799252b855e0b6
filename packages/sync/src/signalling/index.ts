export {
  createSignalHub,
  type SignalHub,
  type SignalHubPorts,
  type SignalPort,
  type SignalSession,
} from './signal-hub.ts'
export { createSignals, type Signals, type SignalsPorts, type Visibility } from './signals.ts'
