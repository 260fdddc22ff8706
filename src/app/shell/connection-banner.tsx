import { reloadPage } from '#lib/drafts.ts'
import { useEffect, useState } from 'react'
import { outageOf, type Outage } from '#streams/outage.ts'
import { useRelayState, useStreams } from '#streams/react.tsx'
import { Banner } from '#ui/banner.tsx'
import { Button } from '#ui/button.tsx'
import { Time } from '#ui/time.tsx'

const BACK_MS = 3_000

const CATCHES_UP =
  'What you see is as of then. While Weir runs it goes on recording, and this page catches up by itself.'

/**
 * What keeps the page from the whole truth: one bar at a time, so that what is below does not jump, then
 * "Reconnected" for a moment. The element is always there, so that what changes in it is announced.
 */
export function ConnectionBanner() {
  const name = useRelayState((state) => state.name)
  const outage = useRelayState(outageOf)
  const outdated = useRelayState((state) => state.outdated)
  const back = useJustBack(name === 'open' || name === 'stalled')
  return (
    <>
      <div role="status" aria-label="Connection" data-relay-state={name}>
        {outage !== null && outage !== 'not-written' && <OutageBanner outage={outage} />}
        {outage === null && name === 'open' && (back ? <BackBanner /> : outdated && <OutdatedBanner />)}
      </div>
      {outage === 'not-written' && <NotWrittenBanner />}
    </>
  )
}

function OutageBanner({ outage }: { outage: Exclude<Outage, 'not-written'> }) {
  const asOf = useRelayState((state) => state.asOf)
  const share = useRelayState((state) => state.share)
  const streams = useStreams()
  const since = <Time at={asOf ?? streams.now()} />
  switch (outage) {
    case 'taken':
      return (
        <Banner
          tone="warn"
          icon="unlink"
          actions={
            <Button
              small
              onClick={() => {
                streams.takeConnection()
              }}
            >
              Take one
            </Button>
          }
        >
          {share === 'given'
            ? 'Another tab took over the connection of this one: what you see stands still.'
            : 'This browser has no connection left for this tab: other tabs of Weir hold them. Close one, or take the connection of another.'}
        </Banner>
      )
    case 'refused':
      return (
        <Banner tone="bad" icon="unlink" actions={<TryNow />}>
          This Weir needs its token, and what this browser has is no longer right. Open the URL that Weir
          printed when it started, in any tab of this browser; this page then goes on by itself.
        </Banner>
      )
    case 'stalled':
      return (
        <Banner tone="warn" icon="spinner" turning>
          No word from Weir since {since}: it may be busy or stopped. What you see is as of then.
        </Banner>
      )
    case 'reconnecting':
      return (
        <Banner tone="warn" icon="spinner" turning actions={<TryNow />}>
          Reconnecting to Weir since {since}. {CATCHES_UP}
        </Banner>
      )
    case 'lost':
      return (
        <Banner tone="bad" icon="unlink" actions={<TryNow />}>
          Weir has not answered since {since}. {CATCHES_UP}
        </Banner>
      )
  }
}

/** Work goes on meanwhile: what is at risk is what a restart would bring back. */
function NotWrittenBanner() {
  const notWritten = useRelayState((state) => state.notWritten)
  const streams = useStreams()
  if (notWritten === null) return null
  return (
    <Banner tone="warn" role="alert" label="Record">
      <b className="font-medium">
        Not written to disk since <Time at={notWritten.since} as="when" now={streams.now()} />.
      </b>{' '}
      {notWritten.text} Work goes on in memory and is written as soon as it can be; do not stop Weir until
      then.
    </Banner>
  )
}

function BackBanner() {
  return (
    <Banner tone="ok" icon="check">
      Reconnected
    </Banner>
  )
}

function OutdatedBanner() {
  return (
    <Banner
      tone="run"
      actions={
        <Button small icon="refresh" onClick={reloadPage}>
          Reload
        </Button>
      }
    >
      Weir was updated. Reload this page to get the same version.
    </Banner>
  )
}

function TryNow() {
  const streams = useStreams()
  return (
    <Button
      small
      onClick={() => {
        streams.wake()
      }}
    >
      Try now
    </Button>
  )
}

/** True for a moment after the connection came back; never after the first time. */
function useJustBack(open: boolean): boolean {
  const [was, setWas] = useState<{ open: boolean; ever: boolean; back: boolean }>({
    open,
    ever: open,
    back: false,
  })
  if (was.open !== open) setWas({ open, ever: was.ever || open, back: open && was.ever })
  const { back } = was
  useEffect(() => {
    if (!back) return
    const timer = setTimeout(() => {
      setWas((state) => ({ ...state, back: false }))
    }, BACK_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [back])
  return back
}
