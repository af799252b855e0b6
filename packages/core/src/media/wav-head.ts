/**
 * How WAV files begin, and those that are longer than 4 GiB.
 *
 * @module
 */
import { hasText } from '../images/read.ts'

export function isWav(head: Uint8Array): boolean {
  return ['RIFF', 'RF64', 'BW64'].some((name) => hasText(head, 0, name)) && hasText(head, 8, 'WAVE')
}
