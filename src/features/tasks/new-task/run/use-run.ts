import { useCallback, useMemo, useState } from 'react'
import { cleanInputSchema } from '#panels/schema-form/clean-schema.ts'
import {
  isOwnDraft,
  readDraft,
  startDraft,
  type InputDraft,
  type OwnDraft,
} from '#panels/schema-form/input-draft.ts'
import type { Issue } from '#panels/schema-form/check-value.ts'
import { taskKey } from '#model/task.ts'
import type { RunOptions } from '#protocols/weir/api.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { useDraft } from '#ui/use-draft.ts'
import { rememberOwn } from '../../own-tasks.ts'
import { refusalOf, type Refusal } from '#panels/command/refusal.ts'
import { newTask } from '../open-new-task.ts'
import { presets, rememberLast } from '../presets.ts'
import { outcomeOf } from '../start-request.ts'
import type { Started } from '../use-new-task.ts'
import { NO_BATCH, type BatchDraft } from './batch-draft.ts'
import { batchName, checkRuns, planBatch, type BatchField } from './batch-plan.ts'
import { fieldNames, inputFor, presetKey, rememberedText, seedField } from './run-input.ts'
import { optionsDraft, readOptions, type OptionErrors } from './run-options.ts'
import { isAppRef, useApp } from './use-app.ts'

export interface RunErrors {
  app: string | null
  /** About the input as a whole. */
  input: string | null
  issues: readonly Issue[]
  setup: { error: string | null; issues: readonly Issue[] }
  options: OptionErrors
  batch: Partial<Record<BatchField, string>>
}

const NO_ERRORS: RunErrors = {
  app: null,
  input: null,
  issues: [],
  setup: { error: null, issues: [] },
  options: {},
  batch: {},
}

