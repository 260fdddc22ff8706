import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { stringifyExact } from '#lib/exact-json.ts'
import { taskKey, type TaskSummary } from '#model/task.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { TextField } from '#ui/field.tsx'
import { useDraft } from '#ui/use-draft.ts'
import { OUTCOME_WORDS, refusalOf } from '#panels/command/refusal.ts'
import { looksLikeBrokenJson, parseValue } from './parse-value.ts'

/** Sets one parameter of a running task. */
export function SetParameter(props: {
  task: TaskSummary
  known: readonly { key: string; value: unknown }[]
}) {
  const { task, known } = props
  const weir = useWeir()
  const [key, setKey] = useDraft(`parameter/${taskKey(task)}/name`, () => '')
  const [text, setText] = useDraft(`parameter/${taskKey(task)}/value`, () => '')
  const [missing, setMissing] = useState(false)
  const parsed = parseValue(text)
  const set = useMutation({
    mutationFn: async () => {
      const { command } = await weir.setParameter(task.source, task.id, {
        key: key.trim(),
        value: parsed.value,
      })
      return command.error
    },
  })
  const refusal = set.isError ? refusalOf(set.error) : set.data
  return (
    <form
      noValidate
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        setMissing(key.trim() === '')
        if (key.trim() !== '' && !set.isPending) set.mutate()
      }}
    >
      <div className="grid items-start gap-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto]">
        <TextField
          label="Name"
          mono
          value={key}
          error={missing && key.trim() === '' ? 'Name the parameter' : null}
          onChange={setKey}
        />
        <TextField
          label="Value"
          mono
          value={text}
          onChange={setText}
          hint={
            looksLikeBrokenJson(text)
              ? 'Sent as text: this is not JSON'
              : text === ''
                ? 'JSON, or else text'
                : `Sent as ${parsed.as}`
          }
        />
        <Button type="submit" look="primary" busy={set.isPending} className="h-8 sm:mt-[22px]">
          Set
        </Button>
      </div>
      {known.length > 0 && (
        <p className="flex flex-wrap items-center gap-1.5 text-sm text-faint">
          Known:
          {known.slice(0, 24).map((each) => (
            <button
              key={each.key}
              type="button"
              className="max-w-48 truncate rounded-sm border border-line2 px-1.5 font-mono text-mute hover:border-edge hover:text-ink"
              onClick={() => {
                setKey(each.key)
                setText(stringifyExact(each.value) ?? '')
              }}
            >
              {each.key}
            </button>
          ))}
        </p>
      )}
      {refusal ? (
        <p role="alert" className="said text-bad">
          <b className="font-medium">
            Set {OUTCOME_WORDS[refusal.outcome]}: {refusal.type}
          </b>
          : {refusal.message.slice(0, 2_000)}
        </p>
      ) : (
        <p role="status" className="text-mute">
          {set.isSuccess ? 'Accepted. Whether the task took it up shows under Commands.' : ''}
        </p>
      )}
    </form>
  )
}
