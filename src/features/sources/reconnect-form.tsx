import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { USUAL_RECONNECT, type ReconnectSettings } from '#model/source.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Checkbox, TextField } from '#ui/field.tsx'
import { draftOf, readDraft, reconnectWords } from './reconnect-words.ts'

/** How a source's streams come back after they were lost, and how long they are followed. */
export function ReconnectForm(props: { name: string; settings: ReconnectSettings }) {
  const { name, settings } = props
  const weir = useWeir()
  const [met, setMet] = useState(settings)
  const [draft, setDraft] = useState(() => draftOf(settings))
  // What holds has changed, here or in another browser.
  if (JSON.stringify(met) !== JSON.stringify(settings)) {
    setMet(settings)
    setDraft(draftOf(settings))
  }
  const [tried, setTried] = useState(false)
  const { request, errors } = readDraft(draft)
  const set = useMutation({ mutationFn: (next: ReconnectSettings) => weir.setReconnect(name, next) })
  const change = (part: Partial<typeof draft>) => {
    setDraft({ ...draft, ...part })
    set.reset()
  }
  return (
    <details className="border-t border-line">
      <summary className="cursor-pointer px-4 py-2 text-mute hover:text-ink">Reconnecting</summary>
      <form
        aria-label={`Reconnecting of ${name}`}
        noValidate
        className="grid gap-3 px-4 pt-1 pb-4"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (request) set.mutate(request)
        }}
      >
        <p className="max-w-prose text-mute">
          What each stream of this source does when it is lost. Now it {reconnectWords(settings)}. These
          settings hold until Weir is started again.
        </p>
        <Checkbox
          label="Try for ever"
          checked={draft.forEver}
          onChange={(forEver) => {
            change({ forEver })
          }}
        />
        <div className="grid grid-cols-[repeat(auto-fit,minmax(130px,1fr))] gap-3">
          <TextField
            label="Tries in a row"
            inputMode="numeric"
            disabled={draft.forEver}
            value={draft.forEver ? '' : draft.retries}
            error={tried ? errors.retries : null}
            onChange={(retries) => {
              change({ retries })
            }}
          />
          <TextField
            label="First delay, seconds"
            inputMode="decimal"
            value={draft.delay}
            error={tried ? errors.delay : null}
            onChange={(delay) => {
              change({ delay })
            }}
          />
          <TextField
            label="Longest delay, seconds"
            inputMode="decimal"
            value={draft.most}
            error={tried ? errors.most : null}
            onChange={(most) => {
              change({ most })
            }}
          />
        </div>
        <TextField
          label="Follow each at most, minutes"
          inputMode="decimal"
          className="max-w-[280px]"
          value={draft.follow}
          placeholder="to its end"
          error={tried ? errors.follow : null}
          hint="Runs that begin from now on"
          onChange={(follow) => {
            change({ follow })
          }}
        />
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" look="primary" busy={set.isPending}>
            Save
          </Button>
          <Button
            onClick={() => {
              setDraft(draftOf(USUAL_RECONNECT))
              set.mutate(USUAL_RECONNECT)
            }}
          >
            As usual
          </Button>
          <span role="status" className="text-mute">
            {set.isSuccess && 'Saved'}
          </span>
        </div>
        {set.isError && (
          <p role="alert" className="said text-bad">
            {set.error.message}
          </p>
        )}
      </form>
    </details>
  )
}
