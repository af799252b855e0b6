export { relayBinding, relayHub } from './binding.ts'
export {
  type Circuit,
  type CircuitListener,
  type Circuits,
  type CircuitsPorts,
  createCircuits,
  isRelaying,
} from './circuits.ts'
