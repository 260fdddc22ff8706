import { formatCount } from '#lib/format.ts'
import { useDeferredValue, useMemo } from 'react'
import type { JsonObject, Schema } from '#panels/schema-form/schema.ts'
import { Combobox } from '#ui/combobox.tsx'
import { classes } from '#ui/classes.ts'
import { Field, FIELD, TextField } from '#ui/field.tsx'
import { Segmented } from '#ui/segmented.tsx'
import { BatchPreview } from './batch-preview.tsx'
import { batchName, checkRuns, MOST_RUNS, planBatch, type BatchField } from './batch-plan.ts'
import type { BatchDraft, BatchKind, GridAxis } from './batch-draft.ts'

const KINDS: readonly { value: BatchKind; label: string }[] = [
  { value: 'one', label: 'Same input' },
  { value: 'seeds', label: 'Seeds' },
  { value: 'rows', label: 'Rows' },
  { value: 'grid', label: 'Grid' },
]

const CHECKED_LIVE = 300

/** A form of which a batch can be made. */
export interface BatchForm {
  batch: BatchDraft
  changeBatch: (part: Partial<BatchDraft>) => void
  errors: Partial<Record<BatchField, string>>
  /** Sending was tried: all inputs are checked, however many. */
  tried: boolean
  /** The input as the form has it: what the batch does not set itself. */
  base: JsonObject
  schema: Schema | null
  /** Fields that may vary, the likely ones first. */
  names: readonly string[]
  /** App or task type. */
  type: string
  /** The form has a field for copies elsewhere. */
  copiesElsewhere?: boolean
}

