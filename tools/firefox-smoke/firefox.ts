/**
 * Debian's Firefox ESR without a window, on one page, with a profile that goes with it. No driver: the page tells by itself.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const executablePath = process.env.EFFIGY_FIREFOX ?? '/usr/bin/firefox-esr'

/** Null: tests that need one skip. */
export const noFirefox: string | null = existsSync(executablePath)
  ? null
  : 'firefox-esr is not installed (Debian: apt-get install firefox-esr)'

export interface Firefox extends AsyncDisposable {
  /** What it said, for who looks why nothing came. */
  output(): string
}

/** Nothing of it calls home or asks anything. */
const preferences: Readonly<Record<string, string | number | boolean>> = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.tabs.warnOnClose': false,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.trr.mode': 5,
  'services.settings.server': '',
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.unified': false,
}

/** Dispose it: its processes and its profile go. */
export function openFirefox(url: string): Firefox {
  const home = mkdtempSync(join(tmpdir(), 'effigy-firefox-'))
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  )
  writeFileSync(join(home, 'user.js'), lines.join(''))
  const child = spawn(executablePath, ['--headless', '--no-remote', '--profile', home, url], {
    // Its processes are a group of their own: they end together.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: home, MOZ_CRASHREPORTER_DISABLE: '1', MOZ_HEADLESS: '1' },
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = `${output}${chunk}`.slice(-20_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', (cause) => {
    output += String(cause)
  })
  const exited = child.pid === undefined ? Promise.resolve() : once(child, 'exit')
  return {
    output: () => output,
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined) end(child.pid)
      await exited
      // The last of the group may still write for a moment.
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

function end(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
