import {
  useEffect,
  useId,
  useRef,
  useState,
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  type SyntheticEvent,
} from 'react'
import { Button, IconButton } from './button.tsx'
import { classes } from './classes.ts'
import { isComposing } from './composing.ts'

export interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Buttons, right-aligned under a hairline. */
  footer?: ReactNode
  /** Makes the dialog a form: Enter in a field submits. */
  onSubmit?: (event: SyntheticEvent) => void
  /** Asks before something that cannot be undone. */
  alert?: boolean
  wide?: boolean
  /** Closed, but with all it holds: what was typed is there when it opens again. */
  open?: boolean
  /** Asks before what was typed is thrown away. */
  guarded?: boolean
  /** Something was typed or chosen. */
  onTyped?: () => void
  /** Leaves out the title row; the title stays the accessible name. */
  bare?: boolean
}

/**
 * A modal dialog: the platform's own, so that focus, Escape and the inert page behind come with it. Mount to
 * open; the focus begins on `data-autofocus` if there is one.
 */
export function Dialog(props: DialogProps) {
  const { title, children, footer, onSubmit, alert = false, wide = false, bare = false } = props
  const { open = true, guarded = false, onTyped } = props
  const [typed, setTyped] = useState(false)
  const [asking, setAsking] = useState(false)
  const onClose = () => {
    if (guarded && typed) setAsking(!asking)
    else props.onClose()
  }
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  const Body = onSubmit ? 'form' : 'div'

  useEffect(() => {
    if (!open) return
    const dialog = ref.current
    const before = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [open])

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
        onInput={() => {
          setTyped(true)
          onTyped?.()
        }}
        onKeyDown={(event: KeyboardEvent) => {
          // Every form is sent by it, from every field.
          if (!onSubmit || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          if (event.defaultPrevented || isComposing(event)) return
          event.preventDefault()
          if (!event.repeat) onSubmit(event)
        }}
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
        {asking && (
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
            <span role="alert" className="mr-auto">
              What you changed is not saved.
            </span>
            <Button
              ref={(button) => button?.focus()}
              onClick={() => {
                setAsking(false)
              }}
            >
              Keep editing
            </Button>
            <Button look="danger" onClick={props.onClose}>
              Discard
            </Button>
          </footer>
        )}
        {footer && !asking && (
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
            {footer}
          </footer>
        )}
      </Body>
    </dialog>
  )
}
