export { relayBinding } from './binding.ts'
export {
  type Circuit,
  type CircuitListener,
  type Circuits,
  type CircuitsPorts,
  createCircuits,
} from './circuits.ts'
