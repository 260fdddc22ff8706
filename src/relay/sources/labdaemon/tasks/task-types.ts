/** Types that are suggested: how many, and how many characters each may have. */
const MOST = 500
const LONGEST = 200

/** The types of tasks that were seen on a server: it cannot be asked which there are. */
export class TaskTypes {
  readonly #seen = new Set<string>()

  add(type: string): void {
    this.#seen.add(type)
  }

  /** Those that a person is offered, in order. */
  get suggested(): string[] {
    return [...this.#seen]
      .filter((type) => type.length <= LONGEST)
      .sort()
      .slice(0, MOST)
  }
}
