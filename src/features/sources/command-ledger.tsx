import { formatCount } from '#lib/format.ts'
import { useDeferredValue, useMemo, useState } from 'react'
import { CommandList } from '#panels/task/command-list.tsx'
import { filterCommands } from '#panels/task/command-state.ts'
import { ListAge } from '#panels/list-age.tsx'
import { useList, useNow } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { FIELD } from '#ui/field.tsx'
import { Panel } from '#ui/panel.tsx'
import { Waiting } from '#ui/waiting.tsx'

const PAGE = 50

/** Every command that went through Weir, from whichever page, newest first. */
export function CommandLedger() {
  const { ready, items } = useList('commands', (list) => list)
  const now = useNow()
  const [text, setText] = useState('')
  const [shown, setShown] = useState(PAGE)
  const wanted = useDeferredValue(text)
  const found = useMemo(() => filterCommands(items.values(), wanted), [items, wanted])
  return (
    <Panel
      title="Command ledger"
      aside={wanted === '' ? formatCount(items.size) : `${found.length} of ${items.size}`}
      actions={
        <input
          type="search"
          aria-label="Filter commands"
          placeholder="Filter"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
          }}
          className={classes(FIELD, 'h-7 w-40!')}
        />
      }
    >
      <p className="px-4 empty:hidden">
        <ListAge topic="commands" />
      </p>
      {!ready ? (
        <Waiting className="justify-center px-4 py-8">Loading…</Waiting>
      ) : found.length === 0 ? (
        <p className="px-4 py-8 text-center text-mute">
          {items.size === 0
            ? 'Nothing has been asked of any source yet. Commands appear here with what became of them.'
            : 'No command matches.'}
        </p>
      ) : (
        <CommandList commands={found.slice(0, shown)} now={now} withTarget />
      )}
      {found.length > shown && (
        <Button
          look="quiet"
          className="m-2 self-start"
          onClick={() => {
            setShown(shown + PAGE)
          }}
        >
          Show {Math.min(PAGE, found.length - shown)} more
        </Button>
      )}
    </Panel>
  )
}
