import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Keeps a value on disk, whole or not at all, readable by this user alone: configurations hold metadata and user data. */
export function keepSecret(path: string, value: unknown): void {
  const next = `${path}.next`
  writeFileSync(next, JSON.stringify(value), { mode: 0o600 })
  renameSync(next, path)
}

/** The value kept last; undefined when there is none that can be read. */
export function readKept<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch {
    return undefined
  }
}
