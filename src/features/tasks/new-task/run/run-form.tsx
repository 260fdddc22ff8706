import { useStore } from 'zustand'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useRef, useState } from 'react'
import { InputEditor } from '#panels/schema-form/input-editor.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { Select } from '#ui/field.tsx'
import { Kbd } from '#ui/kbd.tsx'
import { closeNewTask, draftTyped, endNewTask, newTask } from '../open-new-task.ts'
import { PresetTools } from '../preset-tools.tsx'
import { SourceSelect } from '../source-select.tsx'
import { tellStarted } from '../tell-started.tsx'
import { AppField } from './app-field.tsx'
import { BatchSection } from './batch-section.tsx'
import { OptionsSection } from './options-section.tsx'
import { inputFor, rememberedText } from './run-input.ts'
import { RunRefusal } from './run-refusal.tsx'
import { useRun, type Run } from './use-run.ts'

const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'

/** "New task" for a source that runs apps. */
export function RunForm(props: {
  source: string
  sources: readonly string[]
  onSource: (source: string) => void
  /** The source was just chosen: the focus stays there. */
  switched: boolean
}) {
  const { source, sources, onSource, switched } = props
  const open = useStore(newTask, (state) => state.open)
  const navigate = useNavigate()
  const weir = useWeir()
  const run = useRun(source, {
    onStarted: (started) => {
      endNewTask()
      tellStarted(started)
    },
    onBatch: (batchId) => {
      endNewTask()
      void navigate({ to: '/batches/$batchId', params: { batchId } })
    },
  })
  const upload = useCallback(async (file: File) => (await weir.upload(source, file)).uri, [weir, source])
  const { errors, chosen, app } = run
  const [held, setHeld] = useState(false)
  const content = useRef<HTMLDivElement>(null)
  const submit = async () => {
    setHeld(false)
    if (await run.submit()) return
    setHeld(true)
    requestAnimationFrame(() => {
      const first = content.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-fault]')
      first?.focus()
      first?.scrollIntoView({ block: 'center' })
    })
  }
  return (
    <Dialog
      title="New task"
      wide
      open={open}
      onTyped={draftTyped}
      onClose={closeNewTask}
      onSubmit={() => void submit()}
      footer={
        <>
          {held ? (
            <span role="alert" className="mr-auto text-bad">
              Nothing was sent: see what is marked
            </span>
          ) : (
            <span className="mr-auto text-sm text-faint pointer-coarse:hidden">
              <Kbd>{MOD}</Kbd> <Kbd>Enter</Kbd> starts
            </span>
          )}
          <Button onClick={closeNewTask}>Close</Button>
          <Button type="submit" look="primary" icon="play" busy={run.busy}>
            Start
          </Button>
        </>
      }
    >
      <div
        role="presentation"
        ref={content}
        onInput={() => {
          setHeld(false)
        }}
        className="grid grid-cols-[minmax(0,1fr)] gap-4"
      >
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
          <SourceSelect source={source} sources={sources} onChange={onSource} focused={switched} />
          <AppField
            source={source}
            value={run.ref}
            onChange={run.changeRef}
            error={errors.app}
            hint={appHint(run)}
          />
        </div>
        {app && app.functions.length > 1 && (
          <Select
            label="Function"
            value={chosen?.name ?? ''}
            options={app.functions.map(({ name, description }) => ({
              value: name,
              label: description ? `${name}: ${description}` : name,
            }))}
            onChange={run.chooseFn}
          />
        )}
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <InputEditor
            title="Input"
            textLabel="Parameters"
            schema={run.schema}
            draft={run.input}
            onChange={run.changeInput}
            issues={errors.issues}
            error={errors.input}
            upload={upload}
            {...(app && !run.schema ? { hint: noFormHint(chosen?.inputSchema ?? null) } : {})}
          />
          <PresetTools
            type={run.presetKey}
            params={rememberedText(run.schema, run.input)}
            onPick={(text) => {
              run.changeInput((before) =>
                before.as === 'json'
                  ? { as: 'json', text }
                  : inputFor(run.schema, { draft: before, isOwn: false }, text),
              )
            }}
          />
        </div>
        <OptionsSection run={run} />
        <BatchSection
          form={{
            batch: run.batch,
            changeBatch: run.changeBatch,
            errors: errors.batch,
            tried: run.tried,
            base: run.base,
            schema: run.schema,
            names: run.names,
            type: run.ref.trim(),
          }}
        />
        {run.refusal && <RunRefusal source={source} refusal={run.refusal} />}
      </div>
    </Dialog>
  )
}

function noFormHint(schema: Readonly<Record<string, unknown>> | null): string {
  return schema === null ? 'The app gives no schema for a form.' : 'Its schema names no fields.'
}

function appHint(run: Run) {
  const { app, appError, isReading } = run
  if (app) return app.description || app.title
  if (appError)
    return `Its description cannot be read: ${appError.message} It can be tried with JSON all the same.`
  return isReading ? 'Reading what it takes …' : undefined
}
