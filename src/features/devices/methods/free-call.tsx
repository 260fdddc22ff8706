import { useState } from 'react'
import { deviceKey, type Device } from '#model/device.ts'
import { useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { TextField } from '#ui/field.tsx'
import { JsonField } from '#ui/json-field.tsx'
import { useDraft } from '#ui/use-draft.ts'
import { readJsonArgs } from './call-args.ts'
import { CallOutcome } from './call-outcome.tsx'
import { runCall, useCallState } from './call-store.ts'

/** Calls a method by its name, for devices whose methods cannot be listed. */
export function FreeCall(props: { device: Device }) {
  const { device } = props
  const weir = useWeir()
  const streams = useStreams()
  const [name, setName] = useDraft(`free-call/${deviceKey(device)}/method`, () => '')
  const [text, setText] = useDraft(`free-call/${deviceKey(device)}/arguments`, () => '{}')
  const [called, setCalled] = useState('')
  const [tried, setTried] = useState(false)
  const state = useCallState(deviceKey(device), called)
  const read = readJsonArgs(text)
  const method = name.trim()
  const call = () => {
    setTried(true)
    if (method === '' || typeof read === 'string') return
    setCalled(method)
    void runCall(weir, device, { method, ...read }, streams.now())
  }
  return (
    <div
      role="group"
      aria-label="Any method"
      className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]"
    >
      <form
        noValidate
        className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-2.5 px-3 py-2.5"
        onSubmit={(event) => {
          event.preventDefault()
          call()
        }}
      >
        <TextField
          label="Method"
          mono
          value={name}
          error={tried && method === '' ? 'Name the method' : null}
          onChange={setName}
        />
        <JsonField
          label="Arguments"
          rows={3}
          value={text}
          hint='{"args": [by place], "kwargs": {by name}}, or either alone'
          error={tried && typeof read === 'string' ? read : null}
          onSubmit={call}
          onChange={setText}
        />
        <div>
          <Button type="submit" look="accent" busy={state?.phase === 'running'}>
            Call
          </Button>
        </div>
      </form>
      <CallOutcome device={device} method={called} state={state} returns={null} />
    </div>
  )
}
