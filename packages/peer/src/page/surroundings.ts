/**
 * What a page sees of its surroundings, told to the peer in its worker (spec R40): whether a person may be looking, whether there
 * is a network, whether it is metered, whether a battery runs it.
 *
 *     visibilitychange, online, offline, connection, battery ─▶ facts ─▶ peer.surroundings.tell(page, facts)
 *
 * Not every browser tells everything: Firefox and Safari know neither the line nor the battery; there they count as free.
 *
 * @module
 */
import type { SurroundingFacts } from '../surroundings/surroundings.ts'

/** Whoever is told; what it answers, and whether it does, is not waited for. */
export interface ToldPeer {
  readonly surroundings: {
    readonly tell: (page: string, facts: SurroundingFacts | null) => unknown
  }
}

/** Between two words of a page that sees no change, ms (R47). */
const againMs = 60_000

/** Parts of browsers that the standard types do not have. */
interface NetworkInformation extends EventTarget {
  readonly saveData?: boolean
  readonly metered?: boolean
  readonly type?: string
}

interface BatteryManager extends EventTarget {
  readonly charging: boolean
}

interface TellingNavigator {
  readonly onLine: boolean
  readonly connection?: NetworkInformation
  readonly getBattery?: () => Promise<BatteryManager>
}

export interface Telling extends Disposable {
  /** To a peer that was not told before, or may have forgotten. */
  again(): void
}

/** Tells until disposed, and then that this page is gone. A name of its own is made for the page. */
export function tellSurroundings(peer: ToldPeer, { page = crypto.randomUUID() as string } = {}): Telling {
  const over = new AbortController()
  const { signal } = over
  const platform = navigator as TellingNavigator
  let battery: BatteryManager | null = null
  let isLeaving = false

  function send(facts: SurroundingFacts | null): void {
    // A worker that has just gone has a successor, which is told when it is there. At once: the page may be going.
    void (async () => peer.surroundings.tell(page, facts))().catch(ignore)
  }

  function tell(): void {
    if (isLeaving) return
    const { onLine, connection } = platform
    send({
      visible: document.visibilityState === 'visible',
      online: onLine,
      metered:
        connection?.saveData === true || connection?.metered === true || connection?.type === 'cellular',
      battery: battery?.charging === false,
    })
  }

  function leave(): void {
    isLeaving = true
    send(null)
  }

  /** Back from the cache of pages that were left. */
  function come(): void {
    isLeaving = false
    tell()
  }

  document.addEventListener('visibilitychange', tell, { signal })
  window.addEventListener('online', tell, { signal })
  window.addEventListener('offline', tell, { signal })
  window.addEventListener('pagehide', leave, { signal })
  window.addEventListener('pageshow', come, { signal })
  document.addEventListener('resume', come, { signal })
  platform.connection?.addEventListener('change', tell, { signal })
  void platform
    .getBattery?.()
    .then((found) => {
      if (signal.aborted) return
      battery = found
      found.addEventListener('chargingchange', tell, { signal })
      tell()
    })
    .catch(ignore)
  const repeating = setInterval(tell, againMs)
  tell()

  return {
    again: tell,
    [Symbol.dispose]() {
      clearInterval(repeating)
      over.abort()
      leave()
    },
  }
}

/** Nothing that a person could do about it. */
function ignore(): void {}
