import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** A small app, as one would write it: a role, a claim, a password, and guarded procedures. */
const FOLDER = join(import.meta.dirname, '../app')
const NAMES = readdirSync(FOLDER)

/** Whether the app gives its configuration a name: `interface App extends TypesOf<typeof auth> {}`. */
export type AppForm = 'named' | 'unnamed'

export const OPTIONS: ts.CompilerOptions = {
  strict: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  declaration: true,
  emitDeclarationOnly: true,
  // What is counted is the app's; the declarations of its dependencies are checked by test/consumer.
  skipLibCheck: true,
}

export function pathOf(name: string): string {
  return join(FOLDER, name)
}

/** Reads any file, the app's in the form that is asked for. */
export function readSource(path: string, form: AppForm): string {
  const text = readFileSync(path, 'utf8')
  if (form === 'named' || path !== pathOf('auth.ts')) return text
  return text.replace(', type TypesOf', '').replace(/export interface App .*\n/, '').replace('<App>', '') // prettier-ignore
}

/** What an editor asks about the app. */
export function openLanguageService(form: AppForm): ts.LanguageService {
  return ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getScriptFileNames: () => NAMES.map(pathOf),
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) =>
      ts.sys.fileExists(path) ? ts.ScriptSnapshot.fromString(readSource(path, form)) : undefined,
    getCurrentDirectory: () => FOLDER,
    getCompilationSettings: () => OPTIONS,
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
  })
}

/** Compiles the app, as `tsc` does. */
export function compileApp(form: AppForm): ts.Program {
  const host = ts.createCompilerHost(OPTIONS)
  return ts.createProgram({
    rootNames: NAMES.map(pathOf),
    options: OPTIONS,
    host: {
      ...host,
      getSourceFile: (path, version, ...rest) =>
        path.startsWith(FOLDER)
          ? ts.createSourceFile(path, readSource(path, form), version)
          : host.getSourceFile(path, version, ...rest),
    },
  })
}

/** The declarations of all of the app's files, one after the other. */
export function emitDeclarations(program: ts.Program): string {
  const texts: string[] = []
  program.emit(undefined, (_path, text) => texts.push(text), undefined, true)
  return texts.join('\n')
}
