import { memo, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { deviceKey, type Device } from '#model/device.ts'
import type { FormTools } from '#panels/schema-form/form-context.ts'
import { isInputDraft } from '#panels/schema-form/input-draft.ts'
import { isObject } from '#panels/schema-form/schema.ts'
import { SchemaForm } from '#panels/schema-form/schema-form.tsx'
import { setAt } from '#panels/schema-form/value.ts'
import type { Method } from '#protocols/weir/api.ts'
import { useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { JsonField } from '#ui/json-field.tsx'
import { useDraft } from '#ui/use-draft.ts'
import { readArgs, startArgs, turnArgs, type ArgsDraft } from './call-args.ts'
import { CallOutcome } from './call-outcome.tsx'
import { runCall, useCallState } from './call-store.ts'
import { parseDocstring } from './docstring.ts'
import { isReady, kindOfMethod } from './method-kind.ts'
import { schemaOfMethod } from './method-schema.ts'
import { PinToggle } from './pin-toggle.tsx'

/** One method: what it is for, its arguments, and what the newest call gave. */
export const MethodView = memo(function MethodView(props: {
  device: Device
  method: Method
  /** The address names it: it is brought into sight. */
  shown: boolean
}) {
  const { device, method, shown } = props
  const id = useId()
  const weir = useWeir()
  const streams = useStreams()
  const schema = useMemo(() => schemaOfMethod(method), [method])
  const doc = useMemo(() => parseDocstring(method.doc), [method])
  const [draft, setDraft] = useDraft<ArgsDraft>(
    `call/${deviceKey(device)}/${method.name}`,
    () => startArgs(schema),
    isInputDraft,
  )
  // Nothing is complained of before it was tried.
  const [tried, setTried] = useState(false)
  const [stuck, setStuck] = useState<string | null>(null)
  const state = useCallState(deviceKey(device), method.name)
  const read = useMemo(() => readArgs(draft, schema), [draft, schema])
  const change = useCallback<FormTools['change']>(
    (path, at) => {
      setDraft((before) => {
        if (before.as !== 'form') return before
        const value = setAt(before.value, path, at)
        return { as: 'form', value: isObject(value) ? value : {} }
      })
    },
    [setDraft],
  )
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!shown || !ref.current) return
    ref.current.scrollIntoView({ block: 'center' })
    ref.current.querySelector<HTMLElement>('input, textarea, select, button')?.focus({ preventScroll: true })
  }, [shown])
  const call = () => {
    setTried(true)
    if (read.ok) void runCall(weir, device, { method: method.name, ...read.call }, streams.now())
  }
  const turn = (as: ArgsDraft['as']) => {
    const turned = turnArgs(draft, as)
    setStuck(typeof turned === 'string' ? turned : null)
    if (typeof turned !== 'string') setDraft(turned)
  }
  const takesNone = method.parameters.length === 0
  return (
    <div
      ref={ref}
      role="group"
      aria-labelledby={id}
      className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]"
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          call()
        }}
        className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-2.5 px-3 py-2.5"
      >
        <div className="flex min-w-0 items-start gap-1.5">
          <div className="min-w-0 flex-1">
            <h4 id={id} className="said font-mono text-sm/6 font-medium">
              {method.name}
            </h4>
            {doc.text !== '' && <DocText text={doc.text} />}
          </div>
          {kindOfMethod(method.name) !== 'rest' && (
            <PinToggle device={device} name={method.name} ready={isReady(method)} />
          )}
          {takesNone && draft.as === 'form' && (
            <CallButton busy={state?.phase === 'running'} method={method.name} />
          )}
        </div>
        {draft.as === 'json' ? (
          <JsonField
            label="Arguments"
            rows={3}
            value={draft.text}
            hint='{"args": [by place], "kwargs": {by name}}, or either alone'
            error={stuck ?? (read.ok ? null : read.error)}
            onSubmit={call}
            onChange={(text) => {
              setStuck(null)
              setDraft({ as: 'json', text })
            }}
          />
        ) : (
          !takesNone && (
            <SchemaForm
              schema={schema}
              value={draft.value}
              onChange={change}
              issues={tried && !read.ok ? read.issues : []}
              upload={null}
            />
          )
        )}
        {(!takesNone || draft.as === 'json') && (
          <div className="flex flex-wrap items-center gap-2">
            <CallButton busy={state?.phase === 'running'} method={method.name} />
            <Button
              small
              look="quiet"
              onClick={() => {
                turn(draft.as === 'form' ? 'json' : 'form')
              }}
            >
              {draft.as === 'form' ? 'As JSON' : 'As a form'}
            </Button>
          </div>
        )}
      </form>
      <CallOutcome device={device} method={method.name} state={state} returns={doc.returns} />
    </div>
  )
})

function CallButton(props: { busy: boolean; method: string }) {
  return (
    <Button
      type="submit"
      look="accent"
      busy={props.busy}
      title={props.busy ? 'Called, waiting for the answer' : `Call ${props.method}`}
    >
      Call
    </Button>
  )
}

const FOLDED = 160

/** What the docstring says; a long one shows its first paragraph. */
function DocText(props: { text: string }) {
  const { text } = props
  const first = text.split('\n\n')[0] ?? ''
  const short = first.length > FOLDED * 2 ? `${first.slice(0, FOLDED)}…` : first
  const [whole, setWhole] = useState(false)
  return (
    <p className="said text-sm whitespace-pre-wrap text-mute">
      {whole ? text : short}
      {short !== text && (
        <>
          {' '}
          <button
            type="button"
            aria-expanded={whole}
            className="text-accent hover:underline"
            onClick={() => {
              setWhole(!whole)
            }}
          >
            {whole ? 'less' : 'more'}
          </button>
        </>
      )}
    </p>
  )
}
