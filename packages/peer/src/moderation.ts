/**
 * Words with whoever runs a hub: what is reported to them, and what they took down (spec V92-V94).
 *
 *     report ─▶ hub ─▶ its operator        contents ─▶ hub ─▶ which of them were taken down there, and when
 *
 * @module
 */
import { type Cid, err, type Identity, type Json, ok, parseCid, type Result } from '@effigy/core'
import type { ServiceRefusal } from '@effigy/sync'
import type { Peer } from './peer.ts'

export interface HubReport {
  /** Who is meant. */
  readonly about: Identity
  /** Of theirs what is meant; null: they themselves. */
  readonly content: Cid | null
  readonly reason: 'illegal' | 'abuse' | 'spam' | 'impersonation' | 'other'
  /** At most 1,000 characters. */
  readonly text: string
}

/** With a hub that is connected. Refused with its code, or as `Peer.call` is; `bad-answer`: what it said makes no sense. */
export interface PeerModeration {
  /** Kept for whoever runs the hub, who sees from whom it is. What comes of it, nobody is told. */
  report(hub: Identity, report: HubReport, signal: AbortSignal): Promise<Result<null, ServiceRefusal>>
  /** Those of them that the hub took down, with when (ms, its word). Others may still give them. */
  takenDown(
    hub: Identity,
    contents: readonly Cid[],
    signal: AbortSignal,
  ): Promise<Result<ReadonlyMap<Cid, number>, ServiceRefusal>>
}

/** V94: contents in one question. */
const maxContents = 64

export function createModeration(call: Peer['call']): PeerModeration {
  return {
    async report(hub, { about, content, reason, text }, signal) {
      const answer = await call(hub, 'moderation', 'report', { about, content, reason, text }, { signal })
      return answer.ok ? ok(null) : answer
    },
    async takenDown(hub, contents, signal) {
      const found = new Map<Cid, number>()
      const asked = [...new Set(contents)]
      for (let at = 0; at < asked.length; at += maxContents) {
        const some = asked.slice(at, at + maxContents)
        const answer = await call(hub, 'moderation', 'state', { contents: some }, { signal })
        if (!answer.ok) return answer
        const read = readTakenDown(answer.value.value.takendown, new Set(some))
        if (read === null) return err({ code: 'bad-answer', retryMs: null })
        for (const [content, time] of read) found.set(content, time)
      }
      return ok(found)
    },
  }
}

/** Null: no list of those that were asked after. */
function readTakenDown(
  value: Json | undefined,
  asked: ReadonlySet<Cid>,
): readonly (readonly [Cid, number])[] | null {
  if (!Array.isArray(value) || value.length > asked.size) return null
  const read: (readonly [Cid, number])[] = []
  for (const pair of value) {
    const [name, at] = Array.isArray(pair) ? pair : []
    const content = typeof name === 'string' ? parseCid(name) : null
    if (content === null || !asked.has(content) || !Number.isSafeInteger(at)) return null
    read.push([content, at as number])
  }
  return read
}