/** Many runs of the same app or type: how their inputs differ, and how many there are. */
export function BatchSection(props: { form: BatchForm }) {
  const { form } = props
  const { batch, changeBatch, schema, tried, copiesElsewhere = false } = form
  const base = useDeferredValue(form.base)
  const isBatch = batch.kind !== 'one' || (!copiesElsewhere && Number(batch.copies) > 1)
  const draft = useDeferredValue(batch)
  const plan = useMemo(() => planBatch(draft, base, schema), [draft, base, schema])
  const runs = useMemo(
    () => (plan.runs.length <= CHECKED_LIVE || tried ? checkRuns(plan.runs, schema) : plan.runs),
    [plan, schema, tried],
  )
  const wrong = runs.filter((each) => each.error !== null).length
  // Rows and values are judged as they are written: they come in one piece.
  const told = { ...(batch.kind === 'rows' && batch.rows.trim() !== '' ? plan.errors : {}), ...form.errors }
  return (
    <section aria-label="Batch" className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-2">
        <h3 className="font-medium">Batch</h3>
        <Segmented
          label="Inputs of the batch"
          value={batch.kind}
          options={KINDS}
          onChange={(kind) => {
            changeBatch({ kind })
          }}
        />
        <span role="status" className="ml-auto text-mute">
          {runs.length > 0 && (isBatch || !copiesElsewhere) && (
            <b className="font-medium text-ink">
              {formatCount(runs.length)} {runs.length === 1 ? 'run' : 'runs'}
            </b>
          )}
          {wrong > 0 && <span className="text-bad">, {formatCount(wrong)} with errors</span>}
        </span>
      </div>
      {batch.kind === 'one' && !copiesElsewhere && (
        <TextField
          label="Copies"
          type="number"
          min={1}
          max={MOST_RUNS}
          className="sm:max-w-[calc(50%-7px)]"
          value={batch.copies}
          error={told.copies ?? null}
          onChange={(copies) => {
            changeBatch({ copies })
          }}
        />
      )}
      {batch.kind === 'seeds' && (
        <div className="grid grid-cols-2 gap-3.5 sm:grid-cols-4">
          <div className="col-span-2">
            <Combobox
              label="Seed field"
              value={batch.seed.field}
              suggestions={form.names}
              error={told.seed ?? null}
              hint={strangeField(form, batch.seed.field)}
              onChange={(field) => {
                changeBatch({ seed: { ...batch.seed, field } })
              }}
            />
          </div>
          <TextField
            label="From"
            inputMode="numeric"
            value={batch.seed.from}
            error={told.from ?? null}
            onChange={(from) => {
              changeBatch({ seed: { ...batch.seed, from } })
            }}
          />
          <TextField
            label="To"
            inputMode="numeric"
            value={batch.seed.to}
            error={told.to ?? null}
            onChange={(to) => {
              changeBatch({ seed: { ...batch.seed, to } })
            }}
          />
        </div>
      )}
      {batch.kind === 'rows' && (
        <Field
          label="Rows, CSV or JSON lines"
          error={told.rows}
          hint="CSV begins with the names of the fields. What a row does not set is as in the form above."
        >
          {(ids) => (
            <textarea
              {...ids}
              rows={5}
              value={batch.rows}
              spellCheck={false}
              autoCapitalize="off"
              placeholder={'prompt,steps\n"a weir at dawn",28\n"a weir in fog",40'}
              onChange={(event) => {
                changeBatch({ rows: event.target.value })
              }}
              className={classes(FIELD, 'block resize-y py-1.5 font-mono text-sm')}
            />
          )}
        </Field>
      )}
      {batch.kind === 'grid' &&
        ([0, 1] as const).map((index) => (
          <GridLine
            key={index}
            number={index === 0 ? 1 : 2}
            axis={batch.grid[index]}
            hint={strangeField(form, batch.grid[index].field)}
            names={form.names}
            errors={{
              field: told[index === 0 ? 'field1' : 'field2'],
              values: told[index === 0 ? 'values1' : 'values2'],
            }}
            onChange={(axis) => {
              changeBatch({ grid: index === 0 ? [axis, batch.grid[1]] : [batch.grid[0], axis] })
            }}
          />
        ))}
      {batch.kind !== 'one' && runs.length > 0 && <BatchPreview runs={runs} columns={plan.columns} />}
      {isBatch && (
        <div className="grid grid-cols-2 gap-3.5">
          {batch.kind !== 'one' && (
            <TextField
              label="At once"
              type="number"
              min={1}
              max={MOST_RUNS}
              value={batch.concurrency}
              error={told.concurrency ?? null}
              hint="Runs under way at the same time"
              onChange={(concurrency) => {
                changeBatch({ concurrency })
              }}
            />
          )}
          <TextField
            label="Batch name"
            maxLength={200}
            value={batch.name}
            placeholder={plan.what === '' ? '' : batchName(form.type, plan.what)}
            onChange={(name) => {
              changeBatch({ name })
            }}
          />
        </div>
      )}
    </section>
  )
}

function strangeField({ schema, names }: BatchForm, field: string): string | undefined {
  const [name = ''] = field.trim().split('.')
  return schema && name !== '' && !names.includes(name)
    ? 'The app names no such field; it is sent all the same.'
    : undefined
}

function GridLine(props: {
  number: 1 | 2
  axis: GridAxis
  names: readonly string[]
  hint: string | undefined
  errors: { field: string | undefined; values: string | undefined }
  onChange: (axis: GridAxis) => void
}) {
  const { number, axis, names, hint, errors, onChange } = props
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <Combobox
        label={`Parameter ${number}`}
        {...(number === 2 ? { placeholder: 'or none' } : {})}
        value={axis.field}
        suggestions={names}
        error={errors.field ?? null}
        hint={hint}
        onChange={(field) => {
          onChange({ ...axis, field })
        }}
      />
      <Field label={`Values ${number}`} error={errors.values}>
        {(ids) => (
          <textarea
            {...ids}
            rows={1}
            spellCheck={false}
            value={axis.values}
            placeholder={number === 1 ? '10, 20, 40 or 1..8 or one a line' : ''}
            onChange={(event) => {
              onChange({ ...axis, values: event.target.value })
            }}
            className={classes(
              FIELD,
              'field-sizing-content block max-h-40 min-h-8 resize-y py-1.5 font-mono text-sm/[18px]',
            )}
          />
        )}
      </Field>
    </div>
  )
}
