/**
 * The service `feedkeys` (spec X26): letters for whoever may carry them, the key itself for who reads.
 *
 *     letter {feed} → ‖ record          key {feed} → {epoch} ‖ key, to readers and own devices          offer {} ‖ record → {}
 *
 * @module
 */
import { type Identity, ok, parseIdentity, type Result } from '@effigy/core'
import type { FeedKeys } from '@effigy/store'
import type { Caller, Service, ServiceAnswer, ServiceRefusal } from '@effigy/sync'

export const feedKeysService = 'feedkeys'

export interface FeedKeysPorts {
  readonly keys: Pick<FeedKeys, 'letter' | 'of'>
  /** The key that somebody may have of that feed: null, or why not. */
  readonly mayHave: (caller: Caller, feed: Identity) => boolean
  readonly isFor: Service['isFor']
  /** Takes a letter in, from whomever; null, or why not. */
  readonly take: (record: Uint8Array) => Promise<string | null>
}

type Answer = Result<ServiceAnswer, ServiceRefusal>

export function createFeedKeysService({ keys, mayHave, isFor, take }: FeedKeysPorts): Service {
  return {
    name: feedKeysService,
    isFor,
    methods: {
      async letter({ value }): Promise<Answer> {
        const feed = feedIn(value.feed)
        const letter = feed === null ? null : keys.letter(feed)
        return letter === null ? refusal('absent') : ok({ value: {}, bytes: letter.record })
      },
      async key({ value, remote, trust }): Promise<Answer> {
        const feed = feedIn(value.feed)
        // Whether there is one is nobody else's business.
        const key = feed !== null && mayHave({ remote, trust }, feed) ? keys.of(feed)[0] : undefined
        return key === undefined ? refusal('absent') : ok({ value: { epoch: key.epoch }, bytes: key.key })
      },
      async offer({ bytes }): Promise<Answer> {
        const code = await take(bytes.slice())
        return code === null ? ok({ value: {} }) : refusal(code)
      },
    },
  }
}

const feedIn = (value: unknown): Identity | null => (typeof value === 'string' ? parseIdentity(value) : null)

const refusal = (code: string): Answer => ({ ok: false, error: { code, retryMs: null } })
