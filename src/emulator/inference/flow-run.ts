import { OWNER } from './app.ts'
import { shortId } from './ids.ts'
import { Listeners, pickFields } from './resource.ts'
import type { Change, Resource } from './resource.ts'
import type { Task } from './task.ts'
import { STATUS, timestamp } from './wire.ts'
import type { JsonObject } from './wire.ts'
import { present } from './value.ts'
import type { Value } from './value.ts'

/** Flow runs have numbers of their own (inference.sh wire contract §7). */
const FLOW = { pending: 1, running: 2, completed: 3, failed: 4, cancelled: 5 } as const

/** The one flow there is: a picture, then words about it. */
export const FLOW_ID = '2tfgsk2qx87xgfhawvza3psrmw'
export const FLOW_VERSION_ID = '0w0a43rten9g008wmrhjvkexrc'

const NODES = ['paint', 'write'] as const
type Node = (typeof NODES)[number]

export interface FlowHost {
  readonly now: () => number
  /** Runs `fn` later, unless the cloud stops first. */
  readonly after: (ms: number, callback: () => void) => void
  readonly createId: () => string
  readonly start: (node: Node, input: JsonObject, flowRunId: string) => Task
  readonly cancel: (task: Task) => void
}

/** A run of the flow (§13). */
export class FlowRun implements Resource {
  readonly id: string
  readonly tasks: Task[] = []
  readonly #host: FlowHost
  readonly #input: JsonObject
  readonly #createdAt: number
  readonly #taskId: string
  readonly #listeners = new Listeners()
  readonly #taskListeners = new Set<(task: Task) => void>()
  readonly #nodeTasks: Partial<Record<Node, string>> = {}
  readonly #nodeOutputs: Partial<Record<Node, Value>> = {}
  #statuses: Partial<Record<Node, string>> = {}
  #status: number = FLOW.pending
  #updatedAt: number
  #started: number | null = null
  #finished: number | null = null
  #cancelled: number | null = null
  #error: string | null = null
  #output: Value | null = null

  constructor(input: JsonObject, host: FlowHost) {
    this.#host = host
    this.#input = input
    this.id = host.createId()
    this.#taskId = host.createId()
    this.#createdAt = host.now()
    this.#updatedAt = this.#createdAt
    host.after(400, () => this.#begin())
  }

  get isOver(): boolean {
    return this.#status >= FLOW.completed
  }

  /** Called for each task of the flow, those that are there and those to come. */
  onTask(listener: (task: Task) => void): () => void {
    for (const task of this.tasks) listener(task)
    this.#taskListeners.add(listener)
    return () => {
      this.#taskListeners.delete(listener)
    }
  }

  cancel(): void {
    if (this.isOver) return
    const running = this.tasks.find((task) => !task.isOver)
    if (running) this.#host.cancel(running)
    else this.#end(FLOW.cancelled, null)
  }

  subscribe(listener: (change: Change) => void): () => void {
    return this.#listeners.add(listener)
  }

  toJson(base: string): JsonObject {
    return {
      id: this.id,
      short_id: shortId(this.id),
      created_at: timestamp(this.#createdAt),
      updated_at: timestamp(this.#updatedAt),
      deleted_at: null,
      ...OWNER,
      visibility: 'team',
      flow_id: FLOW_ID,
      flow_version_id: FLOW_VERSION_ID,
      flow_version: null,
      task_id: this.#taskId,
      status: this.#status,
      error: this.#error,
      flow_run_started: timeOrNull(this.#started),
      flow_run_finished: timeOrNull(this.#finished),
      flow_run_cancelled: timeOrNull(this.#cancelled),
      input: Object.fromEntries(
        Object.entries(this.#input).map(([key, value]) => [key, { value: value ?? null, connection: null }]),
      ),
      fail_on_error: true,
      output: this.#output === null ? null : present(this.#output, base),
      node_tasks: Object.fromEntries(
        Object.entries(this.#nodeTasks).map(([node, id]) => [node, { task_id: id, task: null }]),
      ),
      node_statuses: this.#statuses,
      node_outputs: present(this.#nodeOutputs as Record<Node, Value>, base),
    }
  }

  pick(fields: readonly string[], base: string): JsonObject {
    return pickFields(this.toJson(base), fields)
  }

  hollow(fields: readonly string[], base: string): JsonObject {
    return this.pick(fields, base)
  }

  #begin(): void {
    if (this.isOver) return
    this.#status = FLOW.running
    this.#started = this.#host.now()
    this.#statuses = { paint: 'ready', write: 'pending' }
    this.#tell(['status', 'flow_run_started', 'node_statuses'])
    this.#host.after(200, () => this.#startNode('paint', { ...this.#input, steps: 12 }))
  }

  #startNode(node: Node, input: JsonObject): void {
    if (this.isOver) return
    const task = this.#host.start(node, input, this.id)
    this.tasks.push(task)
    this.#nodeTasks[node] = task.id
    this.#statuses = { ...this.#statuses, [node]: 'running' }
    if (node === 'paint') this.#tell(['node_tasks', 'node_statuses'])
    else this.#tell(['node_statuses', 'node_tasks', 'node_outputs'])
    for (const listener of this.#taskListeners) listener(task)
    const stop = task.subscribe(() => {
      if (!task.isOver) return
      stop()
      this.#onTaskEnd(node, task)
    })
  }

  #onTaskEnd(node: Node, task: Task): void {
    if (task.status !== STATUS.completed) {
      const failed = task.status === STATUS.failed
      this.#statuses = { ...this.#statuses, [node]: failed ? 'failed' : 'cancelled' }
      for (const other of NODES)
        if (this.#statuses[other] === 'pending') this.#statuses = { ...this.#statuses, [other]: 'skipped' }
      this.#end(failed ? FLOW.failed : FLOW.cancelled, task.error ?? null)
      return
    }
    this.#nodeOutputs[node] = task.output ?? {}
    this.#statuses = { ...this.#statuses, [node]: 'completed' }
    if (node === 'paint') {
      const topic = typeof this.#input.prompt === 'string' ? this.#input.prompt : 'a weir'
      this.#startNode('write', { topic })
      return
    }
    const { image } = (this.#nodeOutputs.paint ?? {}) as { image?: Value }
    const { text } = (this.#nodeOutputs.write ?? {}) as { text?: Value }
    this.#output = { image: image ?? null, text: text ?? null }
    this.#end(FLOW.completed, null)
  }

  #end(status: number, error: string | null): void {
    const now = this.#host.now()
    this.#status = status
    this.#error = error
    this.#finished = now
    if (status === FLOW.cancelled) this.#cancelled = now
    const fields = ['status', 'flow_run_finished', 'node_statuses']
    if (status === FLOW.completed) fields.push('output')
    else if (status === FLOW.cancelled) fields.push('flow_run_cancelled')
    else fields.push('error')
    this.#tell(fields)
  }

  #tell(fields: readonly string[]): void {
    this.#updatedAt = this.#host.now()
    this.#listeners.tell({ kind: 'partial', fields: [...fields, 'updated_at'] })
  }
}

const timeOrNull = (ms: number | null) => (ms === null ? null : timestamp(ms))
