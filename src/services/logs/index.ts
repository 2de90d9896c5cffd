import { answeringType } from '../../stacks/answering-type.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { asAwsError, missingMember, unsupportedMember } from './errors.ts'
import { createLogGroup } from './operations/create-log-group.ts'
import { createLogStream } from './operations/create-log-stream.ts'
import { deleteLogGroup } from './operations/delete-log-group.ts'
import { deleteLogStream } from './operations/delete-log-stream.ts'
import { deleteMetricFilter } from './operations/delete-metric-filter.ts'
import { deleteRetentionPolicy } from './operations/delete-retention-policy.ts'
import { describeLogGroups } from './operations/describe-log-groups.ts'
import { describeLogStreams } from './operations/describe-log-streams.ts'
import { describeMetricFilters } from './operations/describe-metric-filters.ts'
import { filterLogEvents } from './operations/filter-log-events.ts'
import { getLogEvents } from './operations/get-log-events.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { listTagsLogGroup } from './operations/list-tags-log-group.ts'
import { putLogGroupDeletionProtection } from './operations/put-log-group-deletion-protection.ts'
import { putLogEvents } from './operations/put-log-events.ts'
import { putMetricFilter } from './operations/put-metric-filter.ts'
import { putRetentionPolicy } from './operations/put-retention-policy.ts'
import { startLiveTail } from './operations/start-live-tail.ts'
import { tagLogGroup } from './operations/tag-log-group.ts'
import { tagResource } from './operations/tag-resource.ts'
import { testMetricFilter } from './operations/test-metric-filter.ts'
import { untagLogGroup } from './operations/untag-log-group.ts'
import { untagResource } from './operations/untag-resource.ts'
import type { LogsServiceDeps } from './service-deps.ts'
import { logGroupType } from './stack-resources/log-group.ts'
import { logStreamType } from './stack-resources/log-stream.ts'
import { metricFilterType } from './stack-resources/metric-filter.ts'

/** Amazon CloudWatch Logs, on the engine of logs. */
export function logsService(deps: LogsServiceDeps): Service {
  return serviceOf(deps, {
    id: 'logs',
    refuseMember: unsupportedMember,
    asAwsError,
    missing: missingMember,
    operations: {
      CreateLogGroup: createLogGroup,
      CreateLogStream: createLogStream,
      DeleteLogGroup: deleteLogGroup,
      DeleteLogStream: deleteLogStream,
      DeleteMetricFilter: deleteMetricFilter,
      DeleteRetentionPolicy: deleteRetentionPolicy,
      DescribeLogGroups: describeLogGroups,
      DescribeLogStreams: describeLogStreams,
      DescribeMetricFilters: describeMetricFilters,
      FilterLogEvents: filterLogEvents,
      GetLogEvents: getLogEvents,
      ListTagsForResource: listTagsForResource,
      ListTagsLogGroup: listTagsLogGroup,
      PutLogEvents: putLogEvents,
      PutLogGroupDeletionProtection: putLogGroupDeletionProtection,
      PutMetricFilter: putMetricFilter,
      PutRetentionPolicy: putRetentionPolicy,
      StartLiveTail: startLiveTail,
      TagLogGroup: tagLogGroup,
      TagResource: tagResource,
      TestMetricFilter: testMetricFilter,
      UntagLogGroup: untagLogGroup,
      UntagResource: untagResource,
    },
  })
}

export function logsResourceTypes(deps: LogsServiceDeps): readonly ResourceType[] {
  return [logGroupType(deps), logStreamType(deps), metricFilterType(deps)].map((type) =>
    answeringType(type, asAwsError),
  )
}
