import type { WireLine } from './lines.ts'
import { flowRunStatusOf, isFlowRunOver, type FlowRunStatus } from './status.ts'
import { instantOf, isRecord, isSafeKey, own, sameJson, textOf, type WireRecord } from './values.ts'

/** A node of a flow, and the task it runs once it has one. */
export interface FlowNode {
  name: string
  /** `pending`, `ready`, `running`, `completed`, `failed`, `cancelled`, `skipped`, `blocked`. */
  status: string | null
  taskId: string | null
}

/**
 * Folds the stream and the full reads of one flow run to the point that its tasks can be followed (inference.sh wire
 * contract §13). The rules of lines are those of tasks; the status numbers are not.
 */
export class FlowRunReader {
  readonly id: string
  #status: FlowRunStatus | null = null
  #updatedAt: number | null = null
  #nodes = new Map<string, FlowNode>()
  #output: unknown = null
  #error: string | null = null

  constructor(id: string) {
    this.id = id
  }

  get status(): FlowRunStatus | null {
    return this.#status
  }

  get nodes(): readonly FlowNode[] {
    return [...this.#nodes.values()]
  }

  get output(): unknown {
    return this.#output
  }

  get error(): string | null {
    return this.#error
  }

  /** Takes a line of `GET /flowruns/{id}/stream`; true when it changed something. */
  line(line: WireLine): boolean {
    if (line.shape === 'snapshot') return this.#apply(line.data, Object.keys(line.data), false)
    if (line.shape === 'partial' && line.fields.length > 0)
      return this.#apply(line.data, [...line.fields, 'updated_at'], false)
    return false
  }

  /** Takes a full read; only it can revive a flow run. */
  read(flowRun: unknown): boolean {
    return isRecord(flowRun) && this.#apply(flowRun, Object.keys(flowRun), true)
  }

  #apply(data: WireRecord, names: readonly string[], whole: boolean): boolean {
    const id = own(data, 'id')
    if (typeof id === 'string' && id !== this.id) return false
    const patch = new Map(
      names
        .filter((name) => isSafeKey(name) && Object.hasOwn(data, name))
        .map((name) => [name, data[name]] as const),
    )
    const updatedAt = instantOf(patch.get('updated_at'))
    if (updatedAt !== null && this.#updatedAt !== null && updatedAt < this.#updatedAt) return false
    const status = flowRunStatusOf(patch.get('status'))
    const over = this.#status !== null && isFlowRunOver(this.#status)
    if (over && !whole && status !== null && status !== this.#status) return false
    this.#updatedAt = updatedAt ?? this.#updatedAt
    const before = [this.#status, this.nodes, this.#output, this.#error]
    this.#status = status ?? this.#status
    this.#output = patch.get('output') ?? this.#output
    this.#error = textOf(patch.get('error')) ?? this.#error
    for (const [name, value] of entriesOf(patch.get('node_statuses')))
      this.#node(name, { status: textOf(value)?.trim().toLowerCase() ?? null })
    for (const [name, value] of entriesOf(patch.get('node_tasks')))
      this.#node(name, { taskId: isRecord(value) ? textOf(own(value, 'task_id')) : textOf(value) })
    return !sameJson(before, [this.#status, this.nodes, this.#output, this.#error])
  }

  /** What is null says nothing: a node keeps the task it had. */
  #node(name: string, said: Partial<Pick<FlowNode, 'status' | 'taskId'>>): void {
    const known = this.#nodes.get(name)
    this.#nodes.set(name, {
      name,
      status: said.status ?? known?.status ?? null,
      taskId: said.taskId ?? known?.taskId ?? null,
    })
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value).filter(([name]) => isSafeKey(name)) : []
}
