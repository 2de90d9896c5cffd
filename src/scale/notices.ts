import type { Scope } from '../kernel/scope.ts'
import { kindOf } from '../store/records.ts'
import type { ScaleDeps } from './scale.ts'
import { removeRecord } from './remove-record.ts'
import type { Group } from './group.ts'
import { noticeTypes, testMessage } from './notice-message.ts'

/** Topics, and queues for lifecycle hooks, as groups see them; `server` joins them. */
export interface Notices {
  /** Why this target cannot be told; undefined when it can. */
  refusal(scope: Scope, targetArn: string): Promise<string | undefined>
  /** Resolves when the target has it, or is gone for good. Throws to be asked again. */
  tell(
    targetArn: string,
    notice: { readonly subject: string; readonly message: string },
  ): Promise<void>
}

/** A topic that is told of a group's activities. */
export interface NotificationConfiguration {
  readonly groupName: string
  /** Another group of the same name is not told of. */
  readonly groupArn: string
  readonly topicArn: string
  readonly types: readonly string[]
  /** Activities that ended before are not told. */
  readonly since: number
}

/** Id: group and topic. Owner: the group's name. */
export const notificationConfigurations = kindOf<NotificationConfiguration>('scale/notification')

/** What users ask of notifications. */
export interface NoticeRequests {
  /** Undefined where nobody can be told. */
  readonly notices: Notices | undefined
  /** Makes or changes what a topic is told, and tells it a test when it is to hear of that. */
  putNotification(
    scope: Scope,
    group: Group,
    told: { readonly topicArn: string; readonly types: readonly string[] },
  ): Promise<void>
  /** Nothing when there is none. */
  removeNotification(scope: Scope, groupName: string, topicArn: string): Promise<void>
  /** Of one group, or of all that there are. */
  notifications(scope: Scope, groupName?: string): Promise<readonly NotificationConfiguration[]>
}

export function noticeRequests(deps: ScaleDeps): NoticeRequests {
  const { store, clock } = deps.context
  const idOf = (groupName: string, topicArn: string): string => `${groupName} ${topicArn}`
  return {
    notices: deps.notices,
    async putNotification(scope, group, { topicArn, types }) {
      const id = idOf(group.name, topicArn)
      const since = clock.now()
      const value = { groupName: group.name, groupArn: group.arn, topicArn, types, since }
      await store.transaction(async (records) => {
        const held = await records.find(notificationConfigurations, scope, id)
        const isSameGroup = held?.value.groupArn === group.arn
        if (held) {
          await records.update(held, { ...value, since: isSameGroup ? held.value.since : since })
        } else {
          await records.insert(notificationConfigurations, { scope, id, owner: group.name }, value)
        }
      })
      if (!types.includes(noticeTypes.test)) return
      await deps.notices?.tell(topicArn, testMessage(deps.context, scope, group))
    },
    async removeNotification(scope, groupName, topicArn) {
      const at = { kind: notificationConfigurations, scope, id: idOf(groupName, topicArn) }
      await removeRecord(store, at)
    },
    async notifications(scope, groupName) {
      const filter = groupName === undefined ? {} : { owner: groupName }
      const records = await store.list(notificationConfigurations, scope, filter)
      return records.map(({ value }) => value)
    },
  }
}
