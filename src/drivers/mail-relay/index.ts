export { mailRelay, type MailRelayOptions } from './mail-relay.ts'
