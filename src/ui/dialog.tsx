import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'

export interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Buttons, right-aligned under a hairline. */
  footer?: ReactNode
  /** Makes the dialog a form: Enter in a field submits. */
  onSubmit?: (event: FormEvent) => void
  /** Asks before something that cannot be undone. */
  alert?: boolean
  wide?: boolean
  /** Leaves out the title row; the title stays the accessible name. */
  bare?: boolean
}

/**
 * A modal dialog: the platform's own, so that focus, Escape and the inert page behind come with it. Mount to
 * open; the focus begins on `data-autofocus` if there is one.
 */
export function Dialog(props: DialogProps) {
  const { title, onClose, children, footer, onSubmit, alert = false, wide = false, bare = false } = props
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  const Body = onSubmit ? 'form' : 'div'

  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])

  return (
    <dialog
      ref={ref}
      role={alert ? 'alertdialog' : undefined}
      aria-labelledby={bare ? undefined : id}
      aria-label={bare ? title : undefined}
      aria-describedby={alert ? `${id}-text` : undefined}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget && !onSubmit && !alert) onClose()
      }}
      className={classes(
        'm-auto mt-[10vh] max-h-[84vh] w-[calc(100vw-24px)] overflow-visible rounded-lg border border-line2 bg-panel text-ink shadow-cast2 backdrop:bg-[var(--shade)] max-sm:mt-3 max-sm:max-h-[calc(100dvh-24px)]',
        wide ? 'max-w-[640px]' : 'max-w-[480px]',
      )}
    >
      <Body
        noValidate={onSubmit ? true : undefined}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          onSubmit?.(event)
        }}
        className="flex max-h-[inherit] flex-col"
      >
        {!bare && (
          <header className="flex items-center justify-between gap-2 border-b border-line py-2 pr-2 pl-4">
            <h2 id={id} className="font-semibold">
              {title}
            </h2>
            <IconButton icon="cross" label="Close" onClick={onClose} />
          </header>
        )}
        <div id={`${id}-text`} className={bare ? 'min-h-0' : 'min-h-0 overflow-y-auto p-4'}>
          {children}
        </div>
        {footer && (
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
            {footer}
          </footer>
        )}
      </Body>
    </dialog>
  )
}
