/**
 * Somebody who has a keyboard and nothing else: after each key the focus stands on something that can be seen, and has a ring around it.
 *
 *     keyboardOf(person) ─▶ tabTo('button', 'Post') ─▶ press('Enter') ─▶ standsOn('textbox', 'Your answer') ─▶ goRound()
 *
 * @module
 */
import { expect } from 'vitest'
import type { AppPerson } from './person.ts'

export interface Keyboard {
  press(...keys: readonly string[]): Promise<void>
  type(text: string): Promise<void>
  /** With Tab, or Shift and Tab; every stop on the way has to be in order. */
  tabTo(role: Role, name: string | RegExp, way?: 'on' | 'back'): Promise<void>
  /** Soon, by itself. */
  standsOn(role: Role, name: string | RegExp): Promise<void>
  /** Soon it stands somewhere inside of that, or on it. */
  standsIn(css: string): Promise<void>
  /** Of the button that has the focus: its first entry has it then. Escape leads back to the button, which opens it once more. */
  openMenu(button: string, first: string): Promise<void>
  /** With Tab once around everything, and a step back: nothing holds the focus. Resolves with how many stops there are. */
  goRound(): Promise<number>
}

type Role = Parameters<AppPerson['page']['getByRole']>[0]

const patience = { timeout: 20_000, interval: 20 }

/** More than any screen of the tests has. */
const mostStops = 150

export function keyboardOf({ page }: AppPerson): Keyboard {
  const focused = page.locator(':focus')
  const isOn = async (role: Role, name: string | RegExp): Promise<boolean> =>
    (await focused.and(page.getByRole(role, { name, exact: typeof name === 'string' })).count()) === 1
  const press = (key: string) => page.keyboard.press(key)
  const look = () => page.evaluate(looks) as Promise<Stop>
  /** A screen that is still on its way may move below the focus for a moment. */
  async function stop(): Promise<Stop> {
    const first = await look()
    if (first.fault === null || first.what === nothing) return first
    await expect.poll(async () => (await look()).fault, { timeout: 2_000, interval: 20 }).toBeNull()
    return { ...(await look()), isKnown: first.isKnown }
  }
  async function standsOn(role: Role, name: string | RegExp): Promise<void> {
    await expect
      .poll(async () => ((await isOn(role, name)) ? `${role} ${name}` : (await stop()).what), patience)
      .toBe(`${role} ${name}`)
  }
  return {
    async press(...keys) {
      for (const key of keys) await press(key)
    },
    type: (text) => page.keyboard.type(text),
    async tabTo(role, name, way = 'on') {
      const passed: string[] = []
      for (let at = 0; at < mostStops; at++) {
        await press(way === 'on' ? 'Tab' : 'Shift+Tab')
        const { what, fault } = await stop()
        passed.push(what)
        expect(fault, passed.join(' → ')).toBeNull()
        // Who has to be asked for names and roles takes a while for each.
        const mayBe = typeof name === 'string' ? what.includes(name) : name.test(what)
        if (mayBe && (await isOn(role, name))) return
      }
      expect.fail(`no ${role} ${name} on the way: ${passed.join(' → ')}`)
    },
    standsOn,
    async openMenu(button, first) {
      await press('Enter')
      await standsOn('menuitem', first)
      await press('Escape')
      await standsOn('button', button)
      await press('Enter')
      await standsOn('menuitem', first)
    },
    async standsIn(css) {
      await expect
        .poll(
          async () =>
            (await page.locator(`${css}:focus, ${css} :focus`).count()) > 0 ? css : (await stop()).what,
          patience,
        )
        .toBe(css)
    },
    async goRound() {
      const passed: string[] = []
      await page.evaluate('globalThis.passed = []')
      for (let isOut = false; ; ) {
        await press('Tab')
        const { what, fault, isKnown } = await stop()
        if (isKnown) break
        passed.push(what)
        // Behind the last there is the browser itself.
        if (what === nothing && !isOut) isOut = true
        else expect(fault, passed.join(' → ')).toBeNull()
        expect(passed.length, passed.join(' → ')).toBeLessThan(mostStops)
      }
      // It came round, not to a halt: the way back leads elsewhere.
      const { what } = await stop()
      await press('Shift+Tab')
      expect((await stop()).what).not.toBe(what)
      return passed.length
    },
  }
}

const nothing = 'nothing'

interface Stop {
  readonly what: string
  /** Null: it can be seen that the focus is there. */
  readonly fault: string | null
  /** It was there before, since `passed` is empty. */
  readonly isKnown: boolean
}

const looks = `(() => {
  const at = document.activeElement
  if (at === null || at === document.body) return { what: '${nothing}', fault: '', isKnown: false }
  const said = (at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent).trim().slice(0, 60)
  const what = at.tagName.toLowerCase() + ' “' + said + '”'
  const isKnown = globalThis.passed?.includes(at) ?? false
  globalThis.passed?.push(at)
  // What is drawn of a switch or a choice is beside its own element.
  const drawn = [at, ...(at.labels ?? []), at.nextElementSibling, at.parentElement].filter((one) => one !== null)
  const hasRing = (style) => style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0
  const isText = at.matches('textarea, input:not([type=checkbox], [type=radio], [type=file], [type=button])')
  const isRinged = isText || drawn.some((one) => [null, '::before'].some((part) => hasRing(getComputedStyle(one, part))))
  const isSeen = drawn.some((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect()
    return [0.5, 0.1, 0.9].some((share) => {
      const over = document.elementFromPoint(left + (right - left) * share, top + (bottom - top) * share)
      return over !== null && (one.contains(over) || over.contains(at))
    })
  })
  const fault = !isSeen ? what + ' is not to be seen' : !isRinged ? what + ' has no ring' : null
  return { what, fault, isKnown }
})()`
