import { createContext, useContext } from 'react'
import type { Issue } from './check-value.ts'
import { samePath, type Path } from './schema.ts'

export interface FormTools {
  /** Changes one place; the change is given what stands there then, so that late ones overwrite nothing. */
  change: (path: Path, change: (before: unknown) => unknown) => void
  issues: readonly Issue[]
  /** Puts a file where the app can read it; null where files can only be named by their address. */
  upload: ((file: File) => Promise<string>) | null
}

export const FormContext = createContext<FormTools | null>(null)

export function useForm(): FormTools {
  const tools = useContext(FormContext)
  if (!tools) throw new Error('A field needs a SchemaForm above it')
  return tools
}

/** What is wrong with exactly this place, as a sentence. */
export function useIssue(path: Path): string | null {
  const issue = useForm().issues.find((each) => samePath(each.path, path))
  return issue ? issue.message.charAt(0).toUpperCase() + issue.message.slice(1) : null
}
