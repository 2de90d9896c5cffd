import { reasonOf } from '../../kernel/errors.ts'
import type { Log } from '../../kernel/ports.ts'
import { systemClock } from '../../kernel/system/clock.ts'
import { askInner } from './ask-inner.ts'
import { keepSecret, readKept } from './kept-file.ts'

export interface PullOptions {
  readonly socketPath: string
  /** `/edge/configuration` */
  readonly path: string
  readonly log: Log
}

export interface ConfigurationOptions<T> extends PullOptions {
  /** Where the last configuration is kept. */
  readonly file: string
  apply(configuration: T): void
}

interface Numbered {
  readonly generation: number
}

/** The server answers a long poll within 20 s; a connection that is silent for longer is dead. */
const pollMilliseconds = 30_000
/** Between attempts while the server is away. It is local: asking costs next to nothing. */
const awayMilliseconds = 100

/** Applies the kept configuration at once, then every newer one, until the signal is aborted. */
export async function pullConfiguration<T extends Numbered>(
  options: ConfigurationOptions<T>,
  signal: AbortSignal,
): Promise<void> {
  const kept = readKept<T>(options.file)
  if (kept !== undefined) options.apply(kept)
  const take = (configuration: T): void => {
    options.apply(configuration)
    keepSecret(options.file, configuration)
  }
  await pullNumbered({ ...options, from: kept?.generation ?? -1, take }, signal)
}

/** Takes whatever has another number than the last answer, until the signal is aborted. */
export async function pullNumbered<T extends Numbered>(
  options: PullOptions & { readonly from: number; take(answer: T): void },
  signal: AbortSignal,
): Promise<void> {
  let generation = options.from
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
      const taken = JSON.parse(answer.body) as T
      options.take(taken)
      generation = taken.generation
    } catch (thrown) {
      if (signal.aborted) return
      if (!isAway) options.log.write('warn', 'the server is away', { reason: reasonOf(thrown) })
      isAway = true
      await systemClock.sleep(awayMilliseconds, signal)
    }
  }
}
