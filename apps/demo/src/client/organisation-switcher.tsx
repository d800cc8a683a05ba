import { useMutation, useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { type ClientSession, trpc } from './trpc.ts'
import { describeError } from './text/errors.ts'

/** Moves the session to another of the person's organisations. */
export function OrganisationSwitcher({ session }: { readonly session: ClientSession }) {
  const id = useId()
  const organisations = useQuery(trpc.organisations.queryOptions())
  const change = useMutation(trpc.auth.updateSession.mutationOptions())
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
      {change.error && (
        <p className="switcher-error" role="alert">
          {describeError(change.error)}
        </p>
      )}
    </div>
  )
}
