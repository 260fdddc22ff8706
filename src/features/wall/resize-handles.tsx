import { COLUMNS, MAX_ROWS, MIN_COLUMNS, MIN_ROWS, type WallPanel } from './layout.ts'
import type { Resize } from './use-resize.ts'

const LINE =
  'absolute z-2 touch-none outline-offset-0 after:absolute after:rounded-full after:bg-accent after:opacity-0 ' +
  'after:transition-opacity hover:after:opacity-60 focus-visible:after:opacity-100 active:after:opacity-100'

/** The right and lower edge of a panel, as separators that arrow keys move, and its corner for the pointer. */
export function ResizeHandles(props: { panel: WallPanel; name: string; bodyId: string; resize: Resize }) {
  const { panel, name, bodyId, resize } = props
  const { w, h } = resize.draft ?? panel
  return (
    <>
      <div
        role="separator"
        tabIndex={0}
        aria-label={`Width of ${name}`}
        aria-controls={bodyId}
        aria-orientation="vertical"
        aria-valuemin={MIN_COLUMNS}
        aria-valuemax={COLUMNS}
        aria-valuenow={clamp(w, MIN_COLUMNS, COLUMNS)}
        aria-valuetext={`${clamp(w, MIN_COLUMNS, COLUMNS)} of ${COLUMNS} columns`}
        onPointerDown={resize.pointer('w')}
        onKeyDown={resize.key('w')}
        className={`${LINE} inset-y-2 -right-[9px] hidden w-[18px] cursor-ew-resize after:inset-y-0 after:left-[7px] after:w-1 sm:block`}
      />
      <div
        role="separator"
        tabIndex={0}
        aria-label={`Height of ${name}`}
        aria-controls={bodyId}
        aria-orientation="horizontal"
        aria-valuemin={MIN_ROWS}
        aria-valuemax={MAX_ROWS}
        aria-valuenow={clamp(h, MIN_ROWS, MAX_ROWS)}
        aria-valuetext={`${clamp(h, MIN_ROWS, MAX_ROWS)} rows`}
        onPointerDown={resize.pointer('h')}
        onKeyDown={resize.key('h')}
        className={`${LINE} inset-x-2 -bottom-[9px] h-[18px] cursor-ns-resize after:inset-x-0 after:top-[7px] after:h-1`}
      />
      <span
        aria-hidden="true"
        onPointerDown={resize.pointer('both')}
        className="absolute -right-1.5 -bottom-1.5 z-3 hidden size-5 cursor-nwse-resize touch-none sm:block"
      />
    </>
  )
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value))
}
