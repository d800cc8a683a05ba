/** What runs, by name: `instance-1`, `instance-2`, `database`, `redis`. */
export type MachineStates = Readonly<Record<string, boolean>>

/** How long an end took to be known at another instance. */
export interface Revocation {
  readonly from: string
  readonly to: string
  readonly milliseconds: number
}

/** Asks what stands in front of the instances, which is up whatever is killed. */
export const fetchStates = (): Promise<MachineStates> => ask('state', 'GET')
export const killMachine = (name: string): Promise<MachineStates> => ask(`kill/${name}`, 'POST')
export const startMachine = (name: string): Promise<MachineStates> => ask(`start/${name}`, 'POST')
export const measureRevocation = (): Promise<Revocation> => ask('revocation', 'POST')

async function ask<T>(what: string, method: 'GET' | 'POST'): Promise<T> {
  const response = await fetch(`/cluster/${what}`, { method })
  const body: unknown = await response.json()
  // The script that runs the machines sends these shapes, and a sentence if something fails.
  if (response.ok) return body as T
  throw new Error((body as { readonly message: string }).message)
}
