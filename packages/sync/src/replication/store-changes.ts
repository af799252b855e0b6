/**
 * What changed in the store since a session last looked (spec R1).
 *
 *     commit of somebody ─interests▶ noted ─ this turn is over ▶ changed(feeds, roots), once
 *
 * @module
 */
import type { Cid, Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Effects } from './effects.ts'
import type { Interest, Interests, Listener } from './interests.ts'

export interface StoreChangesPorts {
  readonly store: Pick<Store, 'watch'>
  readonly shared: { readonly interests: Interests }
  readonly effects: Pick<Effects, 'soon'>
  /** Each feed and each root once. */
  changed(identities: readonly Identity[], roots: readonly Cid[]): void
  /** Something else is shown than before. */
  views(): void
  /** Many feeds changed, most of them none of ours. */
  many(): void
}

/** Listeners run inside whoever wrote; everything is looked at afterwards, once. */
export function hearChanges(ports: StoreChangesPorts): Interest {
  return ports.shared.interests.join(ports.store, new Changes(ports))
}

/** A class, because each session has one. */
class Changes implements Listener {
  readonly #ports: StoreChangesPorts
  #feeds: Identity[] | null = null
  #roots: Cid[] | null = null
  #isPending = false

  constructor(ports: StoreChangesPorts) {
    this.#ports = ports
  }

  #lookSoon(): void {
    if (this.#isPending) return
    this.#isPending = true
    this.#ports.effects.soon(() => this.#look())
  }

  #look(): void {
    const [identities, blobs] = [once(this.#feeds), once(this.#roots)]
    this.#feeds = null
    this.#roots = null
    this.#isPending = false
    this.#ports.changed(identities, blobs)
  }

  feed(identity: Identity): void {
    if (this.#feeds === null) this.#feeds = [identity]
    else this.#feeds.push(identity)
    this.#lookSoon()
  }

  blobs(found: ReadonlySet<Cid>): void {
    this.#roots = this.#roots === null ? [...found] : [...this.#roots, ...found]
    this.#lookSoon()
  }

  views(): void {
    this.#ports.effects.soon(() => this.#ports.views())
  }

  many(): void {
    this.#ports.effects.soon(() => this.#ports.many())
  }
}

const nothing: readonly never[] = []

/** Most of the time it is a single one. */
function once<Name>(names: readonly Name[] | null): readonly Name[] {
  if (names === null) return nothing
  return names.length > 1 ? [...new Set(names)] : names
}
