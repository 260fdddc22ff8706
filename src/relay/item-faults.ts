import { bounded, detached } from '#lib/detached.ts'
import { report } from '#lib/isolate.ts'
import type { SourceFault } from '#model/source.ts'
import { ownFault } from './own-fault.ts'
import type { SourceContext } from './source-adapter.ts'

type Kind = 'task' | 'device'

/** The faults of one list, while it is taken. */
export interface ListFaults {
  /** Does one thing's part of it, and keeps its failure. */
  of(id: string, act: () => void): void
  /** The list is at its end. */
  tell(): void
}

/** Faults at single things of a source: each costs that thing alone, and is said. */
export class ItemFaults {
  readonly #context: Pick<SourceContext, 'report'>
  /** From the newest list of each kind. */
  readonly #listed = new Map<Kind, SourceFault[]>()
  /** From reading things one by one, by item. */
  readonly #read = new Map<string, SourceFault>()

  /** @param context where all faults there are are reported, when some came or went */
  constructor(context: Pick<SourceContext, 'report'>) {
    this.#context = context
  }

  /** Begins a list, whose faults replace those of the one before. */
  list(kind: Kind, unread: readonly { item: string; why: string }[]): ListFaults {
    const faults = unread.map(({ item, why }) => faultOf(kind, item, `it cannot be read in the list: ${why}`))
    return {
      of: (id, act) => {
        try {
          act()
        } catch (error) {
          report(error)
          faults.push(faultOf(kind, id, ownFault(error)))
        }
      },
      tell: () => {
        const before = this.#listed.get(kind) ?? []
        this.#listed.set(kind, faults)
        if (before.length > 0 || faults.length > 0) this.#tellAll()
      },
    }
  }

  /** One thing was read alone: what was wrong with that, or null when nothing was. */
  read(kind: Kind, id: string, words: string | null): void {
    const fault = faultOf(kind, id, words ?? '')
    if (words === null ? !this.#read.delete(fault.item) : this.#read.get(fault.item)?.text === words) return
    if (words !== null) this.#read.set(fault.item, fault)
    this.#tellAll()
  }

  #tellAll(): void {
    const all = [...this.#listed.values()].flat().concat([...this.#read.values()])
    this.#context.report({ faults: all.slice(0, MOST) })
  }
}

/** More are of no help to anybody. */
const MOST = 50

function faultOf(kind: Kind, id: string, text: string): SourceFault {
  return { item: detached(`${kind} ${id.slice(0, 200)}`), text: bounded(text, 500) }
}
