import { useState, type ReactNode } from 'react'
import type { AppSummary } from '#protocols/weir/api.ts'
import { SuggestField } from '#ui/suggest-field.tsx'
import { isAppRef, useApps } from './use-app.ts'

/** An app by its name, or found by words. */
export function AppField(props: {
  source: string
  value: string
  onChange: (ref: string) => void
  hint?: ReactNode
  error?: string | null
}) {
  const { source, ...field } = props
  const [asked, setAsked] = useState<string | null>(null)
  const found = useApps(source, asked ?? '', asked !== null)
  const words = found.isError
    ? `The list of apps cannot be read: ${found.error.message}`
    : found.isPending
      ? 'Reading the apps …'
      : 'No app is found by these words. A whole name, namespace/name, can be used all the same.'
  return (
    <SuggestField
      {...field}
      label="App"
      listLabel="Apps"
      placeholder="Search, or namespace/name"
      first
      picks
      isWhole={(text) => isAppRef(text.trim())}
      options={found.data ?? []}
      textOf={(app) => app.ref}
      onAsk={setAsked}
      busy={found.isFetching}
      // A whole name needs no search that finds it.
      empty={isAppRef(field.value.trim()) ? undefined : words}
    >
      {(app) => <AppLine app={app} />}
    </SuggestField>
  )
}

function AppLine(props: { app: AppSummary }) {
  const { ref, title, description, category } = props.app
  return (
    <>
      <span className="flex items-baseline gap-2">
        <span className="said-line font-medium">{title || ref}</span>
        <span className="said-line font-mono text-xs text-mute">{ref}</span>
        {category && <span className="ml-auto shrink-0 text-xs text-mute">{category}</span>}
      </span>
      {description && <span className="said-line block text-sm text-mute">{description}</span>}
    </>
  )
}
