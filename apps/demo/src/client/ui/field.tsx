import { type InputHTMLAttributes, useId } from 'react'

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string
  readonly name: string
  /** What is wrong with what stands in it. */
  readonly problem?: string | undefined
}

/** An input with its label, and below it what is wrong: screen readers read that with the input. */
export function Field({ label, problem, ...input }: FieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        required
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
      />
      {/* Always there and an alert, for an input that has the focus already is not read again. */}
      <div role="alert" id={`${id}-problem`}>
        {problem && <p className="field-problem">{problem}</p>}
      </div>
    </div>
  )
}
