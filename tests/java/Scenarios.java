import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.*;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.*;
import org.apache.kafka.streams.state.*;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Runs conformance scenarios (tests/conformance/scenario.ts) on Kafka Streams itself, under TopologyTestDriver:
 * a line of JSON in, a line of JSON out, `{"expected": […]}` or `{"error": "…"}`, until the input ends.
 *
 * The record cache is off. Rows are kept in memory, which is faster than on disk, where both do the same: versioned
 * tables exist only on disk, and a join's window in memory takes the time of null values for stream time, which the
 * default, on disk, does not.
 */
@SuppressWarnings({"unchecked", "rawtypes"})
public class Scenarios {
  static final ObjectMapper JSON = new ObjectMapper();
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  static final Serde<String> TEXT = Serdes.String();
  static final Serde<JsonNode> VALUE = Serdes.serdeFrom(
      (topic, node) -> node == null || node.isNull() ? null : node.toString().getBytes(StandardCharsets.UTF_8),
      (topic, bytes) -> {
        try {
          return bytes == null ? null : orNull(JSON.readTree(bytes));
        } catch (Exception error) {
          throw new IllegalStateException(error);
        }
      });

  /** Where a step lost its serde on the way. */
  public static class ValueSerde extends Serdes.WrapperSerde<JsonNode> {
    public ValueSerde() {
      super(VALUE.serializer(), VALUE.deserializer());
    }
  }

  /** What a step made, the serde of its keys, and the windows that they have. */
  record Made(Object it, Serde key, JsonNode windows) {
    Made with(Object other) {
      return new Made(other, key, windows);
    }
  }

