/** Lets requests of a kind through one after another: a slow one stops the whole server (§5.12). */
export class OneAtATime {
  readonly #last = new Map<string, Promise<unknown>>()

  /**
   * Settles as `act` does, which begins when all that were asked for before it have settled.
   * @param withdrawn aborted before `act` has begun: it never does, and the turn fails at once with the reason
   */
  take<T>(kind: string, act: () => Promise<T>, withdrawn?: AbortSignal): Promise<T> {
    const before = this.#last.get(kind) ?? Promise.resolve()
    return new Promise<T>((resolve, reject) => {
      const withdraw = () => {
        reject(withdrawn?.reason as Error)
      }
      withdrawn?.addEventListener('abort', withdraw, { once: true })
      this.#last.set(
        kind,
        before.then(async () => {
          withdrawn?.removeEventListener('abort', withdraw)
          if (withdrawn?.aborted) withdraw()
          else
            try {
              resolve(await act())
            } catch (error) {
              reject(error as Error)
            }
        }),
      )
    })
  }
}
