/**
 * What this device is called among one's own: as its browser tells, at most 24 bytes.
 *
 *     "Firefox on Android"
 *
 * @module
 */

const browsers = [
  [/edg\//i, 'Edge'],
  [/opr\//i, 'Opera'],
  [/firefox\//i, 'Firefox'],
  [/chrome\//i, 'Chrome'],
  [/safari\//i, 'Safari'],
] as const

const systems = [
  [/iphone/i, 'iPhone'],
  [/ipad/i, 'iPad'],
  [/android/i, 'Android'],
  [/mac os/i, 'Mac'],
  [/windows/i, 'Windows'],
  [/cros/i, 'Chromebook'],
  [/linux/i, 'Linux'],
] as const

export function deviceLabel(userAgent: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Browser'
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
  return system === undefined ? browser : `${browser}, ${system}`
}
