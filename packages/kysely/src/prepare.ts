import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely'
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
export function prepare<TParams extends object, TRow>(db: Db, build: Build<TParams, TRow>): Prepared<TParams, TRow> {
  return runner(db, withName(compile(build)))
}

/** The same for a query whose best plan depends on its values: the database plans it anew for each run. */
export function prepareUnnamed<TParams extends object, TRow>(
  db: Db,
  build: Build<TParams, TRow>,
): Prepared<TParams, TRow> {
  return runner(db, compile(build))
}

type Db = Pick<Kysely<unknown>, 'executeQuery'>
type Build<TParams, TRow> = (param: Param<TParams>) => Compilable<TRow>

function compile<TParams extends object, TRow>(build: Build<TParams, TRow>): CompiledQuery<TRow> {
  // A slot takes the place of a value of its parameter's type in the builder, which passes values through untouched.
  return build((name) => new Slot(name) as never).compile()
}

function runner<TParams extends object, TRow>(db: Db, compiled: CompiledQuery<TRow>): Prepared<TParams, TRow> {
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
