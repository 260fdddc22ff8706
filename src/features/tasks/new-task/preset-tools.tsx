import { useState } from 'react'
import { Button, IconButton } from '#ui/button.tsx'
import { isComposing } from '#ui/composing.ts'
import { Select, TextField } from '#ui/field.tsx'
import { useStored } from '#ui/stored.ts'
import { deletePreset, EMPTY, presets, savePreset } from './presets.ts'

const focusIt = (field: HTMLInputElement | null) => {
  field?.focus()
}

/** Remembered parameters of a type: pick, save, delete. */
export function PresetTools(props: { type: string; params: string; onPick: (params: string) => void }) {
  const { type, params, onPick } = props
  const [all, setAll] = useStored(presets)
  const [naming, setNaming] = useState<string | null>(null)
  // Escape closes the field; what was typed into it is there the next time.
  const [left, setLeft] = useState<string | null>(null)
  const { last, saved } = all[type] ?? EMPTY
  const chosen = saved.find((preset) => preset.params === params)
  const value = chosen ? `=${chosen.name}` : last === params ? 'last' : ''

  if (naming !== null) {
    const name = naming.trim()
    const save = () => {
      if (name) setAll(savePreset(all, type, { name, params }))
      setNaming(null)
      setLeft(null)
    }
    return (
      <div
        role="group"
        aria-label="Save as preset"
        className="flex items-end gap-2"
        onKeyDown={(event) => {
          if (isComposing(event)) return
          if (event.key === 'Escape') {
            event.preventDefault()
            event.stopPropagation()
            setLeft(naming)
            setNaming(null)
          } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
            event.preventDefault()
            save()
          }
        }}
      >
        <TextField
          label="Preset name"
          value={naming}
          onChange={setNaming}
          maxLength={60}
          className="flex-1"
          ref={focusIt}
          hint={saved.some((preset) => preset.name === name) ? 'Replaces the one of that name' : undefined}
        />
        <Button onClick={save} disabled={name === ''} className="h-8">
          Save
        </Button>
        <Button
          look="quiet"
          className="h-8"
          onClick={() => {
            setNaming(null)
          }}
        >
          Keep unsaved
        </Button>
      </div>
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      {(saved.length > 0 || last !== null) && (
        <Select
          shape="line"
          label="Preset"
          value={value}
          className="max-w-[240px]"
          options={[
            { value: '', label: 'none' },
            ...(last === null ? [] : [{ value: 'last', label: 'last used' }]),
            ...saved.map((preset) => ({ value: `=${preset.name}`, label: preset.name })),
          ]}
          onChange={(next) => {
            const preset = next === 'last' ? last : saved.find((each) => `=${each.name}` === next)?.params
            onPick(preset ?? '{}')
          }}
        />
      )}
      <Button
        look="quiet"
        className="first:-ml-2.5"
        onClick={() => {
          setNaming(left ?? chosen?.name ?? '')
        }}
        disabled={type === ''}
        title={type === '' ? 'Name the task type first' : 'Remember these parameters for this type'}
      >
        Save as preset
      </Button>
      {chosen && (
        <IconButton
          icon="trash"
          label={`Delete preset ${chosen.name}`}
          onClick={() => {
            setAll(deletePreset(all, type, chosen.name))
          }}
        />
      )}
    </div>
  )
}
