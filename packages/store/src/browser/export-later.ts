/**
 * What writes copies, loaded when somebody makes one (decision 0022, spec S57).
 *
 * @module
 */
import { loadPart } from '@effigy/core'
import type { exportStore } from './export-store.ts'

/** As `exportStore`. */
export async function* exportLater(...given: Parameters<typeof exportStore>): ReturnType<typeof exportStore> {
  const { exportStore } = await loadPart(() => import('./export-store.ts'))
  yield* exportStore(...given)
}
