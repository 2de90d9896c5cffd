import type { Deploy } from '../../deploy/create-deploy.ts'
import type { OperationDefinition } from '../../wire/service.ts'

export interface CommandsDeps {
  readonly deploy: Deploy
}

/** The service has no public client to take types from: these are its model's, `wire/models/codedeploy-commands.json`. */
export type CommandsOperation<Name extends keyof CommandsShapes> = OperationDefinition<
  CommandsShapes[Name][0],
  CommandsShapes[Name][1],
  CommandsDeps
>

export interface Envelope {
  readonly Format?: string
  readonly Payload?: string
}

/** `InProgress` acknowledges a command, the others end it. */
export interface CommandUpdate {
  readonly HostCommandIdentifier?: string
  readonly CommandStatus?: string
  readonly Diagnostics?: Envelope
}

export interface CommandsShapes {
  readonly PollHostCommand: [
    { readonly HostIdentifier?: string },
    {
      HostCommand?: {
        HostCommandIdentifier: string
        HostIdentifier: string
        DeploymentExecutionId: string
        CommandName: string
      }
    },
  ]
  readonly GetDeploymentSpecification: [
    { readonly DeploymentExecutionId?: string; readonly HostIdentifier?: string },
    {
      DeploymentSystem: string
      DeploymentSpecification: { GenericEnvelope: { Format: string; Payload: string } }
    },
  ]
  readonly PutHostCommandAcknowledgement: [
    { readonly HostCommandIdentifier?: string; readonly Diagnostics?: Envelope },
    { CommandStatus: string },
  ]
  readonly PutHostCommandComplete: [CommandUpdate, object]
  readonly PutHostCommandUpdates: [
    { readonly Updates?: readonly CommandUpdate[] },
    { Results: { CommandStatus?: string; ErrorMessage?: string }[] },
  ]
  readonly PostHostCommandUpdate: [
    { readonly HostCommandIdentifier?: string },
    { CommandStatus?: string },
  ]
  readonly PollHostCommands: [
    {
      readonly HostIdentifiers?: readonly string[]
      readonly RunningCommandIdentifiers?: readonly string[]
      readonly CommandsMax?: number
    },
    {
      HostCommands: {
        HostCommandIdentifier: string
        HostIdentifier: string
        CommandName: string
        Specification: string
      }[]
    },
  ]
  readonly PutHostCommandLogs: [
    { readonly HostCommandIdentifier?: string; readonly Offset?: number; readonly Text?: string },
    object,
  ]
}
