import { InputEditor } from '#panels/schema-form/input-editor.tsx'
import { Select, TextField } from '#ui/field.tsx'
import { optionsText, type OptionsDraft } from './run-options.ts'
import type { Run } from './use-run.ts'

/** What is rarely set, behind one line that says what is. */
export function OptionsSection(props: { run: Run }) {
  const { run } = props
  const { options, changeOptions, errors } = run
  const wrong = Object.keys(errors.options).length > 0 || errors.setup.issues.length > 0
  const said = optionsText(options)
  return (
    <details open={wrong || undefined} className="group rounded-md border border-line">
      <summary className="cursor-pointer rounded-md px-3 py-1.5 select-none hover:bg-hover">
        <span className="font-medium">Options</span>
        <span className="text-faint">
          {' '}
          {said || (run.hasSetup ? 'setup, session, place, time' : 'session, place, time')}
        </span>
      </summary>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3.5 border-t border-line p-3 sm:grid-cols-2">
        {run.hasSetup && (
          <div className="sm:col-span-2">
            <InputEditor
              title="Setup"
              textLabel="Setup"
              schema={run.setupSchema}
              draft={run.setup}
              onChange={run.changeSetup}
              issues={errors.setup.issues}
              error={errors.setup.error}
              upload={null}
            />
          </div>
        )}
        <TextField
          label="Cancel after, minutes"
          inputMode="decimal"
          value={options.cancelAfter}
          placeholder="never"
          error={errors.options.cancelAfter ?? null}
          hint="Weir cancels it then, whether or not a page is open"
          onChange={(cancelAfter) => {
            changeOptions({ cancelAfter })
          }}
        />
        <TextField
          label="Run at"
          type="datetime-local"
          value={options.runAt}
          error={errors.options.runAt ?? null}
          hint="Not before; local time. Empty: now"
          onChange={(runAt) => {
            changeOptions({ runAt })
          }}
        />
        <Select<OptionsDraft['infra']>
          label="Infrastructure"
          value={options.infra}
          options={[
            { value: '', label: 'as the app says' },
            { value: 'cloud', label: 'cloud' },
            { value: 'private', label: 'private' },
            { value: 'private_first', label: 'private first' },
          ]}
          onChange={(infra) => {
            changeOptions({ infra })
          }}
        />
        <Select<OptionsDraft['session']>
          label="Session"
          value={options.session}
          options={[
            { value: 'none', label: 'none' },
            { value: 'new', label: 'a new one' },
            { value: 'existing', label: 'an existing one' },
          ]}
          onChange={(session) => {
            changeOptions({ session })
          }}
        />
        {options.session === 'existing' && (
          <TextField
            label="Session ID"
            mono
            value={options.sessionId}
            error={errors.options.sessionId ?? null}
            onChange={(sessionId) => {
              changeOptions({ sessionId })
            }}
          />
        )}
        {options.session !== 'none' && (
          <TextField
            label="Session timeout, seconds"
            inputMode="numeric"
            value={options.sessionTimeout}
            placeholder="as the app says"
            error={errors.options.sessionTimeout ?? null}
            hint="1 to 3,600 without a run"
            onChange={(sessionTimeout) => {
              changeOptions({ sessionTimeout })
            }}
          />
        )}
      </div>
    </details>
  )
}
