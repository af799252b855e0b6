/**
 * The words of an account, as a person sees them and shows to have written them down.
 *
 * @module
 */
import type { AppPerson } from './person.ts'

const patience = { timeout: 20_000 }

/** Goes to the screen of the account; resolves once all twelve are shown. */
export async function showWords(person: AppPerson): Promise<readonly string[]> {
  await person.go('/account')
  await person.page.getByRole('button', { name: 'Show my words' }).click()
  const words = person.page.locator('[data-secret] li')
  await words.nth(11).waitFor(patience)
  return words.allTextContents()
}

/** Types those that are asked for, where all are shown. */
export async function confirmWords({ page }: AppPerson, words: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'I have written them down' }).click()
  const fields = page.getByLabel(/^Word \d+$/)
  await fields.nth(2).waitFor(patience)
  for (const field of await fields.all()) {
    const label = await page.locator(`label[for="${await field.getAttribute('id')}"]`).textContent()
    await field.fill(words[Number(label?.replace('Word ', '')) - 1] ?? '')
  }
  await page.getByRole('button', { name: 'That is them' }).click()
  await page.getByText('They are on no device any more').waitFor(patience)
}
