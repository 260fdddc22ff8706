import { formatCount } from '#lib/format.ts'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import {
  isContainer,
  JSON_OBJECT,
  JSON_STRING,
  JSON_WORD,
  keyOf,
  rawValue,
  stringValue,
  type JsonIndex,
} from './json-index.ts'
import { depthOf } from './json-rows.ts'

export const ROW_HEIGHT = 22
const SHOWN = 400
const MAX_INDENT = 24

/** One value of the tree: key, and the value or what it holds. */
export function JsonRow(props: {
  id: string
  index: JsonIndex
  node: number
  place: number
  top: number
  active: boolean
  open: boolean
}) {
  const { index, node, place, open } = props
  const depth = depthOf(index, node)
  const size = index.size[node] ?? 0
  const parent = index.parent[node] ?? -1
  const key = parent < 0 ? null : (keyOf(index, node) ?? String(place))
  const folds = isContainer(index, node) && size > 0
  return (
    <div
      id={props.id}
      data-node={node}
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={place + 1}
      aria-setsize={parent < 0 ? 1 : (index.size[parent] ?? 1)}
      aria-expanded={folds ? open : undefined}
      aria-selected={props.active}
      tabIndex={-1}
      className={classes(
        'absolute top-0 left-0 flex w-full items-center gap-1.5 pr-3 whitespace-pre hover:bg-hover',
        props.active && 'group-focus-visible/tree:bg-sel',
      )}
      style={{
        height: ROW_HEIGHT,
        transform: `translateY(${props.top}px)`,
        paddingLeft: 8 + Math.min(depth, MAX_INDENT) * 14,
      }}
    >
      <span className="w-3.5 shrink-0 text-faint">
        {folds && <Icon name={open ? 'chevronDown' : 'chevronRight'} size={12} />}
      </span>
      {key !== null && (
        <span
          className="max-w-[40%] shrink-0 truncate text-mute [unicode-bidi:isolate]"
          title={cut(key, 1_000)}
        >
          {cut(key, 200)}
          <span className="text-faint">:</span>
        </span>
      )}
      <Value index={index} node={node} size={size} open={open} />
    </div>
  )
}

function Value(props: { index: JsonIndex; node: number; size: number; open: boolean }) {
  const { index, node, size, open } = props
  const kind = index.kind[node]
  if (isContainer(index, node)) {
    const object = kind === JSON_OBJECT
    if (size === 0) return <span className="text-faint">{object ? '{}' : '[]'}</span>
    const count = `${formatCount(size)} ${words(object, size)}`
    return (
      <span className="said-line text-faint">
        {object ? `{ ${count} }` : `[ ${count} ]`}
        {!open && <span className="ml-2">{beginning(index, node)}</span>}
      </span>
    )
  }
  if (kind === JSON_STRING) {
    const text = stringValue(index, node)
    return (
      <span className="said-line">
        <span className="text-faint">&quot;</span>
        {cut(text, SHOWN)}
        <span className="text-faint">&quot;</span>
        {text.length > SHOWN && (
          <span className="ml-2 text-faint">{formatCount(text.length)} characters</span>
        )}
      </span>
    )
  }
  return (
    <span className={classes('said-line', kind === JSON_WORD && 'text-wait italic')}>
      {cut(rawValue(index, node), SHOWN)}
    </span>
  )
}

function words(object: boolean, size: number): string {
  const word = object ? 'key' : 'item'
  return size === 1 ? word : `${word}s`
}

/** The first characters of a closed part, to tell it from its neighbours. */
function beginning(index: JsonIndex, node: number): string {
  const start = (index.start[node] ?? 0) + 1
  const end = (index.end[node] ?? 0) - 1
  return index.text.slice(start, Math.min(end, start + 120)).replace(/\s+/g, ' ')
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
