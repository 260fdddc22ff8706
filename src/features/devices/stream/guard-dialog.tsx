import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { Icon } from '#ui/icon.tsx'
import { KEEP_USUALLY_MS } from '../device-words.ts'
import { closeGuard, endStream, guard, sendStream } from './guard-store.ts'
import type { StreamQuestion } from './stream-question.ts'
import { KeepSelect } from './keep-select.tsx'

/** Asks before a stream is started or stopped that somebody depends on; nothing while nothing is asked. */
export function GuardDialog() {
  const question = useStore(guard, (state) => state.question)
  // Who leaves the screen has not answered.
  useEffect(() => closeGuard, [])
  return question && <Question question={question} />
}

const LABELS = { start: 'Start stream', stop: 'Stop stream', disconnect: 'Disconnect' } as const

function Question(props: { question: StreamQuestion }) {
  const { question } = props
  const { verb, source, id, disturbs, takesOver, ends } = question
  const weir = useWeir()
  const [keepMs, setKeepMs] = useState<number | null>(KEEP_USUALLY_MS)
  const label = LABELS[verb]
  return (
    <Dialog
      alert
      title={`${label}?`}
      onClose={closeGuard}
      footer={
        <>
          <Button data-autofocus className="touch-target" onClick={closeGuard}>
            Keep
          </Button>
          <Button
            look="danger"
            icon={verb === 'start' ? 'play' : 'stop'}
            className="touch-target pointer-coarse:ml-2"
            onClick={() => {
              closeGuard()
              if (verb === 'disconnect' || ends) {
                if (ends && verb !== 'start') endStream(weir, ends, verb)
              } else void sendStream(weir, question, verb, { keepMs, force: true })
            }}
          >
            {label}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <p className="text-mute">
          <span className="said font-medium text-ink">{id}</span> of <span className="said">{source}</span>
          {disturbs.owner !== null && (
            <>
              , held by{' '}
              <Link
                to="/tasks/$source/$taskId"
                params={{ source, taskId: disturbs.owner }}
                onClick={closeGuard}
                className="said text-accent underline"
              >
                {disturbs.owner}
              </Link>
            </>
          )}
          {takesOver && ', streams for a client outside Weir. To start it here is to take it over'}.
        </p>
        <p className="flex gap-2 rounded-md bg-warn/10 px-3 py-2">
          <Icon name="warning" size={14} className="mt-[3px] text-warn" />
          <span className="said min-w-0">{disturbs.consequence}</span>
        </p>
        {verb === 'start' && (
          <KeepSelect label="Kept when nobody watches" value={keepMs} onChange={setKeepMs} shape="field" />
        )}
        <p className="text-sm text-faint">“Keep” leaves everything as it is.</p>
      </div>
    </Dialog>
  )
}
