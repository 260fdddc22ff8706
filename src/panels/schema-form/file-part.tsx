import { useId, useRef, useState } from 'react'
import { formatBytes } from '#lib/format.ts'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { Field, FIELD } from '#ui/field.tsx'
import { useForm, useIssue } from './form-context.ts'
import { hintOf, type PartProps } from './part.ts'
import { textValue } from './text-part.tsx'

/** A file by its address, or uploaded: chosen, dropped or pasted. */
export function FilePart(props: PartProps) {
  const { label, path, value, required } = props
  const { change } = useForm()
  const [sent, setSent] = useState<{ uri: string; file: File } | null>(null)
  const issue = useIssue(path)
  const text = typeof value === 'string' ? value : ''
  const uploaded = (uri: string, file: File) => {
    setSent({ uri, file })
    change(path, () => uri)
  }
  const up = useUpload(uploaded)
  const file = sent !== null && sent.uri === text ? sent.file : null
  return (
    <Field
      label={label}
      hint={
        file ? (
          <span className="flex items-center gap-2">
            <Thumb file={file} />
            <span className="said-line">
              {file.name}, {formatBytes(file.size)}
            </span>
          </span>
        ) : (
          hintOf(props)
        )
      }
      error={up.error ?? issue}
      className="sm:col-span-2"
    >
      {(ids) => (
        <div
          className="flex gap-1.5"
          onDragOver={(event) => {
            if (up.send && event.dataTransfer.types.includes('Files')) event.preventDefault()
          }}
          onDrop={(event) => {
            const dropped = event.dataTransfer.files[0]
            if (!up.send || !dropped) return
            event.preventDefault()
            up.send([dropped])
          }}
        >
          <input
            {...ids}
            type="text"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            required={required}
            placeholder={up.send ? 'https://… or upload' : 'https://…'}
            value={text}
            onPaste={(event) => {
              const pasted = event.clipboardData.files[0]
              if (!up.send || !pasted) return
              event.preventDefault()
              up.send([pasted])
            }}
            onChange={(event) => {
              const next = event.target.value
              change(path, () => textValue(next, required))
            }}
            className={classes(FIELD, 'h-8 font-mono text-sm')}
          />
          <UploadControl label={label} up={up} />
        </div>
      )}
    </Field>
  )
}

/** Uploads on its own: for lists, one address after the other. */
export function UploadButton(props: {
  label: string
  many?: boolean
  disabled?: boolean
  onUploaded: (uri: string) => void
}) {
  const up = useUpload(props.onUploaded)
  return (
    <>
      <UploadControl label={props.label} many={props.many} disabled={props.disabled} up={up} />
      {up.error && <span className="self-center text-sm text-bad">{up.error}</span>}
    </>
  )
}

interface Uploading {
  busy: boolean
  error: string | null
  send: ((files: File[]) => void) | null
}

function useUpload(onUploaded: (uri: string, file: File) => void): Uploading {
  const { upload } = useForm()
  const [busy, setBusy] = useState(0)
  const [error, setError] = useState<string | null>(null)
  const send = (files: File[]) => {
    setError(null)
    for (const file of files) {
      setBusy((count) => count + 1)
      upload!(file)
        .then(
          (uri) => {
            onUploaded(uri, file)
          },
          (reason: unknown) => {
            setError(
              `${file.name} was not uploaded: ${reason instanceof Error ? reason.message : String(reason)}`,
            )
          },
        )
        .finally(() => {
          setBusy((count) => count - 1)
        })
    }
  }
  return { busy: busy > 0, error, send: upload ? send : null }
}

function UploadControl(props: {
  label: string
  many?: boolean | undefined
  disabled?: boolean | undefined
  up: Uploading
}) {
  const { label, many = false, disabled = false, up } = props
  const ref = useRef<HTMLInputElement>(null)
  const nameId = useId()
  if (!up.send) return null
  return (
    <>
      <Button
        icon="upload"
        busy={up.busy}
        disabled={disabled}
        aria-describedby={nameId}
        className={many ? '' : 'h-8'}
        onClick={() => ref.current?.click()}
      >
        {up.busy ? 'Uploading' : 'Upload'}
      </Button>
      <span id={nameId} hidden>
        {label}
      </span>
      <input
        ref={ref}
        type="file"
        multiple={many}
        tabIndex={-1}
        aria-hidden="true"
        data-upload={label}
        className="hidden"
        onChange={(event) => {
          up.send?.([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </>
  )
}

/** The picture just chosen, from this machine. */
function Thumb(props: { file: File }) {
  const { file } = props
  if (!/^image\/(?!svg)/.test(file.type)) return null
  return (
    <img
      alt=""
      className="size-9 shrink-0 rounded-sm border border-line object-cover"
      ref={(image) => {
        if (!image) return
        const url = URL.createObjectURL(file)
        image.src = url
        return () => {
          URL.revokeObjectURL(url)
        }
      }}
    />
  )
}
