/** A gap between two rounds that counts in full: rounds are a second apart when nothing happens. */
const attentiveMilliseconds = 2000
/** Gaps remembered; each is longer than that, and nobody asks for silence of more than some minutes. */
const gapsMax = 1000

/**
 * How much of the past a deployment's rounds were too far apart to hear of hosts in time. A server that is busy, that was asleep, or that
 * takes a deployment over, hears agents late: their silence of that time proves nothing.
 */
export interface Attention {
  /** Notes that a round begins; and when agents were last turned away, which makes the time since the round before it count for nothing. */
  look(now: number, turnedAwayAt?: number): void
  /** Of the time since then, what does not count. In milliseconds. */
  lostSince(since: number): number
}

export function attention(): Attention {
  const gaps: { readonly from: number; to: number }[] = []
  let lookedAt: number | undefined
  return {
    look(now, turnedAwayAt = Number.NEGATIVE_INFINITY) {
      // What was before the first look is another server's, or nobody's.
      const before = lookedAt ?? Number.NEGATIVE_INFINITY
      const from = turnedAwayAt >= before ? before : before + attentiveMilliseconds
      lookedAt = now
      if (from >= now) return
      const last = gaps.at(-1)
      if (last?.to === from) last.to = now
      else gaps.push({ from, to: now })
      if (gaps.length > gapsMax) gaps.shift()
    },
    lostSince(since) {
      let lost = 0
      for (let index = gaps.length - 1; index >= 0; index--) {
        const gap = gaps[index]
        if (!gap || gap.to <= since) break
        lost += gap.to - Math.max(gap.from, since)
      }
      return lost
    },
  }
}
