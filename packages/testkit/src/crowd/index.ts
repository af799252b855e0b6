export { type CrowdOptions, type CrowdResult, runCrowd } from './crowd.ts'
