export {
  type ClosedFeed,
  type FeedKey,
  type FeedKeys,
  type KeptLetter,
  maxFeedKeys,
} from './feed-keys.ts'
export { createUnseal, sealWith, type Unseal, type UnsealFault } from './unseal.ts'
