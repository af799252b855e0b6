/**
 * Another browser becomes a device of the same person: it shows the code, as one without a camera does.
 *
 *     comeBack ─▶ showCode ─ code ▶ readCode ─▶ pictures on both ─Yes, the same▶ Go in
 *
 * @module
 */
import { comeBack } from './come-back.ts'
import { copyOf } from './copy-of.ts'
import type { AppPerson } from './person.ts'

const patience = { timeout: 20_000 }

const press = ({ page }: AppPerson, name: string) =>
  page.getByRole('button', { name, exact: true }).click(patience)

/** From the first run on; resolves with the text of the code that it shows. */
export async function showCode(other: AppPerson): Promise<string> {
  await comeBack(other)
  await other.page.getByRole('button', { name: 'I still have another device' }).click()
  await press(other, 'Show a code here instead')
  return codeOn(other)
}

export async function codeOn(other: AppPerson): Promise<string> {
  await other.page.getByRole('img', { name: 'Code for your other device' }).waitFor(patience)
  return copyOf(other, 'Copy it as text')
}

/** Both show pictures when it resolves. */
export async function readCode(person: AppPerson, other: AppPerson, code: string): Promise<void> {
  await person.go('/devices')
  await press(person, 'Add a device')
  await press(person, 'The other device shows a code')
  await person.page.getByRole('textbox', { name: 'Text of the code' }).fill(code)
  await person.page.keyboard.press('Enter')
  for (const { page } of [person, other]) await page.locator('[data-emoji]').waitFor(patience)
}

/** Where both show pictures. */
export async function sayTheSame(person: AppPerson, other: AppPerson): Promise<void> {
  for (const each of [other, person]) await press(each, 'Yes, the same')
  await press(other, 'Go in')
  await press(person, 'Close')
}
