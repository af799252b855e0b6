/**
 * Codes that people pass on: to link a device, to invite somebody, to make sure of somebody (spec L1-L5, Y43).
 *
 * @module
 */
export { type CodePurpose, type CodeTextFault, maxCodeLength } from './code-text.ts'
export * from './invite-code.ts'
export * from './link-code.ts'
export * from './messages.ts'
export { type CodePlace, isAddress } from './place.ts'
export * from './safety-code.ts'
