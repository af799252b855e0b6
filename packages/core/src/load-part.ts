/**
 * Code that is loaded when it is first needed, over a network that may be gone by then.
 *
 *     loadPart(() => import(…)) ─▶ the module, or `part-missing`
 *
 * @module
 */
import { EffigyError } from './error.ts'

/** Throws `EffigyError` `part-missing`. Most browsers give no other answer before the page is loaded again. */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load()
  } catch (cause) {
    throw new EffigyError('part-missing', 'a part of the program could not be loaded', { cause })
  }
}
