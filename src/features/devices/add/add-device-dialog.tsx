import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { draftBefore, isLike, keepDraft } from '#lib/drafts.ts'
import { refusalOf, type Refusal } from '#panels/command/refusal.ts'
import { useList, useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Combobox } from '#ui/combobox.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Select, TextField } from '#ui/field.tsx'
import { JsonField } from '#ui/json-field.tsx'
import { toast } from '#ui/toast.tsx'
import { DeviceRefusal } from '../device-refusal.tsx'
import { addRequestOf, type AddDraft, type AddErrors } from './add-request.ts'
import { freshDeviceId } from './fresh-device-id.ts'

/** Adds a device to a source, with the server's own words when it refuses. */
export function AddDeviceDialog(props: {
  sources: readonly string[]
  /** The source to begin with, if there is one of that name. */
  source: string
  onClose: () => void
}) {
  const { sources, onClose } = props
  const [chosen, setChosen] = useState(props.source)
  const source = sources.includes(chosen) ? chosen : sources[0]
  if (source === undefined)
    return (
      <Dialog title="Add device" onClose={onClose}>
        <EmptyState icon="source" title="No source takes devices">
          Start Weir with a source that has devices, and more can be added here.
        </EmptyState>
      </Dialog>
    )
  return <AddForm source={source} sources={sources} onSource={setChosen} onClose={onClose} />
}

function AddForm(props: {
  source: string
  sources: readonly string[]
  onSource: (source: string) => void
  onClose: () => void
}) {
  const { source, sources, onSource, onClose } = props
  const form = useAddForm(source, onClose)
  const { draft, change, errors, refusal, busy, submit } = form
  const types = useTypes(source)
  return (
    <Dialog
      title="Add device"
      wide
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" icon="plus" busy={busy}>
            Add
          </Button>
        </>
      }
    >
      <div className="grid gap-3.5 sm:grid-cols-2">
        <Select
          label="Source"
          value={source}
          options={sources.map((name) => ({ value: name, label: name }))}
          onChange={onSource}
        />
        <TextField
          label="Device ID"
          mono
          value={draft.id}
          error={errors.id ?? null}
          onChange={(id) => {
            change({ id })
          }}
        />
        <div className="sm:col-span-2">
          <Combobox
            label="Type"
            first
            placeholder="TunableLaser"
            value={draft.type}
            suggestions={types}
            error={errors.type ?? null}
            hint={
              types.length > 0
                ? 'Suggested are classes of devices that are there. The server may know them by other names; it does not tell which it knows.'
                : 'The name under which the server knows it; it does not tell which it knows.'
            }
            onChange={(type) => {
              change({ type })
            }}
          />
        </div>
        <div className="sm:col-span-2">
          <JsonField
            label="Parameters"
            value={draft.params}
            rows={5}
            error={errors.params ?? null}
            onSubmit={() => void submit()}
            onChange={(params) => {
              change({ params })
            }}
          />
        </div>
        {refusal && (
          <div className="sm:col-span-2" ref={(element) => element?.scrollIntoView({ block: 'nearest' })}>
            <DeviceRefusal source={source} what="Add device" refusal={refusal} />
          </div>
        )}
      </div>
    </Dialog>
  )
}

interface Kept {
  draft: AddDraft
  ownId: boolean
}

/** What was typed and not sent: neither closing the dialog nor a reload throws it away. */
let kept = readKept(draftBefore('add-device'))
keepDraft('add-device', () => kept ?? undefined)

function readKept(before: unknown): Kept | null {
  return isLike<Kept>(before, { draft: { id: '', type: '', params: '' }, ownId: false }) ? before : null
}

function useAddForm(source: string, onAdded: () => void) {
  const streams = useStreams()
  const weir = useWeir()
  const freshId = (type: string) => {
    const ids: string[] = []
    for (const device of streams.list('devices').store.getState().items.values())
      if (device.source === source) ids.push(device.id)
    return freshDeviceId(type, ids)
  }
  const [draft, setDraft] = useState<AddDraft>(
    () => kept?.draft ?? { id: freshId(''), type: '', params: '{}' },
  )
  // The id follows the type until it is written by hand.
  const [ownId, setOwnId] = useState(kept?.ownId ?? false)
  const [errors, setErrors] = useState<AddErrors>({})
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [busy, setBusy] = useState(false)

  function change(part: Partial<AddDraft>): void {
    const next = { ...draft, ...part }
    if (part.id !== undefined) setOwnId(true)
    if (part.type !== undefined && !ownId) next.id = freshId(part.type)
    setDraft(next)
    kept = { draft: next, ownId: ownId || part.id !== undefined }
    setRefusal(null)
    // A complaint goes when its field is touched; it is looked for again on "Add".
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in part))))
  }

  async function submit(): Promise<void> {
    const result = addRequestOf(draft)
    setRefusal(null)
    setErrors(result.ok ? {} : result.errors)
    if (!result.ok || busy) return
    setBusy(true)
    try {
      const { command } = await weir.addDevice(source, result.request)
      if (command.error) setRefusal(command.error)
      else {
        kept = null
        tellAdded(source, result.request.id)
        onAdded()
      }
    } catch (error) {
      setRefusal(refusalOf(error))
    } finally {
      setBusy(false)
    }
  }

  return { draft, change, errors, refusal, busy, submit }
}

function tellAdded(source: string, id: string): void {
  toast({
    tone: 'ok',
    text: (
      <>
        Added{' '}
        <Link
          to="/devices/$source/$deviceId"
          params={{ source, deviceId: id }}
          className="said text-accent hover:underline"
        >
          {id}
        </Link>
      </>
    ),
  })
}

/** Classes of the devices that the source lists: hints only. */
function useTypes(source: string): string[] {
  const types = useList(
    'devices',
    useShallow((list) => {
      const seen = new Set<string>()
      for (const device of list.items.values())
        if (device.source === source && device.streamOf === null) seen.add(device.type)
      return [...seen]
    }),
  )
  return useMemo(() => types.toSorted(), [types])
}
