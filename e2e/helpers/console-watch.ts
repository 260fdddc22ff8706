import type { BrowserContext } from '@playwright/test'

/** What pages must not do: complain on the console, throw, or ask for a dialog of the browser. */
export class ConsoleWatch {
  readonly complaints: string[] = []
  readonly #allowed: RegExp[] = []

  /** A complaint that the journey itself causes. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns)
  }

  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      const type = message.type()
      if (type !== 'error' && type !== 'warning') return
      this.#note(`console ${type}: ${message.text()} (${message.location().url})`)
    })
    context.on('weberror', (error) => {
      this.#note(`uncaught: ${String(error.error())}`)
    })
    context.on('dialog', (dialog) => {
      this.#note(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
  }

  #note(complaint: string): void {
    if (!this.#allowed.some((pattern) => pattern.test(complaint))) this.complaints.push(complaint)
  }
}

/** While the relay is away the browser itself reports each request that fails. */
export const RELAY_AWAY = /net::ERR_(CONNECTION|INCOMPLETE_CHUNKED|EMPTY_RESPONSE|NETWORK|SOCKET|ABORTED)/

/** The browser reports every answer of 400 and more; a refusal is one. */
export function answered(...statuses: number[]): RegExp {
  return new RegExp(`the server responded with a status of (${statuses.join('|')})`)
}
