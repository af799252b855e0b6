/**
 * What stands at the edge of the page covers nothing that has to be pressed.
 *
 *     messages, a new version ─how high─▶ `--told`: room at the end of the page and in dialogs
 *                             └─over what was pressed, or has the focus─▶ that is scrolled clear
 *
 * @module
 */

type Told = 'messages' | 'update'

/** Of what is visible: a dialog ends above what is told, and keeps room for something. */
const mostOfPage = 0.6

/** Px between it and what is above it. */
const gap = 8

const controls = 'a, button, input, label, select, summary, textarea, [contenteditable]'

const nodes = new Map<Told, HTMLElement>()
let pressed: WeakRef<Element> | null = null
let before = 0
let sizes: ResizeObserver | null = null

/** `node` is where it stands, as high as what it says: 0 when that is nothing. Ends with what is returned. */
export function watchTold(told: Told, node: HTMLElement): () => void {
  sizes ??= begin()
  nodes.set(told, node)
  sizes.observe(node)
  return () => {
    nodes.delete(told)
    sizes?.unobserve(node)
    measure()
  }
}

function begin(): ResizeObserver {
  const notePressed = ({ target }: MouseEvent): void => {
    pressed = target instanceof Element ? new WeakRef(target) : null
  }
  addEventListener('click', notePressed, { capture: true })
  addEventListener('resize', measure)
  return new ResizeObserver(measure)
}

function measure(): void {
  const { style } = document.documentElement
  // What tells of a new version stands above the messages: it moves by this.
  style.setProperty('--messages', `${heightAt(nodes.get('messages'))}px`)
  const told = Math.max(0, ...Array.from(nodes.values(), heightAt))
  style.setProperty('--told', `${told}px`)
  if (told > before) for (const node of nodes.values()) clearOf(node)
  before = told
}

/** Px from the lower end of what is visible up to its top. */
function heightAt(node: HTMLElement | undefined): number {
  if (node === undefined || node.offsetHeight === 0) return 0
  return Math.min(innerHeight - node.getBoundingClientRect().top + gap, innerHeight * mostOfPage)
}

/** All but what stands in it. What is fixed is not moved by it, and stands by `--told`. */
function clearOf(node: HTMLElement): void {
  for (const element of [pressed?.deref(), document.activeElement]) {
    const control = element?.closest(controls) ?? null
    if (control === null || !control.isConnected || node.contains(control)) continue
    if (overlap(control.getBoundingClientRect(), node.getBoundingClientRect())) {
      control.scrollIntoView({ block: 'nearest' })
    }
  }
}

function overlap(one: DOMRect, other: DOMRect): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}
