/** What a button of the app copies. */
import { until } from './friend.ts'
import type { AppPerson } from './person.ts'

/** By the clipboard, in which it stands some time after the button was pressed. */
export async function copyOf(
  { page, context }: Pick<AppPerson, 'page' | 'context'>,
  name: string,
): Promise<string> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(`navigator.clipboard.writeText('')`)
  await page.getByRole('button', { name }).click()
  return until(async () => String(await page.evaluate('navigator.clipboard.readText()')) || null)
}
