import type { MetadataNews, PlacedMetadata } from '../protocol/edge.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { MetadataSource } from './metadata.ts'

/** An edge asks again after so long without news. */
const pollMilliseconds = 20_000

/** Instances that are gone are remembered for edges that have not heard; one that missed more is told everything. */
const goneMax = 1000

export interface MetadataFeed {
  /** What changed since number `after`, once something has; undefined after 20 s without. */
  news(after: number, signal: AbortSignal): Promise<MetadataNews | undefined>
  close(): void
}

type Drawing = Pick<MetadataSource, 'instanceMetadata' | 'onMetadataChange'>

/** Numbers the metadata of each instance, so that one machine's change costs an edge that machine's metadata and not everybody's. */
export function createMetadataFeed(context: EngineContext, source: Drawing): MetadataFeed {
  return new Feed(context, source)
}

class Feed implements MetadataFeed {
  readonly #clock: EngineContext['clock']
  readonly #source: Drawing
  readonly #stop: () => void
  readonly #waiters = new Set<() => void>()
  readonly #known = new Map<string, { readonly placed: PlacedMetadata; readonly since: number }>()
  readonly #gone = new Map<string, number>()
  /** Whoever asks with an older number is told everything. */
  #firstGeneration = 0
  #generation = 0
  #isStale = true
  #drawing: Promise<void> | undefined

  constructor({ clock }: EngineContext, source: Drawing) {
    this.#clock = clock
    this.#source = source
    this.#stop = source.onMetadataChange(() => {
      this.#isStale = true
      this.#wakeAll()
    })
  }

  async news(after: number, signal: AbortSignal): Promise<MetadataNews | undefined> {
    const until = this.#clock.now() + pollMilliseconds
    for (;;) {
      while (this.#isStale) await this.#draw()
      if (this.#generation !== after) return this.#newsSince(after)
      if (signal.aborted || this.#clock.now() >= until) return undefined
      await this.#change(until - this.#clock.now(), signal)
    }
  }

  close(): void {
    this.#stop()
    this.#wakeAll()
  }

  #newsSince(after: number): MetadataNews {
    const isWhole = after < this.#firstGeneration || after > this.#generation
    const isNews = (since: number): boolean => isWhole || since > after
    return {
      generation: this.#generation,
      isWhole,
      changed: [...this.#known.values()]
        .filter(({ since }) => isNews(since))
        .map(({ placed }) => placed),
      gone: isWhole ? [] : [...this.#gone].filter(([, at]) => at > after).map(([id]) => id),
    }
  }

  #draw(): Promise<void> {
    this.#drawing ??= this.#drawNow()
      .catch((thrown: unknown) => {
        this.#isStale = true
        throw thrown
      })
      .finally(() => {
        this.#drawing = undefined
      })
    return this.#drawing
  }

  async #drawNow(): Promise<void> {
    this.#isStale = false
    const all = await this.#source.instanceMetadata()
    // Times number the changes, so that a server that starts anew never counts below what edges have.
    const next = Math.max(this.#generation + 1, this.#clock.now())
    const changed = all.filter(
      (placed) => this.#known.get(placed.instance.instanceId)?.placed !== placed,
    )
    const still = new Set(all.map(({ instance }) => instance.instanceId))
    const gone = [...this.#known.keys()].filter((id) => !still.has(id))
    const isFirst = this.#generation === 0
    if (!isFirst && changed.length === 0 && gone.length === 0) return
    for (const placed of changed) {
      this.#known.set(placed.instance.instanceId, { placed, since: next })
      this.#gone.delete(placed.instance.instanceId)
    }
    for (const id of gone) {
      this.#known.delete(id)
      this.#gone.set(id, next)
    }
    this.#generation = next
    if (isFirst) this.#firstGeneration = next
    this.#forgetGone()
  }

  #forgetGone(): void {
    for (const [id, at] of this.#gone) {
      if (this.#gone.size <= goneMax) return
      this.#gone.delete(id)
      this.#firstGeneration = Math.max(this.#firstGeneration, at)
    }
  }

  async #change(milliseconds: number, signal: AbortSignal): Promise<void> {
    const ended = new AbortController()
    const wake = (): void => ended.abort()
    this.#waiters.add(wake)
    signal.addEventListener('abort', wake, { once: true })
    await this.#clock.sleep(milliseconds, ended.signal)
    signal.removeEventListener('abort', wake)
    this.#waiters.delete(wake)
  }

  #wakeAll(): void {
    for (const wake of this.#waiters) wake()
  }
}
