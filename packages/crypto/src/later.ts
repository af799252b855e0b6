/**
 * Libraries that not everybody needs. Outside browsers they are simply there; `browser/later.ts`, which stands in for this
 * module there, loads them when they are asked for (decision 0022).
 *
 * @module
 */
import { scryptAsync } from '@noble/hashes/scrypt.js'
import * as age from './age-parts.ts'

export type AgeParts = typeof age
export type ScryptFunction = typeof scryptAsync

export function loadAge(): AgeParts | Promise<AgeParts> {
  return age
}

export function loadScrypt(): ScryptFunction | Promise<ScryptFunction> {
  return scryptAsync
}
