import { useState } from 'react'
import { stringifyExact } from '#lib/exact-json.ts'
import { LazyModule } from '#lib/lazy-module.ts'
import { taskKey } from '#model/task.ts'
import type { StartRequest } from '#protocols/weir/api.ts'
import { useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { rememberOwn } from '../own-tasks.ts'
import { useDraft } from '#ui/use-draft.ts'
import { refusalOf, type Refusal } from '#panels/command/refusal.ts'
import { freshTaskId } from './fresh-id.ts'
import { newTask } from './open-new-task.ts'
import { presets, rememberLast } from './presets.ts'
import { NO_BATCH, type BatchDraft } from './run/batch-draft.ts'
import type { BatchPlan } from './run/batch-plan.ts'
import { outcomeOf, requestOf, type Draft, type Field } from './start-request.ts'

const batchPlan = new LazyModule(() => import('./run/batch-plan.ts'))

export interface Started {
  source: string
  begun: string[]
  refused: { id: string; refusal: Refusal }[]
  /** Set where several were started together. */
  batch: string | null
}

/** The form "New task": what is filled in, what is wrong with it, and sending it. */
export function useNewTaskForm(
  source: string,
  done: { onStarted: (started: Started) => void; onBatch: (id: string) => void },
) {
  const streams = useStreams()
  const weir = useWeir()
  const [draft, setDraft] = useDraft<Draft>(`new-task/${source}/draft`, begin)
  // The id and the parameters follow the type until they are written by hand.
  const [ownId, setOwnId] = useDraft(`new-task/${source}/own-id`, () => false)
  const [ownParams, setOwnParams] = useDraft(
    `new-task/${source}/own-params`,
    () => newTask.getState().prefill.params !== undefined,
  )
  const [batch, setBatch] = useDraft<BatchDraft>(`new-task/${source}/batch`, () => ONE_BY_ONE)
  const [batchErrors, setBatchErrors] = useState<BatchPlan['errors']>({})
  const [tried, setTried] = useState(false)
  const [errors, setErrors] = useState<Partial<Record<Field, string>>>({})
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [busy, setBusy] = useState(false)

  function begin(): Draft {
    const { type = '', params } = newTask.getState().prefill
    return {
      source,
      type,
      id: freshId(source, type),
      params: params === undefined ? (presets.get()[type]?.last ?? '{}') : stringifyExact(params, 2),
      stream: true,
      copies: '1',
    }
  }

  function freshId(source: string, type: string): string {
    const ids: string[] = []
    for (const task of streams.list('tasks').store.getState().items.values())
      if (task.source === source) ids.push(task.id)
    return freshTaskId(type, ids)
  }

  function change(part: Partial<Draft>): void {
    const next = { ...draft, ...part }
    if (part.id !== undefined) setOwnId(true)
    if (part.params !== undefined) setOwnParams(part.params.trim() !== '' && part.params.trim() !== '{}')
    if (part.type !== undefined || part.source !== undefined) {
      if (!ownId) next.id = freshId(next.source, next.type)
      if (!ownParams) next.params = presets.get()[next.type]?.last ?? '{}'
    }
    setDraft(next)
    setRefusal(null)
    // A complaint goes when its field is touched; it is looked for again on "Start".
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in part))))
  }

  async function submit(): Promise<void> {
    const result = requestOf(batch.kind === 'one' ? draft : { ...draft, copies: '1' })
    setRefusal(null)
    setTried(true)
    if (!result.ok) {
      setErrors(result.errors)
      return
    }
    setErrors({})
    setBusy(true)
    if (batch.kind !== 'one') {
      await submitBatch(result.request)
      setBusy(false)
      return
    }
    // Before the answer: the news of the task may come first.
    const { source: chosen } = draft
    const { id = '', copies = 1 } = result.request
    rememberOwn(idsOf(id, copies).map((each) => taskKey({ source: chosen, id: each })))
    try {
      const answer = await weir.start(chosen, result.request)
      const { begun, refused } = outcomeOf(answer)
      if (begun.length === 0 && refused[0]) setRefusal(refused[0].refusal)
      else {
        presets.set(rememberLast(presets.get(), result.request.type, draft.params))
        done.onStarted({ source: chosen, begun, refused, batch: answer.batch })
      }
    } catch (error) {
      setRefusal(refusalOf(error))
    } finally {
      setBusy(false)
    }
  }

  /** Several sets of parameters, each from the one in the form. */
  async function submitBatch({ id = '', type, params = {} }: StartRequest): Promise<void> {
    // What reads pasted rows comes with the section that takes them.
    let planning: Awaited<ReturnType<typeof batchPlan.load>>
    try {
      planning = await batchPlan.load()
    } catch (error) {
      setRefusal({ ...refusalOf(error), outcome: 'not-sent' })
      return
    }
    const { batchName, planBatch } = planning
    const plan = planBatch(batch, params, null)
    setBatchErrors(plan.errors)
    if (Object.keys(plan.errors).length > 0 || plan.runs.some(({ error }) => error !== null)) return
    rememberOwn(idsOf(id, plan.runs.length, true).map((each) => taskKey({ source: draft.source, id: each })))
    try {
      const answer = await weir.startBatch(draft.source, {
        type,
        name: batch.name.trim() || batchName(type, plan.what),
        inputs: plan.runs.map(({ input }) => input),
        concurrency: Number(batch.concurrency),
        idPrefix: id,
      })
      presets.set(rememberLast(presets.get(), type, draft.params))
      done.onBatch(answer.batch.id)
    } catch (error) {
      setRefusal(refusalOf(error))
    }
  }

  return {
    draft,
    change,
    batch,
    changeBatch: (part: Partial<BatchDraft>) => {
      setBatch((before) => ({ ...before, ...part }))
      setBatchErrors({})
      setRefusal(null)
    },
    batchErrors,
    tried,
    errors,
    refusal,
    busy,
    submit,
  }
}

/** Devices are held by one task at a time: a batch of a lab goes one by one unless it is told otherwise. */
const ONE_BY_ONE: BatchDraft = { ...NO_BATCH, concurrency: '1' }

/** One keeps its id; several get `-1` to `-N`. */
function idsOf(id: string, copies: number, numbered = copies > 1): string[] {
  return !numbered ? [id] : Array.from({ length: copies }, (_, index) => `${id}-${index + 1}`)
}
