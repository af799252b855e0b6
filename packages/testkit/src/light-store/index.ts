export { createInterning, type Interning } from './interning.ts'
export { LightFeeds, type LightFeedsOptions } from './light-feeds.ts'
export { LightStore } from './light-store.ts'
