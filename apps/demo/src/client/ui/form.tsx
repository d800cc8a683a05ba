import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { flushSync } from 'react-dom'
import { describeError } from '../text/errors.ts'
import { type Problems, ProblemsContext } from './problems.ts'

/** The fields of a form by name. */
export type Values = Readonly<Record<string, string>>

export interface FormProps {
  /** What its button says, and what while it works. */
  readonly action: string
  readonly busy: string
  /** What can be seen without asking the server. */
  readonly check?: (values: Values) => Problems
  readonly submit: (values: Values) => Promise<unknown>
  /** What a refusal means. By default a sentence below the fields. */
  readonly explain?: (error: unknown) => Problems
  /** Whether it is the page's first thing to do. */
  readonly isMain?: boolean
  readonly children?: ReactNode
}

/** A form that calls the server: it says what is wrong where it is wrong, and moves the focus there. */
export function Form({ action, busy, check, submit, explain = toSentence, isMain = true, children }: FormProps) {
  const id = useId()
  const [isPending, setPending] = useState(false)
  const [problems, setProblems] = useState<Problems>({})
  const show = (form: HTMLFormElement, next: Problems) => {
    flushSync(() => setProblems(next))
    form.querySelector<HTMLInputElement>('[aria-invalid]')?.focus()
  }
  const run = async (form: HTMLFormElement) => {
    const values = readValues(form)
    const found = check?.(values) ?? {}
    if (Object.values(found).some(Boolean)) return show(form, found)
    setProblems({})
    setPending(true)
    try {
      await submit(values)
    } catch (error) {
      show(form, explain(error))
    } finally {
      setPending(false)
    }
  }
  const start = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!isPending) void run(event.currentTarget)
  }
  return (
    <form className="form" onSubmit={start} noValidate>
      <ProblemsContext value={problems}>{children}</ProblemsContext>
      {/* Always there, so that screen readers hear what appears in it. */}
      <div role="alert" id={`${id}-error`}>
        {problems.form && <p className="notice notice-bad">{problems.form}</p>}
      </div>
      <button type="submit" className={isMain ? 'button-primary' : ''} aria-busy={isPending}>
        {isPending ? busy : action}
      </button>
    </form>
  )
}

function readValues(form: HTMLFormElement): Values {
  return Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  )
}

function toSentence(error: unknown): Problems {
  return { form: describeError(error) }
}
