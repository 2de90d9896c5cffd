import type { PlantedBug } from './simulated-server.ts'
import { SiteSimulation } from './site-simulation.ts'

const roundsOfOneSeed = 15

/** What went wrong with a seed, and all that happened before it; undefined when every law held. */
export async function failureOfSeed(seed: number, bug?: PlantedBug): Promise<string | undefined> {
  const site = new SiteSimulation(seed, bug)
  try {
    await site.run(roundsOfOneSeed)
    return undefined
  } catch (thrown) {
    return `seed ${seed}: ${String(thrown)}\n${site.script.join('\n')}`
  }
}
