import { storeConformance } from './conformance/store.ts'
import { memoryStore } from './memory-store.ts'

const store = memoryStore()
storeConformance('memory', async () => store)
