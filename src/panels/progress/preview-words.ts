import { isTerminal } from '#model/status.ts'
import type { OutputPreview, TaskSummary } from '#model/task.ts'

const KINDS: Record<OutputPreview['kind'], string> = {
  image: 'image',
  video: 'video',
  audio: 'sound',
  text: 'text',
  file: 'file',
}

/** "provisional image": what a task has brought forth so far, while more may replace it. */
export function provisionalWords(task: Pick<TaskSummary, 'preview'>): string {
  return task.preview?.provisional ? `provisional ${KINDS[task.preview.kind]}` : ''
}

/** The preview as words: the end of a text, the name of a file; empty for pictures, which are shown. */
export function previewWords(task: Pick<TaskSummary, 'preview' | 'status'>): string {
  const { preview } = task
  if (preview === null) return ''
  switch (preview.kind) {
    case 'text':
      return textTail(preview.text ?? '', isTerminal(task.status))
    case 'file':
      return preview.text ?? 'a file'
    case 'video':
    case 'audio':
      return `${KINDS[preview.kind]} ${nameIn(preview.url)}`.trim()
    case 'image':
      return ''
    default:
      return preview.kind satisfies never
  }
}

const TAIL = 90
/** Of longer texts only the end is kept. */
const KEPT = 280

/** A text that grows is shown by its end, one that is complete from its beginning, as far as that was kept. */
function textTail(text: string, complete: boolean): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const cut = text.length >= KEPT ? `… ${line.replace(/^\S*\s/, '')}` : line
  return complete || line.length <= TAIL ? cut : `… ${line.slice(-TAIL).replace(/^\S*\s/, '')}`
}

function nameIn(url: string | null): string {
  const path = url?.split(/[?#]/, 1)[0] ?? ''
  return path.slice(path.lastIndexOf('/') + 1).slice(0, 100)
}
