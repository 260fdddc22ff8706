import type { OutputFile } from '#protocols/inference/output.ts'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { FileLine } from './file-line.tsx'
import { JsonField } from './json-field.tsx'
import type { OutputField as Field } from './output-fields.ts'
import { Pictures } from './pictures.tsx'
import { Player } from './player.tsx'
import { TextField } from './text-field.tsx'
import { TextFile } from './text-file.tsx'
import { useFileKinds } from './use-file-kinds.ts'

/** A field of an output with its name, shown by what it is. */
export function OutputField(props: { field: Field; changed: boolean }) {
  const { field, changed } = props
  const name = field.key || 'Output'
  const files = useFileKinds(field.files)
  const [file] = files
  const kind = field.kind === 'file' && file ? file.kind : field.kind
  return (
    <section
      aria-label={name.slice(0, 200)}
      className={classes(
        'grid grid-cols-[minmax(0,1fr)] gap-1.5 border-l-2 py-2 pr-3 pl-2.5',
        changed ? 'border-accent' : 'border-transparent',
      )}
    >
      {(field.key !== '' || changed) && (
        <div className="flex min-h-5 flex-wrap items-center gap-x-2.5 text-sm text-faint">
          <h3 className="said font-mono text-mute">{field.key.slice(0, 200)}</h3>
          {changed && <span className="text-accent">changed</span>}
        </div>
      )}
      <Body field={field} files={files} kind={kind} name={name.slice(0, 200)} />
      {file && files.length === 1 && isMedium(kind) && <FileLine file={file} />}
    </section>
  )
}

function Body(props: { field: Field; files: readonly OutputFile[]; kind: Field['kind']; name: string }) {
  const { field, files, kind, name } = props
  const [file] = files
  switch (kind) {
    case 'image':
      return <Pictures files={files} name={name} />
    case 'video':
    case 'audio':
      return file?.url ? <Player kind={kind} file={{ ...file, url: file.url }} label={name} /> : null
    case 'list':
      return <List files={files} name={name} />
    case 'nested':
      return (
        <>
          <List files={files} name={name} />
          <JsonField raw={field.raw} name={`${name}, data`} />
        </>
      )
    case 'text':
    case 'json':
      return file ? <TextFile file={file} name={name} /> : <JsonField raw={field.raw} name={name} />
    case 'file':
      return file ? <FileLine file={file} /> : null
    case 'link':
      return <Address url={String(field.value)} />
    case 'markdown':
      return <TextField text={String(field.value)} name={name} />
    case 'number':
      return <span className="text-xl font-medium tracking-[-0.3px]">{field.raw}</span>
    case 'boolean':
      return (
        <span className="inline-flex items-center gap-1.5">
          <Icon
            name={field.value === true ? 'check' : 'cross'}
            size={14}
            className={field.value === true ? 'text-ok' : 'text-mute'}
          />
          {String(field.value)}
        </span>
      )
    case 'empty':
      return <span className="text-faint">{emptyWords(field.value)}</span>
    default:
      kind satisfies never
      return null
  }
}

function isMedium(kind: Field['kind']): boolean {
  return kind === 'image' || kind === 'video' || kind === 'audio'
}

/** Pictures first, side by side; then what plays; then the rest by name. */
function List(props: { files: readonly OutputFile[]; name: string }) {
  const { files, name } = props
  const pictures = files.filter((file) => file.kind === 'image' && file.url !== null)
  const rest = files.filter((file) => !pictures.includes(file))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2.5">
      {pictures.length > 0 && <Pictures files={pictures} name={name} />}
      {rest.length > 0 && (
        <ul aria-label={`${name}, files`} className="grid gap-2.5">
          {rest.slice(0, 100).map((file, i) => (
            <li key={i} className="grid grid-cols-[minmax(0,1fr)] gap-1">
              {(file.kind === 'video' || file.kind === 'audio') && file.url !== null && (
                <Player kind={file.kind} file={{ ...file, url: file.url }} label={`${name}, ${file.name}`} />
              )}
              <FileLine file={file} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Address(props: { url: string }) {
  return (
    <a
      href={props.url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="said text-accent underline-offset-2 hover:underline"
    >
      {props.url.slice(0, 2_000)}
    </a>
  )
}

function emptyWords(value: unknown): string {
  return value === '' ? 'empty text' : Array.isArray(value) ? 'empty list' : 'nothing'
}
