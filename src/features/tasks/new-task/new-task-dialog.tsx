import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { whyNot } from '#model/capabilities.ts'
import { useList } from '#streams/react.tsx'
import { useCapabilities } from '#streams/use-can.ts'
import { Button } from '#ui/button.tsx'
import { Combobox } from '#ui/combobox.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Checkbox, TextField } from '#ui/field.tsx'
import { Icon } from '#ui/icon.tsx'
import { JsonField } from '#ui/json-field.tsx'
import { Kbd } from '#ui/kbd.tsx'
import { lazyPart } from '#ui/lazy-part.tsx'
import { NOTE_LOOKS, OUTCOME_TONES, OUTCOME_WORDS, type Refusal } from '#panels/command/refusal.ts'
import { TONE_TEXT } from '#ui/tone.ts'
import { useDraft } from '#ui/use-draft.ts'
import { HeldDevices } from './held-devices.tsx'
import { closeNewTask, draftTyped, endNewTask, newTask } from './open-new-task.ts'
import { PresetTools } from './preset-tools.tsx'
import { SourceSelect } from './source-select.tsx'
import { paramsOf } from './start-request.ts'
import { tellStarted } from './tell-started.tsx'
import { useNewTaskForm } from './use-new-task.ts'
import { useNoStart } from './use-no-start.ts'

const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'

const BatchSection = lazyPart(async () => (await import('./run/batch-section.tsx')).BatchSection)
const RunForm = lazyPart(async () => (await import('./run/run-form.tsx')).RunForm, { place: 'over' })

export function NewTaskDialog() {
  const sources = useList(
    'sources',
    useShallow(({ items }) =>
      [...items.values()].flatMap((each) => (whyNot(each.capabilities, 'start') === null ? each.name : [])),
    ),
  )
  const others = useNoStart()
  const ready = useList('sources', (state) => state.ready)
  const [chosen, setChosen] = useDraft('new-task/source', () => newTask.getState().prefill.source ?? '')
  const [switched, setSwitched] = useState(false)
  const choose = (next: string) => {
    setChosen(next)
    setSwitched(true)
  }
  const source = sources.includes(chosen) ? chosen : sources[0]
  const start = useCapabilities(source ?? '')?.start
  if (source === undefined || start === undefined)
    return (
      <Dialog title="New task" onClose={endNewTask}>
        <EmptyState icon="source" title={ready ? 'No source can start a task' : 'Waiting for the sources'}>
          {!ready
            ? 'Weir has not told them yet.'
            : others.join(' ') || 'Start Weir with a source, and its tasks can be started here.'}
        </EmptyState>
      </Dialog>
    )
  if (start === 'schema')
    return <RunForm key={source} source={source} sources={sources} onSource={choose} switched={switched} />
  return <NewTaskForm source={source} sources={sources} onSource={choose} switched={switched} />
}

