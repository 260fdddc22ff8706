import { FILE_TYPE } from '#protocols/weir/file-type.ts'

export type Medium = 'image' | 'video' | 'audio'

const A_MEDIUM: Record<Medium, string> = { image: 'a picture', video: 'a video', audio: 'sound' }

/** What an answer to the address says about a medium that could not be shown. */
export function answerWords(medium: Medium, status: number, contentType: string | null): string {
  if (status === 404 || status === 410) return `The file is not there (${status}).`
  if (status === 401 || status === 403) return `Its host refuses the file (${status}).`
  if (status >= 400) return `Its host answers with an error (${status}).`
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== '' && !type.startsWith(`${medium}/`)) return `This is not ${A_MEDIUM[medium]} but ${type}.`
  return `The file is damaged, or of a form that this browser does not show${type ? ` (${type})` : ''}.`
}

/** Asks the host why a medium could not be shown: the element itself does not tell. */
export async function whyNot(medium: Medium, url: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal,
    })
    const type = response.headers.get(FILE_TYPE) ?? response.headers.get('content-type')
    return answerWords(medium, response.status, type)
  } catch {
    return `It could not be loaded: the file is gone or is not ${A_MEDIUM[medium]}, or its host does not answer.`
  }
}
