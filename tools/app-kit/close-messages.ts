/** Messages at the edge of the page stand over what is below them until they go by themselves. */
import type { Page } from 'playwright'

export async function closeMessages(page: Page): Promise<void> {
  await page.evaluate(
    "for (const button of document.querySelectorAll('.mantine-Notification-closeButton')) button.click()",
  )
  await page.locator('.mantine-Notification-root').first().waitFor({ state: 'detached' })
}
