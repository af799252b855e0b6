/**
 * What a browser loads when it is first needed (decision 0022).
 *
 * @module
 */
import { loadPart } from '@effigy/core'
import type { CarHeader, Cleaning, Importer } from '../later.ts'

export function loadCarHeader(): CarHeader | Promise<CarHeader> {
  return loadPart(() => import('../files/car-header.ts'))
}

export function loadImporter(): Importer | Promise<Importer> {
  return loadPart(() => import('../files/importer.ts'))
}

export function loadCleaning(): Cleaning | Promise<Cleaning> {
  return loadPart(() => import('@effigy/core/media'))
}
