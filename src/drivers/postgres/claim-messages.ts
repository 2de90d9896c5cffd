import type { ClaimOrder, ClaimedMessages } from '../../queue/domain/message.ts'
import type { RunStatement } from './append-messages.ts'
import { ClaimFronts } from './claim-fronts.ts'
import * as statements from './claim-statements.ts'
import { claimOf, type Claim, type ClaimRow } from './message-rows.ts'

/** Runs the work in one transaction, in turns with all others that work on one of these queues. */
type Transact = <R>(
  queues: readonly number[],
  work: (run: RunStatement) => Promise<R>,
) => Promise<R>

/** Where walks through groups go on; of more queues than this, all begin anew. */
const walksMax = 1_000

/** The deliveries of all queues, with what this server remembers of where they begin. */
export class MessageClaims {
  readonly #run: RunStatement
  readonly #transact: Transact
  readonly #fronts = new ClaimFronts()
  /** The group that a queue's last walk ended at. */
  readonly #walks = new Map<number, string>()

  constructor(run: RunStatement, transact: Transact) {
    this.#run = run
    this.#transact = transact
  }

  claim(order: ClaimOrder): Promise<ClaimedMessages> {
    return order.isFifo ? this.#claimFifo(order) : this.#claimStandard(order)
  }

  /** From the queue's front as it is known; what a claim from there leaves open is looked for from the very beginning. */
  async #claimStandard(order: ClaimOrder): Promise<ClaimedMessages> {
    const { queue, now, limit } = order
    const claimFrom = async (from: number, most: number): Promise<Claim> => {
      const values = [...valuesOf(order, most), from]
      return claimOf(await this.#run<ClaimRow>('claim', statements.claimStandard, values))
    }
    // What is not hidden at all would be found a second time by the second look.
    const from = hides(order) ? this.#fronts.of(queue, now) : 0
    const claim = await claimFrom(from, limit)
    const open = limit - countOf(claim)
    this.#fronts.note(queue, { from, front: open > 0 ? undefined : claim.front, now })
    if (open <= 0 || from === 0) return claim
    return joined(claim, await claimFrom(0, open))
  }

  /**
   * The first messages of the queue give what is open among them; only where that is too little does a walk go through the groups.
   * The queue's lock keeps two claims from taking the same group.
   */
  #claimFifo(order: ClaimOrder): Promise<ClaimedMessages> {
    const { queue, now, limit } = order
    return this.#transact([queue], async (run) => {
      const firsts = async (from: number): Promise<Claim> => {
        const values = [...valuesOf(order, limit), from]
        const found = claimOf(await run<ClaimRow>('claim-fifo', statements.claimFifo, values))
        this.#fronts.note(queue, { from, front: found.front, now })
        return found
      }
      const from = this.#fronts.of(queue, now)
      const near = await firsts(from)
      const claim = near.looked === 0 && from > 0 ? await firsts(0) : near
      const isWhole = claim.looked < statements.lookAhead || countOf(claim) >= limit
      if (isWhole || (countOf(claim) > 0 && !hides(order))) return claim
      return joined(claim, await this.#walk(order, limit - countOf(claim), run))
    })
  }

  /** In turns: a walk begins where the last one ended, so that no group is passed over for the sake of others. */
  async #walk(order: ClaimOrder, open: number, run: RunStatement): Promise<ClaimedMessages> {
    const { queue, now } = order
    const walkFrom = async (group: string, most: number): Promise<Claim> => {
      const values = [...valuesOf(order, most), this.#fronts.of(queue, now), group]
      return claimOf(await run<ClaimRow>('claim-groups', statements.claimFifoGroups, values))
    }
    const start = this.#walks.get(queue) ?? ''
    const claim = await walkFrom(start, open)
    if (this.#walks.size >= walksMax) this.#walks.clear()
    this.#walks.set(queue, countOf(claim) >= open ? claim.lastGroup : '')
    const isDone = countOf(claim) >= open || start === ''
    if (isDone || (countOf(claim) > 0 && !hides(order))) return claim
    return joined(claim, await walkFrom('', open - countOf(claim)))
  }
}

function hides({ visibleAt, now }: ClaimOrder): boolean {
  return visibleAt > now
}

function countOf({ messages, movedCount }: ClaimedMessages): number {
  return messages.length + movedCount
}

function joined(first: ClaimedMessages, second: ClaimedMessages): ClaimedMessages {
  return {
    messages: [...first.messages, ...second.messages],
    movedCount: first.movedCount + second.movedCount,
  }
}

function valuesOf(order: ClaimOrder, limit: number): unknown[] {
  const { queue, now, visibleAt, keptAfter, redrive, attempt } = order
  return [
    ...[queue, now, limit, visibleAt, keptAfter],
    ...[redrive?.deliveriesMax ?? null, redrive?.queue ?? null, redrive?.sourceArn ?? null],
    attempt ?? null,
  ]
}