/** The form that runs an app, once or many times: what is filled in, what is wrong with it, and sending it. */
export function useRun(
  source: string,
  done: { onStarted: (started: Started) => void; onBatch: (id: string) => void },
) {
  const weir = useWeir()
  const [prefill] = useState(() => newTask.getState().prefill)
  const draftOf = (part: string) => `new-task/${source}/run/${part}`
  const [ref, setRef] = useDraft(draftOf('app'), () => prefill.type ?? '')
  const [fn, setFn] = useDraft(draftOf('function'), () => prefill.options?.function ?? '')
  const [input, setInput] = useDraft<OwnDraft>(
    draftOf('input'),
    () => ({ draft: startDraft(null, prefill.params), isOwn: prefill.params !== undefined }),
    isOwnDraft,
  )
  const [setup, setSetup] = useDraft<OwnDraft>(
    draftOf('setup'),
    () => ({
      draft: startDraft(null, prefill.options?.setup),
      isOwn: prefill.options?.setup !== undefined,
    }),
    isOwnDraft,
  )
  const [options, setOptions] = useDraft(draftOf('options'), () => optionsDraft(prefill.options ?? {}))
  const [batch, setBatch] = useDraft<BatchDraft>(draftOf('batch'), () => NO_BATCH)
  const [tried, setTried] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [busy, setBusy] = useState(false)

  const { app, error: appError, isReading } = useApp(source, ref)
  const chosen = app?.functions.find((each) => each.name === fn) ?? app?.functions[0]
  const schema = useMemo(() => cleanInputSchema(chosen?.inputSchema ?? null), [chosen])
  const setupSchema = useMemo(() => cleanInputSchema(chosen?.setupSchema ?? null), [chosen])

  // The input follows the schema that it is for.
  const basis = app && chosen ? `${source} ${ref.trim()} ${chosen.name}` : ''
  const [met, setMet] = useDraft(draftOf('met'), () => '')
  if (basis !== '' && basis !== met) {
    setMet(basis)
    const last = presets.get()[presetKey(app, ref, chosen!.name)]?.last ?? null
    setInput({ ...input, draft: inputFor(schema, input, last) })
    setSetup({ ...setup, draft: inputFor(setupSchema, setup, null) })
    setBatch((before) => ({ ...before, seed: { ...before.seed, field: '' } }))
  }

  const changeInput = useCallback(
    (change: (before: InputDraft) => InputDraft) => {
      setRefusal(null)
      setInput((before) => ({ draft: change(before.draft), isOwn: true }))
    },
    [setInput],
  )
  const changeSetup = useCallback(
    (change: (before: InputDraft) => InputDraft) => {
      setRefusal(null)
      setSetup((before) => ({ draft: change(before.draft), isOwn: true }))
    },
    [setSetup],
  )

  const hasSetup = setupSchema !== null || setup.isOwn
  const read = useMemo(() => readDraft(input.draft, schema), [input.draft, schema])
  const names = useMemo(() => fieldNames(schema, read.value), [schema, read.value])
  const filled = useMemo(
    () => (batch.seed.field === '' ? { ...batch, seed: { ...batch.seed, field: seedField(names) } } : batch),
    [batch, names],
  )
  const isBatch = batch.kind !== 'one' || Number(batch.copies) > 1
  const errors = useMemo(
    () => (tried ? look() : NO_ERRORS),
    // oxlint-disable-next-line react/exhaustive-deps -- `look` reads what is listed
    [tried, ref, read, setup, setupSchema, options, filled, schema],
  )

  function look(): RunErrors {
    const plan = planBatch(filled, read.value, schema)
    const varied = new Set(plan.runs.flatMap((run) => run.own))
    const readSetup = hasSetup ? readDraft(setup.draft, setupSchema) : { issues: [], error: null }
    const trimmed = ref.trim()
    return {
      app:
        trimmed === '' ? 'Say which app to run' : isAppRef(trimmed) ? null : 'An app is named namespace/name',
      input: read.error,
      // What the batch sets itself is told beside its rows.
      issues: isBatch ? read.issues.filter(({ path }) => !varied.has(String(path[0]))) : read.issues,
      setup: { error: readSetup.error, issues: readSetup.issues },
      options: readOptions(options).errors,
      batch: plan.errors,
    }
  }

  function request(): RunOptions {
    const { options: asked } = readOptions(options)
    const setupValue = hasSetup ? readDraft(setup.draft, setupSchema).value : {}
    return {
      ...asked,
      ...(chosen && chosen.name !== app?.functions[0]?.name ? { function: chosen.name } : {}),
      ...(Object.keys(setupValue).length > 0 ? { setup: setupValue } : {}),
    }
  }

  /** False when nothing was sent because something is wrong with what is filled in. */
  async function submit(): Promise<boolean> {
    if (busy) return true
    setTried(true)
    setRefusal(null)
    const found = look()
    const plan = planBatch(filled, read.value, schema)
    const runs = checkRuns(plan.runs, schema)
    if (!isFine(found) || runs.some((run) => run.error !== null)) return false
    setBusy(true)
    const type = ref.trim()
    const asked = request()
    const some = Object.keys(asked).length > 0 ? { options: asked as Record<string, unknown> } : {}
    try {
      if (isBatch) {
        const { batch: begun } = await weir.startBatch(source, {
          type,
          name: batch.name.trim() || batchName(type, plan.what),
          inputs: runs.map((run) => run.input),
          concurrency: batch.kind === 'one' ? Math.min(runs.length, 10) : Number(batch.concurrency),
          ...some,
        })
        remember()
        done.onBatch(begun.id)
      } else {
        const { begun, refused } = outcomeOf(await weir.start(source, { type, params: read.value, ...some }))
        if (begun.length === 0 && refused[0]) setRefusal(refused[0].refusal)
        else {
          rememberOwn(begun.map((id) => taskKey({ source, id })))
          remember()
          done.onStarted({ source, begun, refused, batch: null })
        }
      }
    } catch (error) {
      setRefusal(refusalOf(error))
    } finally {
      setBusy(false)
    }
    return true
  }

  function remember(): void {
    const key = presetKey(app, ref, chosen?.name ?? '')
    presets.set(rememberLast(presets.get(), key, rememberedText(schema, input.draft)))
  }

  return {
    source,
    ref,
    changeRef: (next: string) => {
      setRef(next)
      setTried(false)
      setRefusal(null)
    },
    app,
    appError,
    isReading,
    chosen,
    chooseFn: setFn,
    schema,
    setupSchema,
    input: input.draft,
    changeInput,
    presetKey: presetKey(app, ref, chosen?.name ?? ''),
    /** The app takes one, or one was given before. */
    hasSetup,
    setup: setup.draft,
    changeSetup,
    options,
    changeOptions: (part: Partial<typeof options>) => {
      setOptions((before) => ({ ...before, ...part }))
    },
    batch: filled,
    changeBatch: (part: Partial<BatchDraft>) => {
      setBatch((before) => ({ ...before, ...part }))
    },
    isBatch,
    base: read.value,
    names,
    errors,
    tried,
    refusal,
    busy,
    submit,
  }
}

export type Run = ReturnType<typeof useRun>

function isFine(errors: RunErrors): boolean {
  return (
    errors.app === null &&
    errors.input === null &&
    errors.issues.length === 0 &&
    errors.setup.error === null &&
    errors.setup.issues.length === 0 &&
    Object.keys(errors.options).length === 0 &&
    Object.keys(errors.batch).length === 0
  )
}
