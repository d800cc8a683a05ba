import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import {
  fetchStates,
  killMachine,
  type MachineStates,
  measureRevocation,
  type Revocation,
  startMachine,
} from '../machines/orders.ts'
import { queryClient, trpc } from '../trpc.ts'
import { Page } from '../ui/page.tsx'
import { Failure, Loading } from '../ui/states.tsx'

const STATES = ['machines']
const NAMES = [
  ['instance-1', 'Instance 1'],
  ['instance-2', 'Instance 2'],
  ['database', 'PostgreSQL'],
  ['redis', 'Redis'],
] as const

/** For the demo as two instances: who answers, what runs, and how fast an end is known. */
export function MachinesPage() {
  return (
    <Page
      title="Machines"
      intro="Two instances serve this page by turns, on one PostgreSQL and one Redis. Kill any of them and go on using the demo: nobody is signed out."
    >
      <Answers />
      <Machines />
      <Revocations />
    </Page>
  )
}

interface Answer {
  readonly id: number
  /** null: none answered. */
  readonly instance: string | null
  readonly isSignedIn: boolean
}

/** How many answers are shown. */
const SHOWN = 20

/** Asks for the session once a second, and shows who answered. */
function Answers() {
  const [answers, setAnswers] = useState<readonly Answer[]>([])
  useEffect(() => {
    let id = 0
    const timer = setInterval(() => {
      void askWhoAnswers().then((answer) => setAnswers((known) => [{ ...answer, id: id++ }, ...known].slice(0, SHOWN)))
    }, 1_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <section className="card panel" aria-labelledby="answers">
      <h2 id="answers">Who answers</h2>
      <p className="muted">Your session is asked for once a second.</p>
      <ol className="answers" aria-label="The latest answers, newest first">
        {answers.map(({ id, instance, isSignedIn }) => (
          <li key={id} className={instance && isSignedIn ? `answer answer-${instance}` : 'answer answer-bad'}>
            {instance ? `${instance}${isSignedIn ? '' : ', unknown'}` : 'none'}
          </li>
        ))}
      </ol>
    </section>
  )
}

async function askWhoAnswers(): Promise<Omit<Answer, 'id'>> {
  try {
    const response = await fetch('/auth/session')
    const instance = response.headers.get('x-instance')
    return response.ok
      ? { instance, isSignedIn: (await response.json()) !== null }
      : { instance: null, isSignedIn: false }
  } catch {
    return { instance: null, isSignedIn: false }
  }
}

function Machines() {
  const states = useQuery({ queryKey: STATES, queryFn: fetchStates, refetchInterval: 1_000 })
  const keep = (known: MachineStates) => queryClient.setQueryData(STATES, known)
  const kill = useMutation({ mutationFn: killMachine, onSuccess: keep })
  const start = useMutation({ mutationFn: startMachine, onSuccess: keep })
  if (states.isPending) return <Loading what="the machines" />
  if (states.isError) return <Failure error={states.error} retry={states.refetch} />
  const error = kill.error ?? start.error
  return (
    <section className="card panel" aria-labelledby="states">
      <h2 id="states">What runs</h2>
      <ul className="list">
        {NAMES.map(([name, label]) => {
          const isUp = states.data[name] ?? false
          const order = isUp ? kill : start
          return (
            <li key={name}>
              <div className="list-text">
                <p>
                  {label} <span className={isUp ? 'tag tag-strong' : 'tag'}>{isUp ? 'runs' : 'is down'}</span>
                </p>
              </div>
              <button
                type="button"
                className={isUp ? 'button-bad' : ''}
                aria-label={`${isUp ? 'Kill' : 'Start'} ${label}`}
                aria-busy={order.isPending && order.variables === name}
                onClick={() => order.mutate(name)}
              >
                {isUp ? 'Kill' : 'Start'}
              </button>
            </li>
          )
        })}
      </ul>
      <div role="alert">{error && <p className="notice notice-bad">{error.message}</p>}</div>
    </section>
  )
}

function Revocations() {
  const [measured, setMeasured] = useState<readonly Revocation[]>([])
  const measure = useMutation({
    mutationFn: measureRevocation,
    onSuccess: (revocation) => setMeasured((known) => [revocation, ...known].slice(0, 10)),
  })
  return (
    <section className="card panel" aria-labelledby="ends">
      <h2 id="ends">How fast an end is known</h2>
      <p className="muted">
        Ben signs in at one instance and out again. The other one is asked for his session until it refuses.
      </p>
      <button type="button" aria-busy={measure.isPending} onClick={() => measure.mutate()}>
        Measure
      </button>
      <ol className="measured" aria-live="polite">
        {measured.map(({ from, to, milliseconds }, index) => (
          <li key={measured.length - index}>
            Signed out at instance {from}, refused at instance {to} after <strong>{milliseconds} ms</strong>
          </li>
        ))}
      </ol>
      <div role="alert">
        {measure.error && <p className="notice notice-bad">It could not be measured: {measure.error.message}.</p>}
      </div>
    </section>
  )
}

/** Whether the demo runs as several instances. */
export function useHasMachines(): boolean {
  const about = useQuery(trpc.about.queryOptions(undefined, { staleTime: Infinity }))
  return about.data?.instance != null
}
