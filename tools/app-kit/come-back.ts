/** The way from the first run for who was here before. */
import type { AppPerson } from './person.ts'
import { settled } from './settled.ts'

const patience = { timeout: 20_000 }

/** Resolves where the ways back are shown. */
export async function comeBack({ page }: Pick<AppPerson, 'page'>): Promise<void> {
  // What the first run loads late moves the button: between down and up it would not be pressed.
  await settled(page, 3)
  await page.getByRole('button', { name: 'I was here before' }).click(patience)
  await page.getByRole('button', { name: 'I still have another device' }).waitFor(patience)
}
