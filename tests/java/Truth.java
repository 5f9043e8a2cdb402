import java.time.Duration;
import java.util.*;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Kafka's own client: makes groups that ours cannot, and says what is so. Arguments: brokers, prefix of what it looks at.
 *
 * Reads commands from standard input, a line each, and answers each with a line of JSON: `consume GROUP TOPIC N` and
 * `share GROUP TOPIC N` join with the new protocols and are done with N records; `truth` says everything. What failed is
 * answered with its `problem`.
 */
public class Truth {
  static String brokers;

  public static void main(String[] args) throws Exception {
    brokers = args[0];
    String prefix = args[1];
    try (Admin admin = Admin.create(settings(Map.of()))) {
      Scanner lines = new Scanner(System.in);
      while (lines.hasNextLine()) {
        String[] words = lines.nextLine().split(" ");
        // While a broker goes away, questions fail: the test asks again.
        try {
          switch (words[0]) {
            case "consume" -> consume(words[1], words[2], Integer.parseInt(words[3]));
            case "share" -> share(words[1], words[2], Integer.parseInt(words[3]));
            default -> System.out.println(json(truth(admin, prefix)));
          }
        } catch (Exception problem) {
          System.out.println(json(Map.of("problem", String.valueOf(problem))));
        }
        System.out.flush();
      }
    }
    System.exit(0);
  }

  static Map<String, Object> settings(Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(more);
    all.put("bootstrap.servers", brokers);
    all.put("key.deserializer", ByteArrayDeserializer.class);
    all.put("value.deserializer", ByteArrayDeserializer.class);
    // Longer than a broker's connection takes to time out, shorter than the test's patience.
    all.put("default.api.timeout.ms", 10_000);
    all.put("request.timeout.ms", 5_000);
    return all;
  }

  /** Joins by KIP-848, commits that so many records are done, and stays without reading any further. */
  static void consume(String group, String topic, int most) {
    var consumer = new KafkaConsumer<byte[], byte[]>(settings(Map.of(
        "group.id", group, "group.protocol", "consumer", "client.id", group + "-member",
        "auto.offset.reset", "earliest", "enable.auto.commit", false, "max.poll.records", most)));
    consumer.subscribe(List.of(topic));
    int read = 0;
    while (read < most) read += consumer.poll(Duration.ofMillis(100)).count();
    consumer.commitSync();
    consumer.pause(consumer.assignment());
    stay(() -> consumer.poll(Duration.ofMillis(200)));
    System.out.println("{}");
  }

