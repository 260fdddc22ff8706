import { useState } from 'react'
import { taskKey } from '#model/task.ts'
import { useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { rememberOwn } from '../own-tasks.ts'
import { refusalOf, type Refusal } from '../task-commands.ts'
import { freshTaskId } from './fresh-id.ts'
import { newTask } from './open-new-task.ts'
import { presets, rememberLast } from './presets.ts'
import { outcomeOf, requestOf, type Draft, type Field } from './start-request.ts'

export interface Started {
  source: string
  begun: string[]
  refused: { id: string; refusal: Refusal }[]
  /** Set where several were started together. */
  batch: string | null
}

/** The form "New task": what is filled in, what is wrong with it, and sending it. */
export function useNewTaskForm(source: string, onStarted: (started: Started) => void) {
  const streams = useStreams()
  const weir = useWeir()
  const [draft, setDraft] = useState<Draft>(() => begin())
  // The id and the parameters follow the type until they are written by hand.
  const [ownId, setOwnId] = useState(false)
  const [ownParams, setOwnParams] = useState(() => newTask.getState().prefill.params !== undefined)
  const [errors, setErrors] = useState<Partial<Record<Field, string>>>({})
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [busy, setBusy] = useState(false)

  function begin(): Draft {
    const { type = '', params } = newTask.getState().prefill
    return {
      source,
      type,
      id: freshId(source, type),
      params: params === undefined ? (presets.get()[type]?.last ?? '{}') : JSON.stringify(params, null, 2),
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
    const result = requestOf(draft)
    setRefusal(null)
    if (!result.ok) {
      setErrors(result.errors)
      return
    }
    setErrors({})
    setBusy(true)
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
        onStarted({ source: chosen, begun, refused, batch: answer.batch })
      }
    } catch (error) {
      setRefusal(refusalOf(error))
    } finally {
      setBusy(false)
    }
  }

  return { draft, change, errors, refusal, busy, submit }
}

/** One keeps its id; several get `-1` to `-N`. */
function idsOf(id: string, copies: number): string[] {
  return copies === 1 ? [id] : Array.from({ length: copies }, (_, index) => `${id}-${index + 1}`)
}
