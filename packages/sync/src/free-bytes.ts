/**
 * Gives the memory of long buffers back at once.
 *
 *     frame ─seal▶ sealed; nobody reads the frame any more ─freeBytes▶ the next frame takes its place
 *
 * A collector that learns of 256 KiB only through a small object waits until there are tens of megabytes of
 * them, and then stops the program to look for them all: half the time of a large transfer.
 *
 * @module
 */

/** Bytes. Shorter buffers cost little, and some of them share one allocation. */
const leastFreed: number = 64 * 1024

/** For the owner of the whole buffer below `bytes`: no view of it can be read any more. */
export function freeBytes({ length, buffer }: Uint8Array): void {
  if (length > leastFreed && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
