/**
 * Components in the page of a test, and waiting for what they come to show.
 *
 * @module
 */
import { act, Component, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }

export interface Rendered extends AsyncDisposable {
  readonly element: HTMLElement
  readonly text: string
  show(node: ReactNode): Promise<void>
  /** Does something that components may answer to. */
  do(work: () => void | Promise<void>): Promise<void>
  /** Lets time pass until it holds; throws the last failure after five seconds. */
  until(check: () => void): Promise<void>
  click(selector: string): Promise<void>
}

export async function render(node: ReactNode): Promise<Rendered> {
  const element = document.createElement('main')
  document.body.append(element)
  const root = createRoot(element, { onCaughtError: () => {} })
  async function turn(work: () => void | Promise<void>): Promise<void> {
    // Between turns peers go on in their own time, and React is told of it as in an app.
    environment.IS_REACT_ACT_ENVIRONMENT = true
    await act(async () => {
      await work()
      await new Promise((resolve) => setTimeout(resolve, 0))
    })
    environment.IS_REACT_ACT_ENVIRONMENT = false
  }
  const rendered: Rendered = {
    element,
    get text() {
      return element.textContent ?? ''
    },
    show: (next) => turn(() => root.render(next)),
    do: turn,
    async until(check) {
      const end = performance.now() + 5_000
      for (;;) {
        try {
          return check()
        } catch (failure) {
          if (performance.now() > end) throw failure
        }
        await turn(() => {})
      }
    },
    click: (selector) => turn(() => element.querySelector<HTMLElement>(selector)?.click()),
    async [Symbol.asyncDispose]() {
      await turn(() => root.unmount())
      element.remove()
    },
  }
  await rendered.show(node)
  return rendered
}

/** Shows the code of what was thrown below it, and a way to try again. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly code: string | null }> {
  override state: { readonly code: string | null } = { code: null }

  static getDerivedStateFromError(error: unknown): { readonly code: string } {
    return { code: (error as { readonly code?: string }).code ?? String(error) }
  }

  override render(): ReactNode {
    const { code } = this.state
    if (code === null) return this.props.children
    return (
      <button type="button" id="again" onClick={() => this.setState({ code: null })}>
        failed: {code}
      </button>
    )
  }
}