  /** Joins a share group, acknowledges so many records, and stays without taking any more. */
  static void share(String group, String topic, int most) throws Exception {
    try (Admin admin = Admin.create(settings(Map.of()))) {
      var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
      var earliest = new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(earliest))).all().get();
    }
    var consumer = new KafkaShareConsumer<byte[], byte[]>(settings(Map.of(
        "group.id", group, "client.id", group + "-member", "share.acknowledgement.mode", "explicit")));
    consumer.subscribe(List.of(topic));
    int done = 0;
    while (done < most) {
      for (var record : consumer.poll(Duration.ofMillis(100))) {
        consumer.acknowledge(record, done < most ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
        done++;
      }
      consumer.commitSync();
    }
    consumer.unsubscribe();
    consumer.close();
    System.out.println("{}");
  }

  static void stay(Runnable poll) {
    Thread thread = new Thread(() -> {
      while (true) poll.run();
    });
    thread.setDaemon(true);
    thread.start();
  }

  static Map<String, Object> truth(Admin admin, String prefix) throws Exception {
    Map<String, Object> all = new TreeMap<>();
    var cluster = admin.describeCluster();
    var nodes = cluster.nodes().get();
    all.put("clusterId", cluster.clusterId().get());
    all.put("controller", admin.describeMetadataQuorum().quorumInfo().get().leaderId());
    var names = admin.listTopics().names().get().stream().filter(name -> name.startsWith(prefix)).toList();
    Map<TopicPartition, Map<String, Object>> partitions = new LinkedHashMap<>();
    for (var topic : admin.describeTopics(names).allTopicNames().get().values()) {
      for (var one : topic.partitions()) {
        Map<String, Object> facts = new TreeMap<>();
        facts.put("leader", one.leader() == null ? -1 : one.leader().id());
        facts.put("copies", one.replicas().stream().map(Node::id).toList());
        facts.put("inSync", one.isr().stream().map(Node::id).sorted().toList());
        partitions.put(new TopicPartition(topic.name(), one.partition()), facts);
      }
    }
    var led = partitions.keySet().stream().filter(one -> !partitions.get(one).get("leader").equals(-1)).toList();
    Map<TopicPartition, Long> begins = offsets(admin, led, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Long> ends = offsets(admin, led, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    put(partitions, "begin", begins);
    put(partitions, "end", ends);
    put(partitions, "stable", offsets(admin, led, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED));
    Map<String, Content> contents = new HashMap<>();
    put(partitions, "records", counted(led, ends, "read_committed", contents));
    put(partitions, "uncommitted", counted(led, ends, "read_uncommitted", new HashMap<>()));
    Map<Integer, Map<String, Object>> brokers = new TreeMap<>();
    for (Node node : nodes) {
      brokers.put(node.id(), new TreeMap<>(Map.of("address", node.host() + ":" + node.port())));
    }
    Map<TopicPartition, Long> bytes = new HashMap<>();
    admin.describeLogDirs(brokers.keySet()).allDescriptions().get().forEach((broker, dirs) -> {
      List<Map<String, Object>> folders = new ArrayList<>();
      dirs.forEach((path, dir) -> {
        long stored = dir.replicaInfos().values().stream().mapToLong(ReplicaInfo::size).sum();
        folders.add(Map.of("path", path, "bytes", stored, "volumeBytes", dir.totalBytes().getAsLong()));
        dir.replicaInfos().forEach((one, info) -> bytes.merge(one, info.size(), Math::max));
      });
      brokers.get(broker).put("folders", folders);
      brokers.get(broker).put("bytes", folders.stream().mapToLong(one -> (long) one.get("bytes")).sum());
    });
    all.put("brokers", brokers);
    Map<String, Map<String, Object>> topics = new TreeMap<>();
    for (String name : names) {
      var own = partitions.keySet().stream().filter(one -> one.topic().equals(name)).toList();
      Map<String, Object> facts = new TreeMap<>();
      facts.put("offsets", own.stream().mapToLong(one -> ends.getOrDefault(one, 0L) - begins.getOrDefault(one, 0L)).sum());
      facts.put("bytes", own.stream().mapToLong(one -> bytes.getOrDefault(one, 0L)).sum());
      facts.put("weak", own.stream().map(partitions::get)
          .filter(one -> ((List<?>) one.get("inSync")).size() < ((List<?>) one.get("copies")).size() || one.get("leader").equals(-1))
          .count());
      // The page looks into a topic when all of it can be read.
      facts.put("content", led.containsAll(own) ? contents.getOrDefault(name, new Content()).told() : null);
      facts.put("open", open(admin, own.stream().filter(led::contains).toList()));
      facts.put("settings", settings(admin, new ConfigResource(ConfigResource.Type.TOPIC, name)));
      topics.put(name, facts);
    }
    all.put("topics", topics);
    all.put("settings", settings(admin, new ConfigResource(ConfigResource.Type.BROKER, "1")));
    all.put("partitions", partitions.entrySet().stream()
        .collect(Collectors.toMap(one -> one.getKey().toString(), Map.Entry::getValue)));
    all.put("groups", groups(admin, prefix, begins, ends));
    return all;
  }

  /** What the committed records of a topic are. */
  static class Content {
    long records, nullKeys, nullValues, keyBytes, valueBytes, firstMs = Long.MAX_VALUE, lastMs = Long.MIN_VALUE, largest;
    Set<String> keys = new HashSet<>();

    void add(ConsumerRecord<byte[], byte[]> record) {
      records++;
      if (record.key() == null) nullKeys++;
      else keys.add(Arrays.toString(record.key()));
      if (record.value() == null) nullValues++;
      keyBytes += Math.max(0, record.serializedKeySize());
      valueBytes += Math.max(0, record.serializedValueSize());
      largest = Math.max(largest, Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize()));
      firstMs = Math.min(firstMs, record.timestamp());
      lastMs = Math.max(lastMs, record.timestamp());
    }

    Map<String, Object> told() {
      return Map.of("records", records, "nullKeys", nullKeys, "nullValues", nullValues, "keyBytes", keyBytes,
          "valueBytes", valueBytes, "firstMs", records == 0 ? -1 : firstMs, "lastMs", records == 0 ? -1 : lastMs,
          "largest", largest, "keys", keys.size());
    }
  }

  /** Transactions that hold readers up, by partition: their producer's number and name, where they begin, the last write. */
  static Map<String, Object> open(Admin admin, List<TopicPartition> partitions) throws Exception {
    Map<Long, String> names = new HashMap<>();
    for (var one : admin.listTransactions().all().get()) names.put(one.producerId(), one.transactionalId());
    Map<String, Object> all = new TreeMap<>();
    admin.describeProducers(partitions).all().get().forEach((partition, state) -> {
      for (var one : state.activeProducers()) {
        if (one.currentTransactionStartOffset().isEmpty()) continue;
        all.put(partition + " " + one.producerId(), List.of(names.getOrDefault(one.producerId(), ""),
            one.currentTransactionStartOffset().getAsLong(), one.lastTimestamp()));
      }
    });
    return all;
  }

  static Map<String, Object> settings(Admin admin, ConfigResource of) throws Exception {
    Map<String, Object> all = new TreeMap<>();
    for (var one : admin.describeConfigs(List.of(of)).all().get().get(of).entries()) {
      if (one.isSensitive()) continue;
      String source = switch (one.source()) {
        case DYNAMIC_TOPIC_CONFIG -> "topic";
        case DYNAMIC_BROKER_CONFIG, STATIC_BROKER_CONFIG -> "broker";
        case DYNAMIC_DEFAULT_BROKER_CONFIG -> "cluster";
        default -> "default";
      };
      all.put(one.name(), List.of(one.value() == null ? "" : one.value(), source));
    }
    return all;
  }

  static void put(Map<TopicPartition, Map<String, Object>> partitions, String name, Map<TopicPartition, Long> numbers) {
    partitions.forEach((one, facts) -> facts.put(name, numbers.get(one)));
  }

  static Map<TopicPartition, Long> offsets(
      Admin admin, List<TopicPartition> led, OffsetSpec spec, IsolationLevel level) throws Exception {
    var wanted = led.stream().collect(Collectors.toMap(one -> one, one -> spec));
    Map<TopicPartition, Long> found = new HashMap<>();
    var result = admin.listOffsets(wanted, new ListOffsetsOptions(level)).all().get();
    result.forEach((one, info) -> found.put(one, info.offset()));
    return found;
  }

  /** Reads to where the topic ended, and counts. */
  static Map<TopicPartition, Long> counted(
      List<TopicPartition> led, Map<TopicPartition, Long> ends, String level, Map<String, Content> contents) {
    long untilMs = System.currentTimeMillis() + 30_000;
    Map<TopicPartition, Long> counts = new HashMap<>();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(settings(Map.of("isolation.level", level)))) {
      consumer.assign(led);
      consumer.seekToBeginning(led);
      led.forEach(one -> counts.put(one, 0L));
      Map<TopicPartition, Long> stops = level.equals("read_committed") ? consumer.endOffsets(led) : ends;
      while (led.stream().anyMatch(one -> consumer.position(one) < stops.get(one))) {
        if (System.currentTimeMillis() > untilMs) throw new IllegalStateException("Cannot read " + led + " to the end");
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          contents.computeIfAbsent(record.topic(), name -> new Content()).add(record);
          counts.merge(new TopicPartition(record.topic(), record.partition()), 1L, Long::sum);
        }
      }
    }
    return counts;
  }

  static Map<String, Object> groups(
      Admin admin, String prefix, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) throws Exception {
    Map<String, Object> all = new TreeMap<>();
    for (var group : admin.listGroups().all().get()) {
      String id = group.groupId();
      if (!id.startsWith(prefix)) continue;
      Map<String, Object> facts = new TreeMap<>();
      String type = group.type().orElseThrow().toString();
      facts.put("protocol", type.toLowerCase());
      Map<String, Object> members = new TreeMap<>();
      Map<String, Long> committed = new TreeMap<>(), lags = new TreeMap<>();
      if (type.equals("Share")) {
        var described = admin.describeShareGroups(List.of(id)).all().get().get(id);
        facts.put("state", described.groupState().toString());
        described.members().forEach(one -> members.put(one.consumerId(), named(one.assignment().topicPartitions())));
        var offsets = admin.listShareGroupOffsets(Map.of(id, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(id).get();
        offsets.forEach((one, info) -> {
          if (info == null) return;
          committed.put(one.toString(), info.startOffset());
          info.lag().ifPresent(lag -> lags.put(one.toString(), lag));
        });
      } else {
        var described = admin.describeConsumerGroups(List.of(id)).all().get().get(id);
        facts.put("state", described.groupState().toString());
        Map<TopicPartition, Long> known = new HashMap<>();
        for (var one : described.members()) {
          members.put(one.consumerId(), named(one.assignment().topicPartitions()));
          // Nothing committed, in any partition of what it reads: all that is there is ahead.
          one.assignment().topicPartitions().forEach(partition -> known.put(partition, 0L));
        }
        admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata().get().forEach((one, offset) -> {
          if (offset == null) return;
          committed.put(one.toString(), offset.offset());
          known.put(one, offset.offset());
        });
        var read = known.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        ends.keySet().stream().filter(one -> read.contains(one.topic())).forEach(one -> known.putIfAbsent(one, 0L));
        known.forEach((one, offset) -> {
          if (ends.containsKey(one)) lags.put(one.toString(), ends.get(one) - Math.max(offset, begins.get(one)));
        });
      }
      facts.put("members", members);
      facts.put("committed", committed);
      facts.put("lags", lags);
      facts.put("lag", lags.values().stream().mapToLong(Long::longValue).sum());
      all.put(id, facts);
    }
    return all;
  }

  static List<String> named(Set<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::toString).sorted().toList();
  }

  static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream().map(one -> json(one.getKey().toString()) + ":" + json(one.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof Collection<?> list) {
      return list.stream().map(Truth::json).collect(Collectors.joining(",", "[", "]"));
    }
    if (!(value instanceof String text)) return String.valueOf(value);
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
