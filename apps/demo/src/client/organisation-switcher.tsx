import { useMutation, useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { type ClientSession, trpc } from './trpc.ts'
import { describeError } from './text/errors.ts'

export interface OrganisationSwitcherProps {
  readonly session: ClientSession
  readonly report: (problem: string | null) => void
}

/** Moves the session to another of the person's organisations. */
export function OrganisationSwitcher({ session, report }: OrganisationSwitcherProps) {
  const id = useId()
  const organisations = useQuery(trpc.organisations.queryOptions())
  const change = useMutation(
    trpc.auth.updateSession.mutationOptions({
      onMutate: () => report(null),
      onError: (error) => report(`The organisation is the same as before. ${describeError(error)}`),
    }),
  )
  const current = session.claims.orgId ?? ''
  // Until the list is here, the one that the session names is all of it.
  const options = organisations.data ?? (session.orgName ? [{ id: current, name: session.orgName }] : [])
  return (
    <div className="switcher">
      <label htmlFor={id}>Organisation</label>
      <span className="select">
        <select
          id={id}
          value={change.isPending ? change.variables.orgId : current}
          aria-busy={change.isPending}
          onChange={(event) => change.mutate({ orgId: event.target.value })}
        >
          {!options.some((option) => option.id === current) && <option value={current}>None</option>}
          {options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.name}
            </option>
          ))}
        </select>
      </span>
    </div>
  )
}
