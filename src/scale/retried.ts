import { RecordExists, StaleRevision } from '../store/records.ts'

/** Does work of several records again from the start when another writer came between. */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (thrown) {
      const isRace = thrown instanceof StaleRevision || thrown instanceof RecordExists
      if (!isRace || attempt >= attemptsMax) throw thrown
    }
  }
}

/** A group changes with each of its passes; more lost races than this in a row are no coincidence. */
const attemptsMax = 30
