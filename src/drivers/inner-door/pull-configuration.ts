import { reasonOf } from '../../kernel/errors.ts'
import type { Log } from '../../kernel/ports.ts'
import { systemClock } from '../../kernel/system/clock.ts'
import { askInner } from './ask-inner.ts'
import { keepSecret, readKept } from './kept-file.ts'

export interface PullOptions<T> {
  readonly socketPath: string
  /** `/edge/configuration` */
  readonly path: string
  /** Where the last configuration is kept. */
  readonly file: string
  readonly log: Log
  apply(configuration: T): void
}

/** The server answers a long poll within 20 s; a connection that is silent for longer is dead. */
const pollMilliseconds = 30_000
/** Between attempts while the server is away. It is local: asking costs next to nothing. */
const awayMilliseconds = 100

/** Applies the kept configuration at once, then every newer one, until the signal is aborted. */
export async function pullConfiguration<T extends { readonly generation: number }>(
  options: PullOptions<T>,
  signal: AbortSignal,
): Promise<void> {
  const kept = readKept<T>(options.file)
  let generation = kept?.generation ?? -1
  if (kept !== undefined) options.apply(kept)
  let isAway = false
  while (!signal.aborted) {
    try {
      const answer = await askInner({
        socketPath: options.socketPath,
        method: 'GET',
        path: `${options.path}?after=${generation}`,
        timeoutMilliseconds: pollMilliseconds,
        signal,
      })
      isAway = false
      if (answer.status === 204) continue
      if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${answer.body}`)
      const configuration = JSON.parse(answer.body) as T
      generation = configuration.generation
      options.apply(configuration)
      keepSecret(options.file, configuration)
    } catch (thrown) {
      if (signal.aborted) return
      if (!isAway) options.log.write('warn', 'the server is away', { reason: reasonOf(thrown) })
      isAway = true
      await systemClock.sleep(awayMilliseconds, signal)
    }
  }
}
