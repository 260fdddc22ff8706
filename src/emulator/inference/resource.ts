import type { JsonObject } from './wire.ts'

/** What a resource tells those who stream it. */
export type Change =
  /** The fields named have new values. */
  | { readonly kind: 'partial'; readonly fields: readonly string[]; readonly whole?: boolean }
  /** A piece of what an app says, never said again (inference.sh wire contract §6). */
  | { readonly kind: 'delta'; readonly delta: JsonObject; readonly seq: number }

/** Something with an id that changes and can be streamed: a task, a flow run. */
export interface Resource {
  readonly id: string
  readonly isOver: boolean
  /** All of it, with files as URLs below `base`. */
  toJson(base: string): JsonObject
  /** Some fields, with its id first. */
  pick(fields: readonly string[], base: string): JsonObject
  /** For a partial that carries a whole object, in which only the named fields count. */
  hollow(fields: readonly string[], base: string): JsonObject
  subscribe(listener: (change: Change) => void): () => void
}

/** Those who stream a resource. */
export class Listeners {
  readonly #all = new Set<(change: Change) => void>()

  add(listener: (change: Change) => void): () => void {
    this.#all.add(listener)
    return () => {
      this.#all.delete(listener)
    }
  }

  tell(change: Change): void {
    for (const listener of this.#all) listener(change)
  }
}

/** The fields of `whole` that are named, with its id first. */
export function pickFields(whole: JsonObject, fields: readonly string[]): JsonObject {
  return {
    id: whole.id,
    ...Object.fromEntries(fields.map((field) => [field, whole[field] ?? null])),
  }
}
