/**
 * What a hub says of itself, over the session with it (spec V118): its operator's claims, read once.
 *
 * @module
 */
import type { Identity, JsonObject } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { useEffect, useState } from 'react'

export interface AboutHub {
  readonly name: string
  readonly contact: string | null
  readonly terms: string | null
  /** Everybody may keep data there; else an invite is needed. */
  readonly isOpen: boolean
  /** Whether members may let others in. */
  readonly takesInvites: boolean
  /** That messages are kept for who is away, at most; 0: none are. */
  readonly dropDays: number
}

/** Characters. */
const longest = { name: 200, contact: 500, terms: 20_000 }

const patienceMs = 10_000

/** Null: they do not say, or are no hub. Rejects with the signal's reason alone. */
export async function askAbout(
  peer: Pick<RemotePeer, 'call'>,
  hub: Identity,
  signal: AbortSignal,
): Promise<AboutHub | null> {
  const answer = await peer.call(hub, 'about', 'get', {}, { signal })
  return answer.ok ? parseAbout(answer.value.value) : null
}

export function parseAbout(value: JsonObject): AboutHub | null {
  const { name, contact, terms, members, privacy, invites, dropDays } = value
  if (typeof name !== 'string') return null
  return {
    name: name.slice(0, longest.name),
    contact: typeof contact === 'string' ? contact.slice(0, longest.contact) : null,
    terms: typeof terms === 'string' ? terms.slice(0, longest.terms) : null,
    isOpen: members === 'anyone' && privacy !== 'restricted',
    takesInvites: invites === 'members',
    dropDays: typeof dropDays === 'number' && Number.isFinite(dropDays) ? Math.max(0, dropDays) : 0,
  }
}

/** Asked for by many places of one screen: each hub is asked once in so long, ms. */
const freshMs = 60_000

interface Told {
  readonly at: number
  readonly about: Promise<AboutHub | null>
}

const told = new Map<Identity, Told>()

/** What was told of late, or is being asked. Never rejects: who did not answer has told nothing, and is asked the next time. */
function recentAbout(peer: Pick<RemotePeer, 'call'>, hub: Identity): Promise<AboutHub | null> {
  const known = told.get(hub)
  if (known !== undefined && Date.now() - known.at < freshMs) return known.about
  const about = askAbout(peer, hub, AbortSignal.timeout(patienceMs)).catch(() => null)
  told.set(hub, { at: Date.now(), about })
  void about.then((answer) => {
    if (answer === null) told.delete(hub)
  })
  return about
}

/** Null until it has told. `isConnected`: asked again whenever that becomes true. */
export function useAbout(hub: Identity, isConnected: boolean): AboutHub | null {
  const peer = usePeer()
  const [about, setAbout] = useState<AboutHub | null>(null)
  useEffect(() => {
    if (!isConnected) return
    let isOver = false
    void recentAbout(peer, hub).then((answer) => {
      if (!isOver && answer !== null) setAbout(answer)
    })
    return () => {
      isOver = true
    }
  }, [peer, hub, isConnected])
  return about
}

export function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url
}
