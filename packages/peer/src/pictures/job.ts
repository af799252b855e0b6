/**
 * What goes between a page and its picture worker: one job, one answer, in that order.
 *
 *     page ─PictureJob▶ worker ─PictureAnswer▶ page
 *
 * @module
 */
import type { Result } from '@effigy/core'
import type { PictureFault, PictureSettings, PreparedPicture } from './picture.ts'
import { pictureFaultCodes, pictureSettings } from './picture.ts'

export interface PictureJob {
  readonly source: Blob
  readonly settings: PictureSettings
}

export type PictureAnswer = Result<PreparedPicture, PictureFault>

/** Null: nothing of ours. */
export function readJob(data: unknown): PictureJob | null {
  if (!isRecord(data) || !(data.source instanceof Blob) || !isRecord(data.settings)) return null
  const settings = pictureSettings(data.settings)
  return settings === null ? null : { source: data.source, settings }
}

/** Null: the worker is not ours, or of another version. */
export function readAnswer(data: unknown): PictureAnswer | null {
  if (!isRecord(data)) return null
  const { value, error } = data
  if (data.ok === true) return isPicture(value) ? { ok: true, value } : null
  if (!isRecord(error) || typeof error.message !== 'string') return null
  const code = pictureFaultCodes.find((known) => known === error.code)
  return code === undefined ? null : { ok: false, error: { code, message: error.message } }
}

function isPicture(value: unknown): value is PreparedPicture {
  return (
    isFile(value) &&
    'thumbnails' in value &&
    Array.isArray(value.thumbnails) &&
    value.thumbnails.every(isFile) &&
    'thumbhash' in value &&
    typeof value.thumbhash === 'string' &&
    'removed' in value &&
    Array.isArray(value.removed) &&
    'animated' in value &&
    typeof value.animated === 'boolean'
  )
}

function isFile(value: unknown): value is { readonly blob: Blob } {
  return (
    isRecord(value) &&
    value.blob instanceof Blob &&
    typeof value.width === 'number' &&
    typeof value.height === 'number'
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