  /** Grouped streams in windows. */
  record WindowedBy(KGroupedStream grouped, JsonNode windows) {}

  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int number = 0;
    String state = Files.createTempDirectory("taxi-scenarios").toString();
    for (String line; (line = in.readLine()) != null;) {
      ObjectNode answer = NODES.objectNode();
      try {
        answer.set("expected", new Scenarios().run(JSON.readTree(line), state + "/" + number++));
      } catch (Throwable error) {
        Throwable first = error;
        while (first.getCause() != null) first = first.getCause();
        answer.put("error", error + " because of " + first);
      }
      out.println(answer);
    }
  }

  final StreamsBuilder builder = new StreamsBuilder();
  final Map<String, Made> made = new HashMap<>();
  /** Output topic -> who reads its keys. */
  final Map<String, Serde> sinks = new LinkedHashMap<>();

  ArrayNode run(JsonNode scenario, String state) {
    for (JsonNode step : scenario.get("topology")) {
      Made result = make(step);
      if (result != null && step.has("id")) made.put(text(step, "id"), result);
    }
    var settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "scenario");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state);
    settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, ValueSerde.class);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    settings.put(StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
        BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class);
    settings.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_OUTER_JOIN_SPURIOUS_RESULTS_FIX, 0L);
    settings.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_WINDOWED_AGGREGATION, 0L);
    ArrayNode all = NODES.arrayNode();
    try (var driver = new TopologyTestDriver(builder.build(), settings, Instant.EPOCH)) {
      for (JsonNode record : scenario.get("input")) {
        var headers = new RecordHeaders();
        for (JsonNode pair : record.path("headers")) {
          headers.add(pair.get(0).asText(), pair.get(1).asText().getBytes(StandardCharsets.UTF_8));
        }
        JsonNode key = orNull(record.get("key"));
        driver.createInputTopic(text(record, "topic"), TEXT.serializer(), VALUE.serializer())
            .pipeInput(new TestRecord<>(key == null ? null : key.asText(), orNull(record.get("value")), headers,
                record.get("timestamp").asLong()));
      }
      sinks.forEach((topic, key) -> {
        var output = driver.createOutputTopic(topic, key.deserializer(), VALUE.deserializer());
        for (Object record : output.readRecordsToList()) all.add(shown(topic, (TestRecord) record));
      });
    }
    return all;
  }

  static ObjectNode shown(String topic, TestRecord<Object, JsonNode> record) {
    ObjectNode shown = NODES.objectNode().put("topic", topic);
    if (record.key() instanceof Windowed<?> windowed) {
      shown.put("key", (String) windowed.key());
      shown.putObject("window").put("start", windowed.window().start()).put("end", windowed.window().end());
    } else shown.put("key", (String) record.key());
    shown.set("value", record.value());
    shown.put("timestamp", record.timestamp());
    ArrayNode headers = NODES.arrayNode();
    for (Header header : record.headers()) {
      headers.addArray().add(header.key()).add(new String(header.value(), StandardCharsets.UTF_8));
    }
    if (!headers.isEmpty()) shown.set("headers", headers);
    return shown;
  }

  Made make(JsonNode step) {
    String op = text(step, "op"), topic = text(step, "topic");
    switch (op) {
      case "stream":
        return new Made(builder.stream(topic, Consumed.with(TEXT, VALUE)), TEXT, null);
      case "table":
        return new Made(step.has("store") || step.has("versioned")
            ? builder.table(topic, Consumed.with(TEXT, VALUE), kept(step, TEXT))
            : builder.table(topic, Consumed.with(TEXT, VALUE)), TEXT, null);
      case "globalTable":
        return new Made(builder.globalTable(topic, Consumed.with(TEXT, VALUE)), TEXT, null);
    }
    Made of = made.get(text(step, "of"));
    if (of.it instanceof KStream stream) return stream(of, stream, step);
    if (of.it instanceof KTable table) return table(of, table, step);
    return grouped(of, step);
  }

  Made stream(Made of, KStream<Object, JsonNode> stream, JsonNode step) {
    String field = text(step, "field");
    JsonNode where = step.get("where");
    switch (text(step, "op")) {
      case "filter":
        return of.with(stream.filter((key, value) -> holds(where, value)));
      case "filterNot":
        return of.with(stream.filterNot((key, value) -> holds(where, value)));
      case "mapValues":
        return of.with(stream.mapValues(value -> field(value, field)));
      case "stamp":
        return of.with(stream.processValues(() -> new ContextualFixedKeyProcessor<Object, JsonNode, JsonNode>() {
          public void process(FixedKeyRecord<Object, JsonNode> record) {
            context().forward(record.withValue(stamped(record.value(), record.timestamp(), record.headers(),
                context().recordMetadata().map(RecordMetadata::offset).orElse(-1L))));
          }
        }));
      case "flatMapValues":
        return of.with(stream.flatMapValues(value -> {
          var list = new ArrayList<JsonNode>();
          JsonNode found = field(value, field);
          if (found != null) found.forEach(list::add);
          return list;
        }));
      case "selectKey":
        return new Made(stream.selectKey((key, value) -> key(value, field)), TEXT, null);
      case "merge":
        return of.with(stream.merge((KStream) other(step).it));
      case "repartition":
        return of.with(stream.repartition(Repartitioned.with((Serde<Object>) of.key, VALUE)));
      case "branch": {
        var split = stream.split(Named.as("branch-" + text(step, "arms", 0) + "-"));
        for (JsonNode arm : step.get("arms")) {
          split = split.branch((key, value) -> holds(arm.get("where"), value), Branched.as(text(arm, "id")));
        }
        var ways = split.noDefaultBranch();
        for (JsonNode arm : step.get("arms")) {
          ways.forEach((name, way) -> {
            if (name.endsWith("-" + text(arm, "id"))) made.put(text(arm, "id"), of.with(way));
          });
        }
        return null;
      }
      case "groupByKey":
        return of.with(stream.groupByKey(Grouped.with((Serde<Object>) of.key, VALUE)));
      case "groupBy":
        return new Made(stream.groupBy((key, value) -> key(value, field), Grouped.with(text(step, "id"), TEXT, VALUE)), TEXT, null);
      case "toTable":
        return of.with(step.path("generated").asBoolean()
            ? stream.toTable(Materialized.with((Serde<Object>) of.key, VALUE))
            : stream.toTable(kept(step, of.key)));
      case "tableLookup":
        return lookup(of, stream, step);
      case "streamJoin": {
        var right = (KStream<Object, JsonNode>) other(step).it;
        var windows = JoinWindows.ofTimeDifferenceAndGrace(Duration.ZERO, ms(step, "grace"))
            .before(ms(step, "before")).after(ms(step, "after"));
        var serdes = StreamJoined.with((Serde<Object>) of.key, VALUE, VALUE)
            .withName(text(step, "id")).withDslStoreSuppliers(BuiltInDslStoreSuppliers.ROCKS_DB);
        ValueJoiner<JsonNode, JsonNode, JsonNode> both = Scenarios::both;
        return of.with(switch (type(step)) {
          case "outer" -> stream.outerJoin(right, both, windows, serdes);
          case "left" -> stream.leftJoin(right, both, windows, serdes);
          default -> stream.join(right, both, windows, serdes);
        });
      }
      case "to":
        return sink(of, stream, step);
    }
    throw unknown(step);
  }

  Made lookup(Made of, KStream<Object, JsonNode> stream, JsonNode step) {
    Object other = other(step).it;
    ValueJoiner<JsonNode, JsonNode, JsonNode> both = Scenarios::both;
    boolean left = type(step).equals("left");
    if (other instanceof GlobalKTable global) {
      String field = text(step, "field");
      KeyValueMapper<Object, JsonNode, Object> name = (key, value) -> field == null ? key : key(value, field);
      return of.with(left ? stream.leftJoin(global, name, both) : stream.join(global, name, both));
    }
    var joined = Joined.with((Serde<Object>) of.key, VALUE, VALUE).withName(text(step, "id"));
    if (step.has("grace")) joined = joined.withGracePeriod(ms(step, "grace"));
    return of.with(left ? stream.leftJoin((KTable) other, both, joined) : stream.join((KTable) other, both, joined));
  }

  Made table(Made of, KTable<Object, JsonNode> table, JsonNode step) {
    String field = text(step, "field");
    JsonNode where = step.get("where");
    boolean store = step.has("store");
    ValueJoiner<JsonNode, JsonNode, JsonNode> both = Scenarios::both;
    switch (text(step, "op")) {
      case "filter": {
        Predicate<Object, JsonNode> predicate = (key, value) -> holds(where, value);
        return of.with(store ? table.filter(predicate, kept(step, of.key)) : table.filter(predicate));
      }
      case "filterNot": {
        Predicate<Object, JsonNode> predicate = (key, value) -> holds(where, value);
        return of.with(store ? table.filterNot(predicate, kept(step, of.key)) : table.filterNot(predicate));
      }
      case "mapValues": {
        ValueMapper<JsonNode, JsonNode> mapper = value -> field(value, field);
        return of.with(store ? table.mapValues(mapper, kept(step, of.key)) : table.mapValues(mapper));
      }
      case "stamp": {
        ValueTransformerWithKeySupplier<Object, JsonNode, JsonNode> stamp = Stamp::new;
        return of.with(store ? table.transformValues(stamp, (Materialized) kept(step, of.key))
            : table.transformValues(stamp));
      }
      case "groupBy":
        return new Made(table.groupBy((key, value) -> {
          String group = key(value, field);
          return KeyValue.pair((Object) group, value);
        }, Grouped.with(text(step, "id"), (Serde<Object>) (Serde) TEXT, VALUE)), TEXT, null);
      case "suppress": {
        if (text(step, "until").equals("windowCloses")) {
          return of.with(((KTable) table).suppress(
              Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded())));
        }
        var most = step.has("most")
            ? Suppressed.BufferConfig.maxRecords(step.get("most").asLong()).emitEarlyWhenFull()
            : Suppressed.BufferConfig.unbounded();
        return of.with(table.suppress(Suppressed.untilTimeLimit(ms(step, "limit"), most)));
      }
      case "tableJoin": {
        var right = (KTable<Object, JsonNode>) other(step).it;
        var kept = store ? kept(step, of.key) : null;
        return of.with(switch (type(step)) {
          case "outer" -> store ? table.outerJoin(right, both, kept) : table.outerJoin(right, both);
          case "left" -> store ? table.leftJoin(right, both, kept) : table.leftJoin(right, both);
          default -> store ? table.join(right, both, kept) : table.join(right, both);
        });
      }
      case "foreignKeyJoin": {
        var right = (KTable<Object, JsonNode>) other(step).it;
        java.util.function.Function<JsonNode, Object> foreign = value -> key(value, field);
        var kept = store ? kept(step, of.key) : Materialized.<Object, JsonNode, KeyValueStore<Bytes, byte[]>>with(of.key, VALUE);
        return of.with(type(step).equals("left") ? table.leftJoin(right, foreign, both, kept)
            : table.join(right, foreign, both, kept));
      }
      case "toStream":
        return of.with(table.toStream());
      case "to":
        return sink(of, table.toStream(), step);
    }
    throw unknown(step);
  }

  Made grouped(Made of, JsonNode step) {
    String op = text(step, "op"), field = text(step, "field");
    if (Set.of("tumbling", "hopping", "sliding", "session").contains(op)) {
      return new Made(new WindowedBy((KGroupedStream) of.it, step), of.key, null);
    }
    if (op.equals("cogroup")) return cogroup(of, step);
    Aggregator<Object, JsonNode, JsonNode> add = (key, value, sum) -> orNull(adding(op, value, field, sum));
    Aggregator<Object, JsonNode, JsonNode> subtract = (key, value, sum) -> orNull(subtracting(op, value, field, sum));
    Initializer<JsonNode> init = () -> beginning(op);
    if (of.it instanceof KGroupedStream stream) {
      return of.with(stream.aggregate(init, add, kept(step, of.key)));
    }
    if (of.it instanceof KGroupedTable table) {
      return of.with(table.aggregate(init, add, subtract, kept(step, of.key)));
    }
    if (!(of.it instanceof WindowedBy by)) throw unknown(step);
    boolean onClose = text(step, "emit") != null;
    var strategy = onClose ? EmitStrategy.onWindowClose() : EmitStrategy.onWindowUpdate();
    Materialized store = keptWindows(step, of.key);
    Object result = switch (text(by.windows, "op")) {
      case "session" -> by.grouped.windowedBy(session(by.windows)).emitStrategy(strategy)
          .aggregate(init, add, (Merger<Object, JsonNode>) (key, left, right) -> merging(op, left, right), store);
      case "sliding" -> by.grouped.windowedBy(sliding(by.windows)).emitStrategy(strategy).aggregate(init, add, store);
      default -> by.grouped.windowedBy(time(by.windows)).emitStrategy(strategy).aggregate(init, add, store);
    };
    return new Made(result, windowedKey(by.windows), by.windows);
  }

  Made cogroup(Made of, JsonNode step) {
    String field = text(step, "field");
    Aggregator<Object, JsonNode, JsonNode> add = (key, value, sum) -> adding("sum", value, field, sum);
    Aggregator<Object, JsonNode, JsonNode> more = (key, value, sum) -> adding("count", value, field, sum);
    Initializer<JsonNode> init = () -> beginning("sum");
    CogroupedKStream<Object, JsonNode> cogrouped = ((KGroupedStream) of.it).cogroup(add);
    cogrouped = cogrouped.cogroup((KGroupedStream<Object, JsonNode>) other(step).it, more);
    JsonNode windows = step.get("windows");
    if (windows == null) return of.with(cogrouped.aggregate(init, kept(step, of.key)));
    Materialized store = keptWindows(step, of.key);
    Object result = switch (text(windows, "op")) {
      case "session" -> cogrouped.windowedBy(session(windows))
          .aggregate(init, (key, left, right) -> merging("sum", left, right), store);
      case "sliding" -> cogrouped.windowedBy(sliding(windows)).aggregate(init, store);
      default -> cogrouped.windowedBy(time(windows)).aggregate(init, store);
    };
    return new Made(result, windowedKey(windows), windows);
  }

  static TimeWindows time(JsonNode step) {
    var windows = TimeWindows.ofSizeAndGrace(ms(step, "size"), ms(step, "grace"));
    return step.has("advance") ? windows.advanceBy(ms(step, "advance")) : windows;
  }

  static SlidingWindows sliding(JsonNode step) {
    return SlidingWindows.ofTimeDifferenceAndGrace(ms(step, "difference"), ms(step, "grace"));
  }

  static SessionWindows session(JsonNode step) {
    return SessionWindows.ofInactivityGapAndGrace(ms(step, "gap"), ms(step, "grace"));
  }

  static Materialized keptWindows(JsonNode step, Serde key) {
    Materialized as = Materialized.as(text(step, "id")).withKeySerde(key).withValueSerde((Serde) VALUE);
    return step.has("retention") ? as.withRetention(ms(step, "retention")) : as;
  }

  static Serde windowedKey(JsonNode windows) {
    return text(windows, "op").equals("session") ? WindowedSerdes.sessionWindowedSerdeFrom(String.class)
        : WindowedSerdes.timeWindowedSerdeFrom(String.class,
            windows.has("size") ? windows.get("size").asLong() : windows.get("difference").asLong());
  }

  Made sink(Made of, KStream<Object, JsonNode> stream, JsonNode step) {
    stream.to(text(step, "topic"), Produced.with((Serde<Object>) of.key, VALUE));
    sinks.put(text(step, "topic"), of.key);
    return null;
  }

  static Materialized kept(JsonNode step, Serde key) {
    String name = text(step, step.has("store") ? "store" : "id");
    Materialized as = step.has("versioned")
        ? Materialized.as(Stores.persistentVersionedKeyValueStore(name, ms(step, "versioned")))
        : Materialized.as(name);
    return as.withKeySerde(key).withValueSerde((Serde) VALUE);
  }

  Made other(JsonNode step) {
    return made.get(text(step, "with"));
  }

  /** Looks at the time, the headers and the place of the record that it is asked about. */
  static class Stamp implements ValueTransformerWithKey<Object, JsonNode, JsonNode> {
    org.apache.kafka.streams.processor.ProcessorContext context;

    public void init(org.apache.kafka.streams.processor.ProcessorContext context) {
      this.context = context;
    }

    public JsonNode transform(Object key, JsonNode value) {
      return value == null ? null : stamped(value, context.timestamp(), context.headers(), context.offset());
    }

    public void close() {}
  }

  static JsonNode stamped(JsonNode value, long time, Iterable<Header> headers, long offset) {
    if (value == null) return null;
    ObjectNode result = value instanceof ObjectNode object ? object.deepCopy()
        : (ObjectNode) NODES.objectNode().set("amount", value);
    result.put("time", time).put("looked", offset < 0);
    String said = "";
    if (headers != null) for (Header header : headers) said += new String(header.value(), StandardCharsets.UTF_8);
    return result.put("said", said);
  }

  static JsonNode both(JsonNode left, JsonNode right) {
    ObjectNode both = NODES.objectNode();
    both.set("left", left);
    both.set("right", right);
    return both;
  }

  static JsonNode beginning(String op) {
    return op.equals("max") || op.equals("min") ? null : NODES.numberNode(0L);
  }

  static JsonNode adding(String op, JsonNode value, String field, JsonNode sum) {
    switch (op) {
      case "count":
        return number(numberOf(sum, null) + 1);
      case "sum":
        return number(numberOf(sum, null) + numberOf(value, field));
      case "fives": {
        double result = numberOf(sum, null) + numberOf(value, field);
        return result % 5 == 0 ? null : number(result);
      }
      default:
        return best(op, sum, number(numberOf(value, field)));
    }
  }

  static JsonNode subtracting(String op, JsonNode value, String field, JsonNode sum) {
    return switch (op) {
      case "count" -> number(numberOf(sum, null) - 1);
      case "sum", "fives" -> number(numberOf(sum, null) - numberOf(value, field));
      default -> sum;
    };
  }

  static JsonNode merging(String op, JsonNode left, JsonNode right) {
    return op.equals("max") || op.equals("min") ? best(op, left, right)
        : number(numberOf(left, null) + numberOf(right, null));
  }

  static JsonNode best(String op, JsonNode left, JsonNode right) {
    if (left == null || right == null) return left == null ? right : left;
    double one = left.asDouble(), two = right.asDouble();
    return number(op.equals("max") ? Math.max(one, two) : Math.min(one, two));
  }

  static JsonNode number(double value) {
    return value == Math.rint(value) ? NODES.numberNode((long) value) : NODES.numberNode(value);
  }

  static double numberOf(JsonNode value, String field) {
    JsonNode found = value != null && value.isNumber() ? value : field == null ? value : field(value, field);
    return found == null ? 0 : found.asDouble();
  }

  /** A field of an object, or of the left or right side that a join made. */
  static JsonNode field(JsonNode value, String field) {
    if (!(value instanceof ObjectNode)) return null;
    JsonNode found = orNull(value.get(field));
    if (found == null) found = field(orNull(value.get("left")), field);
    return found == null ? field(orNull(value.get("right")), field) : found;
  }

  static String key(JsonNode value, String field) {
    JsonNode found = field(value, field);
    return found == null ? null : found.isContainerNode() ? found.toString() : found.asText();
  }

  static boolean holds(JsonNode where, JsonNode value) {
    if (where == null) return true;
    JsonNode found = value != null && value.isNumber() && !where.has("eq") ? value : field(value, text(where, "field"));
    if (found == null) return false;
    if (where.has("lt")) return found.asDouble() < where.get("lt").asDouble();
    if (where.has("gte")) return found.asDouble() >= where.get("gte").asDouble();
    return found.asText().equals(where.get("eq").asText());
  }

  static Duration ms(JsonNode step, String name) {
    return Duration.ofMillis(step.path(name).asLong());
  }

  static String type(JsonNode step) {
    return step.has("type") ? text(step, "type") : "inner";
  }

  static String text(JsonNode node, String name) {
    return node.hasNonNull(name) ? node.get(name).asText() : null;
  }

  static String text(JsonNode node, String list, int at) {
    return text(node.get(list).get(at), "id");
  }

  static JsonNode orNull(JsonNode node) {
    return node == null || node.isNull() ? null : node;
  }

  static IllegalArgumentException unknown(JsonNode step) {
    return new IllegalArgumentException("no such operation: " + step);
  }
}
