import type { Painter } from './painters.ts'

/**
 * Text that goes on changing: written straight into the document, at most so often, without a render of React.
 */
export class TextPainter implements Painter {
  readonly element: HTMLElement
  readonly light = true
  readonly #write: () => void
  readonly #moving: () => boolean
  readonly #everyMs: number
  #at = -Infinity
  #wanted = true

  /**
   * @param write puts what holds now into the document; `moving`: whether that changes by itself
   * @param everyMs no more often than that
   */
  constructor(element: HTMLElement, write: () => void, moving: () => boolean, everyMs: number) {
    this.element = element
    this.#write = write
    this.#moving = moving
    this.#everyMs = everyMs
  }

  /** The next frame writes, however short it is since the last. */
  want(): void {
    this.#wanted = true
  }

  moving(): boolean {
    return this.#moving()
  }

  stale(): boolean {
    return this.#wanted || (this.#moving() && performance.now() - this.#at >= this.#everyMs)
  }

  paint(): void {
    this.#wanted = false
    this.#at = performance.now()
    this.#write()
  }
}

/** Writes a text where it is another one. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
