import { Link } from '@tanstack/react-router'
import { openNewTask } from '#features/tasks/new-task/open-new-task.ts'
import { askToStop } from '#panels/command/stop-question.ts'
import { Button, IconButton } from '#ui/button.tsx'
import { Icon } from '#ui/icon.tsx'
import { Kbd } from '#ui/kbd.tsx'
import { cycleTheme, useThemeChoice } from '../theme.ts'
import { SourcePills } from './source-pills.tsx'

const THEME_ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const
const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘K' : 'Ctrl K'

export function TopBar(props: { onPalette: () => void }) {
  return (
    <header className="col-span-full flex items-center gap-3 border-b border-line bg-panel px-3 sm:gap-3.5 sm:px-4">
      <Link to="/" aria-label="Weir" className="flex shrink-0 items-center gap-2 font-semibold lg:w-[166px]">
        <Mark />
        <span className="max-sm:hidden">Weir</span>
      </Link>
      <button
        type="button"
        onClick={props.onPalette}
        aria-haspopup="dialog"
        aria-label="Find a task or command"
        className="flex h-[30px] min-w-0 flex-1 items-center justify-between gap-2 rounded-md border border-line2 bg-bg px-2.5 text-faint hover:border-edge sm:max-w-[420px]"
      >
        <span className="flex min-w-0 items-center gap-2">
          <Icon name="search" size={14} />
          <span className="truncate">Find a task or command</span>
        </span>
        <span className="shrink-0 pointer-coarse:hidden">
          <Kbd>{MOD}</Kbd>
        </span>
      </button>
      <SourcePills />
      <div className="flex shrink-0 items-center gap-1.5 pointer-coarse:gap-2">
        <Button
          look="danger"
          icon="stop"
          aria-label="Stop all"
          aria-haspopup="dialog"
          title="Cancel every unfinished task: asks first"
          className="touch-target"
          onClick={() => {
            askToStop({ kind: 'all' })
          }}
        >
          <span className="max-lg:hidden">Stop all</span>
        </Button>
        <ThemeButton />
        <Button
          look="primary"
          icon="plus"
          aria-label="New task"
          onClick={() => {
            openNewTask()
          }}
        >
          <span className="max-sm:hidden">New task</span>
        </Button>
      </div>
    </header>
  )
}

function ThemeButton() {
  const choice = useThemeChoice()
  return (
    <IconButton icon={THEME_ICONS[choice]} label="Theme" title={`Theme: ${choice}`} onClick={cycleTheme} />
  )
}

function Mark() {
  return (
    <svg
      viewBox="0 0 18 18"
      width="18"
      height="18"
      fill="none"
      stroke="var(--accent)"
      strokeWidth="1.8"
      aria-hidden="true"
    >
      <path d="M2 5c3 0 3 2 6 2s3-2 6-2h2M2 11c3 0 3 2 6 2s3-2 6-2h2" />
      <path d="M9 1v16" strokeOpacity=".45" />
    </svg>
  )
}
