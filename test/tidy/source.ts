import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** A TypeScript file under `src`, its path relative to it. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly room: string
  readonly service: string | undefined
  readonly isTest: boolean
  /** Relative imports as paths under `src`; others as written. */
  readonly imports: readonly string[]
}

export function sourceOf(path: string, text: string): Source {
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/^import\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g),
  ].map((match) => match[1] ?? '')
  return {
    path,
    text,
    room: path.split('/')[0] ?? '',
    service: /^services\/([^/]+)/.exec(path)?.[1],
    isTest: path.endsWith('.test.ts'),
    imports: specifiers.map((specifier) =>
      specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier,
    ),
  }
}

export const root = new URL('../../', import.meta.url).pathname

export function filesUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, folder).length))
    .map((path) => path.replace(/^\//, ''))
}

export function readSources(): readonly Source[] {
  return filesUnder('src')
    .filter((path) => path.endsWith('.ts'))
    .map((path) => sourceOf(path, readFileSync(join(root, 'src', path), 'utf8')))
}
