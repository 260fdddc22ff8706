/** Lets requests of a kind through one after another: a slow one stops the whole server (wire contract §5.12). */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Settles as `act` does, which begins when all that were asked for before it have settled. */
  take<T>(kind: string, act: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(kind) ?? Promise.resolve()).then(act)
    this.#last.set(
      kind,
      turn.catch(() => undefined),
    )
    return turn
  }
}
