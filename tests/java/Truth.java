import java.time.Duration;
import java.util.*;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Kafka's own client: makes groups that ours cannot, and says what is so. Arguments: brokers, prefix of what it looks at.
 *
 * Reads commands from standard input, a line each, and answers each with a line of JSON: `consume GROUP TOPIC N` and
 * `share GROUP TOPIC N` join with the new protocols and are done with N records; `truth` says everything.
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
        switch (words[0]) {
          case "consume" -> consume(words[1], words[2], Integer.parseInt(words[3]));
          case "share" -> share(words[1], words[2], Integer.parseInt(words[3]));
          default -> System.out.println(json(truth(admin, prefix)));
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
    all.put("default.api.timeout.ms", 60_000);
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
      var resource = new org.apache.kafka.common.config.ConfigResource(
          org.apache.kafka.common.config.ConfigResource.Type.GROUP, group);
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
    var nodes = admin.describeCluster().nodes().get();
    all.put("brokers", nodes.stream().map(Node::id).sorted().toList());
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
    put(partitions, "begin", offsets(admin, led, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED));
    Map<TopicPartition, Long> ends = offsets(admin, led, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    put(partitions, "end", ends);
    put(partitions, "stable", offsets(admin, led, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED));
    put(partitions, "records", counted(led, ends, "read_committed"));
    put(partitions, "uncommitted", counted(led, ends, "read_uncommitted"));
    Map<String, Long> bytes = new HashMap<>();
    for (var dirs : admin.describeLogDirs(nodes.stream().map(Node::id).toList()).allDescriptions().get().values()) {
      for (var dir : dirs.values()) {
        dir.replicaInfos().forEach((one, info) -> bytes.merge(one.toString(), info.size(), Math::max));
      }
    }
    partitions.forEach((one, facts) -> facts.put("bytes", bytes.getOrDefault(one.toString(), 0L)));
    all.put("partitions", partitions.entrySet().stream()
        .collect(Collectors.toMap(one -> one.getKey().toString(), Map.Entry::getValue)));
    all.put("groups", groups(admin, prefix, ends));
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
  static Map<TopicPartition, Long> counted(List<TopicPartition> led, Map<TopicPartition, Long> ends, String level) {
    Map<TopicPartition, Long> counts = new HashMap<>();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(settings(Map.of("isolation.level", level)))) {
      consumer.assign(led);
      consumer.seekToBeginning(led);
      led.forEach(one -> counts.put(one, 0L));
      Map<TopicPartition, Long> stops = level.equals("read_committed") ? consumer.endOffsets(led) : ends;
      while (led.stream().anyMatch(one -> consumer.position(one) < stops.get(one))) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          counts.merge(new TopicPartition(record.topic(), record.partition()), 1L, Long::sum);
        }
      }
    }
    return counts;
  }

  static Map<String, Object> groups(Admin admin, String prefix, Map<TopicPartition, Long> ends) throws Exception {
    Map<String, Object> all = new TreeMap<>();
    for (var group : admin.listGroups().all().get()) {
      String id = group.groupId();
      if (!id.startsWith(prefix)) continue;
      Map<String, Object> facts = new TreeMap<>();
      String type = group.type().orElseThrow().toString();
      facts.put("protocol", type.toLowerCase());
      Map<String, Long> committed = new TreeMap<>(), lags = new TreeMap<>();
      if (type.equals("Share")) {
        var described = admin.describeShareGroups(List.of(id)).all().get().get(id);
        facts.put("state", described.groupState().toString());
        facts.put("members", described.members().size());
        var offsets = admin.listShareGroupOffsets(Map.of(id, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(id).get();
        offsets.forEach((one, info) -> {
          if (info == null) return;
          committed.put(one.toString(), info.startOffset());
          info.lag().ifPresent(lag -> lags.put(one.toString(), lag));
        });
      } else {
        var described = admin.describeConsumerGroups(List.of(id)).all().get().get(id);
        facts.put("state", described.groupState().toString());
        facts.put("members", described.members().size());
        admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata().get().forEach((one, offset) -> {
          if (offset == null) return;
          committed.put(one.toString(), offset.offset());
          if (ends.containsKey(one)) lags.put(one.toString(), ends.get(one) - offset.offset());
        });
      }
      facts.put("committed", committed);
      facts.put("lags", lags);
      all.put(id, facts);
    }
    return all;
  }

  static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream().map(one -> json(one.getKey().toString()) + ":" + json(one.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof Collection<?> list) {
      return list.stream().map(Truth::json).collect(Collectors.joining(",", "[", "]"));
    }
    return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
  }
}
