import type { OutputPreview } from '#model/task.ts'

/** True for previews that a thumbnail can show: a picture, or the first frame of a video. */
export function isPictured(preview: OutputPreview | null): preview is OutputPreview & { url: string } {
  return preview !== null && (preview.kind === 'image' || preview.kind === 'video') && preview.url !== null
}
