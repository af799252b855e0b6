/** Messages at the edge of the page stand over what is below them: some until they go by themselves, faults until they are closed. */
import type { Page } from 'playwright'

export async function closeMessages(page: Page): Promise<void> {
  await page.evaluate(
    "for (const button of document.querySelectorAll('.mantine-Notification-closeButton')) button.click()",
  )
  await page.locator('.mantine-Notification-root').first().waitFor({ state: 'detached' })
}
