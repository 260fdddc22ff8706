import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { newTask, openNewTask } from '#features/tasks/new-task/open-new-task.ts'
import { stopQuestion } from '#panels/command/stop-question.ts'
import { loadWhenIdle } from '#lib/lazy-module.ts'
import { useRelayState, useStreams } from '#streams/react.tsx'
import { useHotkeys } from '#ui/hotkeys.ts'
import { lazyPart } from '#ui/lazy-part.tsx'
import { Toaster } from '#ui/toast.tsx'
import { lazyWithQueries } from '../lazy-with-queries.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { MainNav } from './main-nav.tsx'
import { SourceBanners } from './source-banners.tsx'
import { TopBar } from './top-bar.tsx'
import { usePageTitle } from './use-page-title.ts'
import { useWatchNotices } from './use-watch-notices.ts'

const StopDialogs = lazyPart(async () => (await import('#panels/command/stop-dialogs.tsx')).StopDialogs, {
  place: 'over',
})
const NewTaskDialog = lazyWithQueries(
  'over',
  async () => (await import('#features/tasks/new-task/new-task-dialog.tsx')).NewTaskDialog,
)
const Palette = lazyPart(async () => (await import('../palette/palette.tsx')).Palette, { place: 'over' })
const KeysSheet = lazyPart(async () => (await import('./keys-sheet.tsx')).KeysSheet, { place: 'over' })

/** After the first screen has been drawn. */
const SOON_MS = 500

type Overlay = 'palette' | 'keys' | null

/** The frame around every screen. */
export function Shell() {
  const [overlay, setOverlay] = useState<Overlay>(null)
  const starting = useStore(newTask, (state) => (state.open || state.typed ? state.draft : null))
  const streams = useStreams()
  // Counts, title and notices follow the tasks on every screen.
  useEffect(() => streams.watchList('tasks'), [streams])
  const isConnected = useRelayState((state) => state.name === 'open')
  useEffect(() => {
    if (!isConnected) return
    const timer = setTimeout(() => void loadWhenIdle(), SOON_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [isConnected])
  const stopping = useStore(stopQuestion, (state) => state.question !== null)
  usePageTitle()
  useWatchNotices()
  useHotkeys({
    'mod+k': (event) => {
      event.preventDefault()
      setOverlay('palette')
    },
    '?': () => {
      setOverlay('keys')
    },
    n: (event) => {
      event.preventDefault()
      openNewTask()
    },
  })
  const close = () => {
    setOverlay(null)
  }
  return (
    <div
      data-shell
      className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[44px_auto_minmax(0,1fr)_auto] md:grid-cols-[56px_minmax(0,1fr)] lg:grid-cols-[196px_minmax(0,1fr)]"
    >
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
        className="absolute top-1 left-2 z-40 -translate-y-16 rounded-md bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        Skip to content
      </a>
      <TopBar
        onPalette={() => {
          setOverlay('palette')
        }}
      />
      <MainNav
        onKeys={() => {
          setOverlay('keys')
        }}
      />
      <div className="row-start-2 min-w-0 md:col-start-2">
        <ConnectionBanner />
        <SourceBanners />
      </div>
      <Main />
      <Toaster />
      {starting !== null && <NewTaskDialog key={starting} />}
      {stopping && <StopDialogs />}
      {overlay === 'palette' && (
        <Palette
          onClose={close}
          onKeys={() => {
            setOverlay('keys')
          }}
        />
      )}
      {overlay === 'keys' && <KeysSheet onClose={close} />}
    </div>
  )
}

/** The screen; another page begins at its top, with the focus there for those who do not see it. */
function Main() {
  const ref = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const first = useRef(path)
  useEffect(() => {
    if (first.current === path) return
    first.current = path
    ref.current?.scrollTo(0, 0)
    ref.current?.focus({ preventScroll: true })
  }, [path])
  return (
    <main
      id="main"
      ref={ref}
      tabIndex={-1}
      className="row-start-3 min-w-0 overflow-y-auto outline-none md:col-start-2"
    >
      <Outlet />
    </main>
  )
}
