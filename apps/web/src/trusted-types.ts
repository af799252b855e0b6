/**
 * What may become markup or script in this page (T9): nothing but the app's own workers, and Mantine's style sheets.
 *
 *     innerHTML, new Worker, register ─▶ this policy ─▶ a worker of ours, CSS without markup │ an error
 *
 * @module
 */

interface PolicyFactory {
  createPolicy(
    name: 'default',
    rules: {
      createHTML(text: string): string
      createScript(): never
      createScriptURL(address: string): string
    },
  ): unknown
}

/** Files that the build makes, from this origin. */
const ownScripts = /^\/(assets\/[\w.-]+\.js|service-worker\.js)$/

/** Before anything else runs. Browsers without Trusted Types have the policy of scripts (CSP) alone. */
export function restrictScripts(): void {
  const { trustedTypes } = globalThis as unknown as { readonly trustedTypes?: PolicyFactory }
  trustedTypes?.createPolicy('default', {
    createHTML(text) {
      // Mantine writes CSS variables into <style> elements so.
      if (!text.includes('<')) return text
      throw new TypeError('No text becomes markup in this app.')
    },
    createScript() {
      throw new TypeError('No text becomes a script in this app.')
    },
    createScriptURL(address) {
      const { origin, pathname } = new URL(address, globalThis.location.href)
      if (origin === globalThis.location.origin && ownScripts.test(pathname)) return address
      throw new TypeError('This app runs no script but its own.')
    },
  })
}
