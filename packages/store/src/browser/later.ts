/**
 * What a browser loads when it is first needed (decision 0022).
 *
 * @module
 */
import type { CarHeader, Cleaning, Importer } from '../later.ts'

export function loadCarHeader(): CarHeader | Promise<CarHeader> {
  return import('../files/car-header.ts')
}

export function loadImporter(): Importer | Promise<Importer> {
  return import('../files/importer.ts')
}

export function loadCleaning(): Cleaning | Promise<Cleaning> {
  return import('@effigy/core/media')
}
