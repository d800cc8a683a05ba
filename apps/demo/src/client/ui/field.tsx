import { type InputHTMLAttributes, useContext, useId } from 'react'
import { ProblemsContext } from './problems.ts'

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string
  readonly name: string
  /** What helps to fill it in. */
  readonly hint?: string
}

/** An input with its label, and below it what is wrong with what stands in it: screen readers read that with the input. */
export function Field({ label, hint, ...input }: FieldProps) {
  const id = useId()
  const problem = useContext(ProblemsContext)[input.name]
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        required
        {...input}
        id={id}
        aria-invalid={problem ? true : undefined}
        aria-describedby={described || undefined}
      />
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {/* Always there and an alert, for an input that has the focus already is not read again. */}
      <div role="alert" id={`${id}-problem`}>
        {problem && <p className="field-problem">{problem}</p>}
      </div>
    </div>
  )
}
