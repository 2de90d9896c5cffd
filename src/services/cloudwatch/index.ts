import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { missingParameter, unsupportedMember } from './errors.ts'
import { deleteAlarms } from './operations/delete-alarms.ts'
import { deleteDashboards } from './operations/delete-dashboards.ts'
import { describeAlarmHistory } from './operations/describe-alarm-history.ts'
import { describeAlarmsForMetric } from './operations/describe-alarms-for-metric.ts'
import { describeAlarms } from './operations/describe-alarms.ts'
import { disableAlarmActions } from './operations/disable-alarm-actions.ts'
import { enableAlarmActions } from './operations/enable-alarm-actions.ts'
import { getDashboard } from './operations/get-dashboard.ts'
import { getMetricData } from './operations/get-metric-data.ts'
import { getMetricStatistics } from './operations/get-metric-statistics.ts'
import { getMetricWidgetImage } from './operations/get-metric-widget-image.ts'
import { listDashboards } from './operations/list-dashboards.ts'
import { listMetrics } from './operations/list-metrics.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { putCompositeAlarm } from './operations/put-composite-alarm.ts'
import { putDashboard } from './operations/put-dashboard.ts'
import { putMetricAlarm } from './operations/put-metric-alarm.ts'
import { putMetricData } from './operations/put-metric-data.ts'
import { setAlarmState } from './operations/set-alarm-state.ts'
import { tagResource } from './operations/tag-resource.ts'
import { untagResource } from './operations/untag-resource.ts'
import type { CloudWatchDeps } from './service-deps.ts'
import { alarmType } from './stack-resources/alarm.ts'
import { compositeAlarmType } from './stack-resources/composite-alarm.ts'
import { dashboardType } from './stack-resources/dashboard.ts'

/** CloudWatch: metrics, alarms and dashboards. */
export function cloudwatchService(deps: CloudWatchDeps): Service {
  return serviceOf(deps, {
    id: 'cloudwatch',
    refuseMember: unsupportedMember,
    missing: missingParameter,
    operations: {
      DeleteAlarms: deleteAlarms,
      DeleteDashboards: deleteDashboards,
      DescribeAlarmHistory: describeAlarmHistory,
      DescribeAlarms: describeAlarms,
      DescribeAlarmsForMetric: describeAlarmsForMetric,
      DisableAlarmActions: disableAlarmActions,
      EnableAlarmActions: enableAlarmActions,
      GetDashboard: getDashboard,
      GetMetricData: getMetricData,
      GetMetricStatistics: getMetricStatistics,
      GetMetricWidgetImage: getMetricWidgetImage,
      ListDashboards: listDashboards,
      ListMetrics: listMetrics,
      ListTagsForResource: listTagsForResource,
      PutCompositeAlarm: putCompositeAlarm,
      PutDashboard: putDashboard,
      PutMetricAlarm: putMetricAlarm,
      PutMetricData: putMetricData,
      SetAlarmState: setAlarmState,
      TagResource: tagResource,
      UntagResource: untagResource,
    },
  })
}

export function cloudwatchResourceTypes(deps: CloudWatchDeps): readonly ResourceType[] {
  return [alarmType(deps), compositeAlarmType(deps), dashboardType(deps)]
}
