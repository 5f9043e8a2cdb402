/** Kafka's words for the codes that came after kafkajs's last release, and whether the same request may work later. */
export const NEWER_ERRORS: ReadonlyMap<
  number,
  { readonly type: string; readonly retriable: boolean }
> = new Map([
  [97, { type: "PRINCIPAL_DESERIALIZATION_FAILURE", retriable: false }],
  [100, { type: "UNKNOWN_TOPIC_ID", retriable: true }],
  [103, { type: "INCONSISTENT_TOPIC_ID", retriable: true }],
  [110, { type: "FENCED_MEMBER_EPOCH", retriable: false }],
  [111, { type: "UNRELEASED_INSTANCE_ID", retriable: false }],
  [112, { type: "UNSUPPORTED_ASSIGNOR", retriable: false }],
  [113, { type: "STALE_MEMBER_EPOCH", retriable: true }],
  [120, { type: "TRANSACTION_ABORTABLE", retriable: false }],
  [121, { type: "INVALID_RECORD_STATE", retriable: false }],
  [122, { type: "SHARE_SESSION_NOT_FOUND", retriable: true }],
  [123, { type: "INVALID_SHARE_SESSION_EPOCH", retriable: true }],
  [124, { type: "FENCED_STATE_EPOCH", retriable: false }],
  [133, { type: "SHARE_SESSION_LIMIT_REACHED", retriable: true }],
]);