function NewTaskForm(props: {
  source: string
  sources: readonly string[]
  onSource: (source: string) => void
  /** The source was just chosen: the focus stays there. */
  switched: boolean
}) {
  const { source, sources, onSource, switched } = props
  const navigate = useNavigate()
  const form = useNewTaskForm(source, {
    onStarted: (started) => {
      endNewTask()
      tellStarted(started)
    },
    onBatch: (batchId) => {
      endNewTask()
      void navigate({ to: '/batches/$batchId', params: { batchId } })
    },
  })
  const open = useStore(newTask, (state) => state.open)
  const { draft, change, batch, errors, refusal, busy } = form
  const types = useTypes(draft.source)
  const isBatch = batch.kind !== 'one'
  const copies = Number(draft.copies)
  const base = useMemo(() => {
    const params = paramsOf(draft.params)
    return typeof params === 'string' ? {} : params
  }, [draft.params])
  const names = useMemo(() => Object.keys(base), [base])
  return (
    <Dialog
      title="New task"
      wide
      open={open}
      onTyped={draftTyped}
      onClose={closeNewTask}
      onSubmit={() => void form.submit()}
      footer={
        <>
          <span className="mr-auto text-sm text-faint pointer-coarse:hidden">
            <Kbd>{MOD}</Kbd> <Kbd>Enter</Kbd> starts
          </span>
          <Button onClick={closeNewTask}>Close</Button>
          <Button type="submit" look="primary" icon="play" busy={busy}>
            Start
          </Button>
        </>
      }
    >
      <div className="grid gap-3.5 sm:grid-cols-2">
        <SourceSelect
          source={source}
          sources={sources}
          focused={switched}
          onChange={(next) => {
            change({ source: next })
            onSource(next)
          }}
        />
        <Combobox
          label="Task type"
          first
          placeholder="LongRunningTask"
          value={draft.type}
          suggestions={types}
          error={errors.type ?? null}
          onChange={(type) => {
            change({ type })
          }}
        />
        <TextField
          label="Task ID"
          mono
          value={draft.id}
          error={errors.id ?? null}
          hint={
            isBatch
              ? `Starts ${draft.id}-1, ${draft.id}-2 …`
              : copies > 1
                ? `Starts ${draft.id}-1 to ${draft.id}-${draft.copies}`
                : undefined
          }
          onChange={(id) => {
            change({ id })
          }}
        />
        <TextField
          label="Copies"
          type="number"
          min={1}
          max={200}
          disabled={isBatch}
          value={isBatch ? '' : draft.copies}
          error={errors.copies ?? null}
          onChange={(text) => {
            change({ copies: text })
          }}
        />
        <div className="grid gap-2 sm:col-span-2">
          <JsonField
            label="Parameters"
            value={draft.params}
            error={errors.params ?? null}
            onSubmit={() => void form.submit()}
            onChange={(params) => {
              change({ params })
            }}
          />
          <PresetTools
            type={draft.type.trim()}
            params={draft.params}
            onPick={(params) => {
              change({ params })
            }}
          />
        </div>
        <div className="sm:col-span-2">
          <Checkbox
            label="Stream progress"
            checked={draft.stream}
            hint="Adds enable_streaming: true to the parameters. Without it Weir sees only that the task runs, and how it ended."
            onChange={(stream) => {
              change({ stream })
            }}
          />
        </div>
        <HeldDevices source={draft.source} />
        <div className="min-h-7 sm:col-span-2">
          <BatchSection
            form={{
              batch,
              changeBatch: form.changeBatch,
              errors: form.batchErrors,
              tried: form.tried,
              base,
              schema: null,
              names,
              type: draft.type.trim(),
              copiesElsewhere: true,
            }}
          />
        </div>
        {refusal && <StartRefusal source={draft.source} refusal={refusal} />}
      </div>
    </Dialog>
  )
}

function StartRefusal(props: { source: string; refusal: Refusal }) {
  const { source, refusal } = props
  const tone = OUTCOME_TONES[refusal.outcome]
  return (
    <div
      role="alert"
      ref={(element) => element?.scrollIntoView({ block: 'nearest' })}
      className={`flex gap-2 rounded-md border px-3 py-2 sm:col-span-2 ${NOTE_LOOKS[tone]}`}
    >
      <Icon name="warning" size={14} className={`mt-[3px] ${TONE_TEXT[tone]}`} />
      <div className="said min-w-0">
        <b className={`font-medium ${TONE_TEXT[tone]}`}>
          Start {OUTCOME_WORDS[refusal.outcome]}: {refusal.type}
        </b>
        <div className="max-h-40 overflow-y-auto whitespace-pre-wrap">{refusal.message}</div>
        {refusal.owner && (
          <div>
            Held by{' '}
            <Link
              to="/tasks/$source/$taskId"
              params={{ source, taskId: refusal.owner }}
              onClick={closeNewTask}
              className="text-accent underline"
            >
              {refusal.owner}
            </Link>
          </div>
        )}
      </div>
    </div>
  )
}

/** Types the source knows of, with those seen among its tasks. */
function useTypes(source: string): string[] {
  const told = useList(
    'sources',
    useShallow((state) => state.items.get(source)?.taskTypes ?? []),
  )
  const seen = useList(
    'tasks',
    useShallow((state) => {
      const types = new Set<string>()
      for (const task of state.items.values()) if (task.source === source && task.type) types.add(task.type)
      return [...types]
    }),
  )
  return useMemo(() => [...new Set([...told, ...seen])].sort(), [told, seen])
}
