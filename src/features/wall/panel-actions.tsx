import { IconButton } from '#ui/button.tsx'

/** What can be done with a panel. Moving shows on approach; it is always there for the keyboard. */
export function PanelActions(props: {
  first: boolean
  last: boolean
  maximized: boolean
  onMove: (by: -1 | 1) => void
  onMaximize: () => void
  onClose: () => void
}) {
  const { first, last, maximized, onMove, onMaximize, onClose } = props
  return (
    <span className="relative flex">
      {!maximized && (
        <span className="absolute right-full flex bg-panel pl-2 opacity-0 group-hover/title:opacity-100 has-focus-visible:opacity-100 pointer-coarse:static pointer-coarse:opacity-100">
          <IconButton
            icon="chevronLeft"
            label="Move earlier"
            data-action="earlier"
            aria-disabled={first}
            className={first ? 'opacity-45' : ''}
            onClick={() => {
              if (!first) onMove(-1)
            }}
          />
          <IconButton
            icon="chevronRight"
            label="Move later"
            data-action="later"
            aria-disabled={last}
            className={last ? 'opacity-45' : ''}
            onClick={() => {
              if (!last) onMove(1)
            }}
          />
        </span>
      )}
      <IconButton
        icon={maximized ? 'collapse' : 'expand'}
        label={maximized ? 'Restore' : 'Maximize'}
        title={maximized ? 'Restore (Esc)' : 'Maximize'}
        data-action="maximize"
        onClick={onMaximize}
      />
      {!maximized && <IconButton icon="cross" label="Close panel" onClick={onClose} />}
    </span>
  )
}
