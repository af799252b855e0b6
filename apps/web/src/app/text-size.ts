/**
 * How large text is, as a person chose on this device: everything is measured in it.
 *
 * @module
 */

/** Percent of what the browser says. */
export const textSizes = [100, 115, 130, 150, 175, 200] as const

export type TextSize = (typeof textSizes)[number]

/** In `localStorage`; absent: 100. */
const storageKey = 'effigy-text-size'

export function chosenTextSize(): TextSize {
  const stored = Number(localStorage.getItem(storageKey))
  return textSizes.find((size) => size === stored) ?? 100
}

export function chooseTextSize(size: TextSize): void {
  if (size === 100) localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, String(size))
  applyTextSize()
}

/** Before anything is drawn. */
export function applyTextSize(): void {
  const size = chosenTextSize()
  document.documentElement.style.fontSize = size === 100 ? '' : `${size}%`
}
