import { useState, type ReactNode } from 'react'
import { SuggestField } from './suggest-field.tsx'

/** Free text with suggestions. */
export function Combobox(props: {
  label: string
  value: string
  onChange: (value: string) => void
  suggestions: readonly string[]
  hint?: ReactNode
  error?: string | null
  placeholder?: string
  /** The focus of a dialog begins here. */
  first?: boolean
}) {
  const { suggestions, ...field } = props
  const [asked, setAsked] = useState('')
  const word = asked.trim().toLowerCase()
  const offered = word ? suggestions.filter((each) => each.toLowerCase().includes(word)) : suggestions
  const isWritten = offered.length === 1 && offered[0] === field.value
  return (
    <SuggestField {...field} options={isWritten ? [] : offered} textOf={String} onAsk={setAsked}>
      {(each) => <span className="said-line block">{each}</span>}
    </SuggestField>
  )
}
