/** What a pointer can do to lines. Places are px from the corner of the stage. */
export interface PointerActions {
  lineAt(y: number): number | undefined
  inGutter(x: number): boolean
  /** A press on the gutter, or with Shift anywhere on a line. */
  press(line: number, extend: boolean): void
  /** The pointer moved to a line with the button held. */
  drag(line: number): void
  /** A click on a line's text. */
  click(line: number): void
  /** The tooltip of a line's time. */
  describe(line: number): string
}

/** Turns pointer events on the stage into actions on lines. Text in rows stays selectable as text. */
export function watchPointer(stage: HTMLElement, actions: PointerActions, signal: AbortSignal): void {
  let dragging = false
  const locate = (event: MouseEvent) => {
    const box = stage.getBoundingClientRect()
    return {
      line: actions.lineAt(event.clientY - box.top),
      gutter: actions.inGutter(event.clientX - box.left),
    }
  }

  stage.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0 || event.pointerType === 'touch' || !rowOf(event)) return
      const { line, gutter } = locate(event)
      if (line === undefined || !(gutter || event.shiftKey)) return
      event.preventDefault()
      stage.setPointerCapture(event.pointerId)
      dragging = true
      actions.press(line, event.shiftKey)
    },
    { signal },
  )
  // Without this the browser would begin to select text, whatever was said to the pointer event.
  stage.addEventListener(
    'mousedown',
    (event) => {
      if (dragging) event.preventDefault()
    },
    { signal },
  )
  stage.addEventListener(
    'pointermove',
    (event) => {
      const { line } = dragging ? locate(event) : {}
      if (line !== undefined) actions.drag(line)
    },
    { signal },
  )
  for (const end of ['pointerup', 'pointercancel'] as const)
    stage.addEventListener(end, () => (dragging = false), { signal })
  stage.addEventListener(
    'click',
    (event) => {
      const { line, gutter } = rowOf(event) ? locate(event) : {}
      if (line === undefined) return
      const touch = event instanceof PointerEvent && event.pointerType === 'touch'
      // A finger has no Shift: its second touch extends.
      if (gutter && touch) actions.press(line, true)
      else if (!gutter && !event.shiftKey) actions.click(line)
    },
    { signal },
  )
  stage.addEventListener(
    'pointerover',
    (event) => {
      const row = rowOf(event)
      const { line, gutter } = row ? locate(event) : {}
      if (row) row.title = gutter && line !== undefined ? actions.describe(line) : ''
    },
    { signal },
  )
}

function rowOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>('.log-row') : null
}
