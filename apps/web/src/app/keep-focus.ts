/**
 * Who goes by the keyboard always stands somewhere: when what had the focus goes, what comes next there has it, or what had it before.
 *
 *     focusin ─▶ places, the newest first ─gone, and nothing else took it▶ next to where it stood │ the place before │ the screen
 *
 * A pointer says itself where it goes on: once one is used nothing is watched until the next key.
 *
 * @module
 */

interface Place {
  readonly element: HTMLElement
  /** Where it stood, once it is gone. */
  gap: { readonly parent: Node; readonly previous: Node | null } | null
}

/** Deep enough for a menu, the dialog it opened, and the question that asks again. */
const maxPlaces = 12

/** ms for what takes the focus by itself: a dialog that gives it back, a field that wants it. */
const patienceMs = 60

const focusable =
  'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex]:not([aria-hidden="true"])'

/** Where something may come next; what else there is stands above the page for a moment only. */
const scopes = 'main, nav, [role="dialog"]'

let places: readonly Place[] = []
/** The person went out of the page, or off what has the focus: they are nowhere because they want it. */
let isAway = false
/** Until something has the focus. */
let isLost = false
/** The person scrolled on from what has the focus: they are not brought back to it. */
let isScrolledAway = false
let timer: ReturnType<typeof setTimeout> | undefined

let isKept = false

/** Once a page, however often it is called. */
export function keepFocus(): void {
  if (isKept) return
  isKept = true
  const watch = new MutationObserver((records) => {
    for (const record of records) noteGaps(record)
    const [now] = places
    // What cannot be used any more has it until the next frame.
    if (now !== undefined && isNowhere(now.element) && !stands(now.element)) isLost = true
    if (!isLost) return
    clearTimeout(timer)
    timer = setTimeout(find, patienceMs)
  })
  const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] }
  const scroll = (): void => {
    const [now] = places
    if (now !== undefined && stands(now.element)) isScrolledAway = !isInView(now.element)
  }
  // Before a long list takes away what is out of view.
  const early = { capture: true, passive: true }
  const begin = (): void => {
    watch.observe(document.body, changes)
    addEventListener('scroll', scroll, early)
  }
  const end = (): void => {
    watch.disconnect()
    removeEventListener('scroll', scroll, early)
  }
  addEventListener('keydown', begin, early)
  addEventListener('pointerdown', end, early)
  addEventListener('focusin', ({ target }) => note(target))
  addEventListener('focusout', ({ target, relatedTarget }) => {
    if (relatedTarget !== null || !(target instanceof HTMLElement)) return
    // What is being taken away is told of while it stands yet.
    queueMicrotask(() => {
      isAway = document.activeElement === document.body && stands(target)
    })
  })
  note(document.activeElement)
  begin()
}

function note(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement) || target === document.body) return
  isAway = false
  isLost = false
  isScrolledAway = false
  const others = places.filter(({ element }) => element !== target)
  places = [{ element: target, gap: null }, ...others].slice(0, maxPlaces)
}

function noteGaps({ target, previousSibling, removedNodes }: MutationRecord): void {
  for (const removed of removedNodes) {
    for (const place of places) {
      const isInside = removed.contains(place.gap?.parent ?? place.element)
      if (isInside || removed === place.gap?.previous)
        place.gap = { parent: target, previous: previousSibling }
    }
  }
}

const isNowhere = (before: HTMLElement): boolean =>
  !isAway && [null, document.body, before].includes(document.activeElement as HTMLElement | null)

const isBusy = (element: HTMLElement): boolean =>
  element.isConnected && element.matches('[data-loading]:disabled')

const stands = (element: HTMLElement): boolean => element.checkVisibility() && !element.matches(':disabled')

function isInView(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return bottom > 0 && top < innerHeight
}

function find(): void {
  // What is busy has it again when it is done.
  const [now] = places
  if (!isLost || now === undefined || !isNowhere(now.element) || isBusy(now.element)) return
  for (const { element, gap } of places) {
    const found = stands(element) ? element : nextTo(element, gap)
    if (found === null) continue
    found.focus({ preventScroll: isScrolledAway || found.id === 'screen' })
    return
  }
  document.getElementById('screen')?.focus({ preventScroll: true })
}

function nextTo(element: HTMLElement, gap: Place['gap']): HTMLElement | null {
  const { parent, previous } = element.isConnected
    ? { parent: element.parentNode, previous: element }
    : (gap ?? {})
  const scope = parent instanceof Element && parent.isConnected ? parent.closest(scopes) : null
  if (parent == null || scope === null) return null
  const before = previous ?? parent
  for (const one of scope.querySelectorAll<HTMLElement>(focusable)) {
    const position = before.compareDocumentPosition(one)
    const isInPrevious = previous != null && (position & Node.DOCUMENT_POSITION_CONTAINED_BY) !== 0
    const isBehind = (position & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 && !isInPrevious
    if (isBehind && stands(one) && (!isScrolledAway || isInView(one))) return one
  }
  return (parent as Element).closest<HTMLElement>('[tabindex]')
}
