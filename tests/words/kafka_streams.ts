/**
 * What the classes of Kafka Streams 4.3.1's DSL offer, as `javap -public` tells.
 *
 * @module
 */

/** Class -> methods that build something. Setters of serdes that several classes repeat stand once, in `Materialized`. */
export const KAFKA_STREAMS_METHODS: Readonly<Record<string, string>> = {
  StreamsBuilder: "addGlobalStore addStateStore build globalTable stream table",
  KStream:
    "filter filterNot flatMap flatMapValues foreach groupBy groupByKey join leftJoin map mapValues merge outerJoin peek print process processValues repartition selectKey split to toTable",
  BranchedKStream: "branch defaultBranch noDefaultBranch",
  Branched: "as withConsumer withFunction",
  KTable:
    "filter filterNot groupBy join leftJoin mapValues outerJoin queryableStoreName suppress toStream transformValues",
  KGroupedStream: "aggregate cogroup count reduce windowedBy",
  KGroupedTable: "aggregate count reduce",
  CogroupedKStream: "aggregate cogroup windowedBy",
  TimeWindowedKStream: "aggregate count emitStrategy reduce",
  SessionWindowedKStream: "aggregate count emitStrategy reduce",
  GlobalKTable: "queryableStoreName",
  TimeWindows: "advanceBy ofSizeAndGrace ofSizeWithNoGrace",
  SlidingWindows: "ofTimeDifferenceAndGrace",
  SessionWindows: "ofInactivityGapAndGrace",
  JoinWindows: "after before ofTimeDifferenceAndGrace",
  UnlimitedWindows: "of startOn",
  Suppressed: "untilTimeLimit untilWindowCloses",
  BufferConfig: "emitEarlyWhenFull maxBytes maxRecords shutDownWhenFull withLoggingDisabled",
  EmitStrategy: "onWindowClose onWindowUpdate",
  Joined: "withGracePeriod",
  StreamJoined: "as withDslStoreSuppliers withThisStoreSupplier withLoggingDisabled",
  TableJoined: "with",
  Materialized:
    "as withCachingDisabled withCachingEnabled withKeySerde withLoggingDisabled withRetention withStoreType withValueSerde",
  Named: "as",
  Consumed: "with withName withOffsetResetPolicy withTimestampExtractor",
  Produced: "with withStreamPartitioner",
  Grouped: "as",
  Repartitioned: "as withNumberOfPartitions withStreamPartitioner",
  Printed: "toSysOut toFile",
  ProcessorContext: "forward",
  ProcessingContext:
    "commit currentStreamTimeMs currentSystemTimeMs getStateStore recordMetadata schedule taskId appConfigs",
  Cancellable: "cancel",
  KeyValueStore: "delete put putAll putIfAbsent",
  ReadOnlyKeyValueStore: "all approximateNumEntries get prefixScan range reverseAll reverseRange",
};

/** What has no word here, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "Branched#withFunction, #withConsumer": "go on with the branch that `split` gives",
  "Materialized#withCachingEnabled, #withCachingDisabled": "no record cache: every update leaves",
  "Materialized#withStoreType, StreamJoined#withDslStoreSuppliers, #withThisStoreSupplier":
    "one kind of store for a worker: `WorkerOptions.stores`",
  "BufferConfig#withLoggingDisabled": "what `suppress` holds back is always logged",
  "Consumed#withOffsetResetPolicy": "one for a worker: `WorkerOptions.from`",
  "Printed.toFile": "a processor is no place to write files",
  "ProcessingContext#commit": "commits follow `WorkerOptions.commitIntervalMs`",
  "ProcessingContext#appConfigs": "close over what the factory needs",
  "KeyValueStore#putAll, #putIfAbsent": "`put` in a loop; `get`, then `put`",
  "ReadOnlyKeyValueStore#approximateNumEntries": "no count is kept",
};
