/**
 * Code that not everybody needs. Outside browsers it is simply there; `browser/later.ts`, which stands in for this module
 * there, loads it when it is asked for (decision 0022).
 *
 * @module
 */
import * as cleaning from '@effigy/core/media'
import * as carHeader from './files/car-header.ts'
import * as importer from './files/importer.ts'

export type CarHeader = typeof carHeader
export type Importer = typeof importer
export type Cleaning = typeof cleaning

export function loadCarHeader(): CarHeader | Promise<CarHeader> {
  return carHeader
}

export function loadImporter(): Importer | Promise<Importer> {
  return importer
}

export function loadCleaning(): Cleaning | Promise<Cleaning> {
  return cleaning
}
