/**
 * What others sealed before this device joined, its own devices may have opened: they are asked (spec X10).
 *
 *     age: entries of others that stay shut ─▶ own devices that are connected, each once ─▶ texts ─▶ told
 *
 * @module
 */
import { type Identity, type JsonObject, shortName } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Log } from '@effigy/sync'
import type { Opening } from '../private/opening.ts'
import type { KeepOpenPorts } from './keep-open.ts'
import { learnWanted, maxWanted, ownTextsService } from './texts.ts'

export interface AskOthersPorts {
  readonly store: Store
  readonly opening: Pick<Opening, 'told'>
  readonly log: Log
  readonly call: KeepOpenPorts['call']
  readonly signal: AbortSignal
}

/** Pages of one round. */
const maxPages = 4_096

/** Asks `other` for all that it was not asked for; how far it got is remembered for good. */
export async function askOthers(
  other: Identity,
  own: ReadonlySet<Identity>,
  ports: AskOthersPorts,
): Promise<void> {
  const { store, opening, log, call, signal } = ports
  const asked = `shut-asked/${other}`
  let serial = Number(store.setting(asked) ?? 0)
  for (let page = 0; page < maxPages; page++) {
    const shut = store.shut?.shutAfter(serial, maxWanted) ?? []
    const names = shut.filter(({ identity }) => !own.has(identity))
    let done = 0
    while (done < names.length) {
      const part = names.slice(done)
      const wanted = part.map(({ identity, content }) => [identity, content])
      const answer = await call(other, ownTextsService, 'texts', { wanted } as JsonObject, { signal })
      if (!answer.ok) return
      const through = await learnWanted(store, opening.told, part, answer.value.value)
      if (through === null) {
        log.warn('own.bad-answer', { peer: shortName(other) })
        return
      }
      done += through
    }
    const last = shut.at(-1)
    if (last === undefined) return
    serial = last.serial
    store.saveSetting(asked, String(serial))
  }
}
