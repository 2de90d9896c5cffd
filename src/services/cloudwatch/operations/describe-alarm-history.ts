import { nextToken, page } from '../paging.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const describeAlarmHistory: Operation<
  CloudWatchOperations,
  'DescribeAlarmHistory',
  CloudWatchDeps
> = {
  accepts: {
    AlarmName: true,
    AlarmTypes: true,
    HistoryItemType: true,
    StartDate: true,
    EndDate: true,
    MaxRecords: true,
    NextToken: true,
    ScanBy: true,
  },
  async handle(input, request, { metrics }) {
    const types = input.AlarmTypes ?? ['MetricAlarm']
    const from = input.StartDate?.getTime() ?? -Infinity
    const until = input.EndDate?.getTime() ?? Infinity
    const items = (await metrics.alarms.history(request.scope, input.AlarmName))
      .filter((item) => types.includes(item.alarmType))
      .filter((item) => item.at >= from && item.at <= until)
      .filter(
        ({ itemType }) => input.HistoryItemType === undefined || itemType === input.HistoryItemType,
      )
    const isAscending = input.ScanBy === 'TimestampAscending'
    // Tokens go by ascending keys, so the newest first are counted down.
    const keyed = items.map((item) => ({ item, key: isAscending ? item.id : countDown(item.id) }))
    const sorted = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1))
    const found = page(sorted, ({ key }) => key, { ...input, itemsMax: 100 })
    return {
      AlarmHistoryItems: found.items.map(({ item }) => ({
        AlarmName: item.alarmName,
        AlarmType: item.alarmType,
        Timestamp: new Date(item.at),
        HistoryItemType: item.itemType,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
      ...nextToken(found),
    }
  },
}

/** The digits of an id turned round, so that what is later sorts first. */
function countDown(id: string): string {
  return id.replace(/[0-9a-f]/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16))
}
