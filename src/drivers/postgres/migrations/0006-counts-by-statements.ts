/**
 * The statements that add and remove messages count them themselves: a trigger had each row copied once more to count it. Messages
 * with a group are also found by it, so that a claim from a FIFO queue passes a blocked group in one step.
 */
export const countsByStatements = `
drop trigger count_added on messages;
drop trigger count_gone on messages;
drop function count_added_messages();
drop function count_gone_messages();
create index messages_by_group on messages (queue, message_group, sequence) where message_group is not null;
`
