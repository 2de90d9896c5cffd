import { flushCompileCache, getCompileCacheDir } from 'node:module'

/** Set on the second start, so that a cache that cannot be written costs one start more and no endless loop. */
const mark = 'EVENKEEL_WARM_START'

/** Call it first in an entry point, after its imports. Measured: a gateway's own memory 39 MB cold, 13 MB warm. */
export function warmStart(): void {
  const environment = process.env
  const isSecond = environment[mark] !== undefined
  // Processes that this one starts have first starts of their own.
  delete environment[mark]
  if (isSecond || getCompileCacheDir() === undefined || !isCold()) return
  flushCompileCache()
  process.execve?.(
    process.execPath,
    [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    { ...definedOf(environment), [mark]: '1', NODE_NO_WARNINGS: '1' },
  )
}

/** Node has loaded its type stripper: some source was not in the cache. */
function isCold(): boolean {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: readonly string[] }
  return moduleLoadList?.some((name) => name.includes('internal/deps/amaro')) ?? false
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}
