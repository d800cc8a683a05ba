import type { Compilable, Kysely, QueryResult } from 'kysely'
import { withName } from './statement-name.ts'

/** Stands in a query for a value that each run brings along. */
export type Param<TParams> = <TName extends keyof TParams & string>(name: TName) => TParams[TName]

export type Prepared<TParams, TRow> = (params: TParams) => Promise<QueryResult<TRow>>

/**
 * A query that is built and compiled once and then only run: compiling costs more than running. Values are bound, never written
 * into the text. A dialect that knows the name that it gets here has the database keep it too.
 *
 * @example
 * const byId = prepare(db, (param: Param<{ id: string }>) => db.selectFrom('users').selectAll().where('id', '=', param('id')))
 * const { rows } = await byId({ id: 'user-1' })
 */
export function prepare<TParams extends object, TRow>(
  db: Pick<Kysely<unknown>, 'executeQuery'>,
  build: (param: Param<TParams>) => Compilable<TRow>,
): Prepared<TParams, TRow> {
  // A slot takes the place of a value of its parameter's type in the builder, which passes values through untouched.
  const compiled = withName(build((name) => new Slot(name) as never).compile())
  return (params) => {
    const parameters = compiled.parameters.map((value) =>
      value instanceof Slot ? Reflect.get(params, value.name) : value,
    )
    return db.executeQuery({ ...compiled, parameters })
  }
}

class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}
