/**
 * What reads copies, loaded when somebody takes one (decision 0022, spec S57).
 *
 * @module
 */
import { loadPart } from '@effigy/core'
import type * as importing from './import-store.ts'

export type { ImportFault, ImportOptions, ImportReport } from './import-store.ts'

/** As in its own module. */
export async function importBrowserStore(
  ...given: Parameters<typeof importing.importBrowserStore>
): ReturnType<typeof importing.importBrowserStore> {
  const { importBrowserStore: take } = await loadPart(() => import('./import-store.ts'))
  return take(...given)
}
