import { fifoConsumersConformance } from './conformance/fifo-consumers.ts'
import { messagesConformance } from './conformance/messages.ts'
import { memoryMessages } from './memory-messages.ts'

const store = memoryMessages()
messagesConformance('memory', async () => store, 20)
fifoConsumersConformance('memory', async () => store, 200)
