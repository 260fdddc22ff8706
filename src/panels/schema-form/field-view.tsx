import { isNumber } from '#lib/exact-json.ts'
import { ChoicePart } from './choice-part.tsx'
import { ColorPart } from './color-part.tsx'
import { kindOf, labelOf } from './field-kind.ts'
import { FilePart } from './file-part.tsx'
import { JsonPart } from './json-part.tsx'
import { ListPart } from './list-part.tsx'
import { NumberPart } from './number-part.tsx'
import { ObjectPart } from './object-part.tsx'
import type { FieldProps, PartProps } from './part.ts'
import { isObject } from './schema.ts'
import { LongTextPart, MomentPart, TextPart } from './text-part.tsx'
import { TickPart } from './tick-part.tsx'
import { Unreadable } from './value.ts'

/** The control that fits a part of the input. */
export function FieldView(props: FieldProps) {
  const { name, schema, path, value, required } = props
  const kind = kindOf(schema, name, path.length - 1)
  const part: PartProps = {
    label: props.label ?? labelOf(name, schema),
    name,
    schema,
    path,
    value,
    required,
  }
  // A value that the control could not show without changing it is shown as it is.
  if (value instanceof Unreadable || !isShowable(kind, value)) return <JsonPart {...part} />
  switch (kind) {
    case 'text':
    case 'password':
      return <TextPart {...part} secret={kind === 'password'} />
    case 'long-text':
      return <LongTextPart {...part} />
    case 'moment':
      return <MomentPart {...part} />
    case 'number':
      return <NumberPart {...part} />
    case 'boolean':
      return <TickPart {...part} />
    case 'choice':
      return <ChoicePart {...part} />
    case 'color':
      return <ColorPart {...part} />
    case 'file':
      return <FilePart {...part} />
    case 'list':
      return <ListPart {...part} draw={drawField} />
    case 'object':
      return <ObjectPart {...part} draw={drawField} />
    default:
      return <JsonPart {...part} />
  }
}

function drawField(props: FieldProps) {
  return <FieldView key={props.path.at(-1)} {...props} />
}

function isShowable(kind: ReturnType<typeof kindOf>, value: unknown): boolean {
  if (value === undefined || value === null) return true
  switch (kind) {
    case 'list':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'number':
      return isNumber(value) || typeof value === 'string'
    case 'choice':
    case 'json':
      return true
    default:
      return typeof value === 'string'
  }
}
