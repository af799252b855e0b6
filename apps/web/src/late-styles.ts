/**
 * Style sheets of the page, which the build marks as those of a printer: so the first frame waits for none of them.
 *
 *     first frame ─▶ scripts and style sheets come ─putOnLateStyles▶ they count, and the app is rendered
 *
 * @module
 */

/** Resolves when all of them are here, or cannot be had. */
export async function putOnLateStyles(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[data-late]')]
  await Promise.all(links.map(arrived))
  for (const link of links) link.media = 'all'
}

function arrived(link: HTMLLinkElement): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => resolve()
    if (link.sheet !== null) return done()
    link.addEventListener('load', done, { once: true })
    link.addEventListener('error', done, { once: true })
  })
}
