import { LogText } from '../../../logs/domain/pattern/log-text.ts'
import { readPattern } from '../../../logs/filter-catalogue.ts'
import { unfit } from '../../../logs/refusal.ts'
import type { Operation } from '../../../wire/service.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

const messagesMax = 50

export const testMetricFilter: Operation<LogsOperations, 'TestMetricFilter', LogsServiceDeps> = {
  accepts: { filterPattern: true, logEventMessages: true },
  async handle({ filterPattern = '', logEventMessages: messages = [] }) {
    if (messages.length < 1 || messages.length > messagesMax) {
      const bound =
        messages.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${messagesMax}`
      throw unfit('logEventMessages', `[${messages.length}]`, `Member must have length ${bound}`)
    }
    const pattern = readPattern(filterPattern)
    const matches = messages.flatMap((eventMessage, eventNumber) => {
      const text = new LogText(eventMessage)
      if (!pattern.matches(text)) return []
      return [{ eventNumber, eventMessage, extractedValues: { ...pattern.extracted(text) } }]
    })
    return { matches }
  },
}
