import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.*;

/**
 * Kafka Streams on the same topics as our worker. Arguments: brokers, name of the run, state folder.
 *
 * Reads what ours wrote and writes it again as text to `run.java-text`; counts the same input for ours to read.
 * Ends when its standard input does.
 */
public class Interop {
  static final Duration MINUTE = Duration.ofMinutes(1);

  public static void main(String[] args) throws Exception {
    String brokers = args[0], run = args[1];
    Serde<String> text = Serdes.String();
    Serde<Long> number = Serdes.Long();
    Serde<Windowed<String>> windowed = WindowedSerdes.timeWindowedSerdeFrom(String.class, MINUTE.toMillis());
    StreamsBuilder builder = new StreamsBuilder();

    Produced<String, String> asText = Produced.with(text, text);
    builder.table(run + ".ours-totals-changelog", Consumed.with(text, number), Materialized.as("ours"))
        .toStream().map((key, value) -> KeyValue.pair(key, "total " + value)).to(run + ".java-text", asText);
    builder.stream(run + ".ours-windows", Consumed.with(windowed, number))
        .map((key, value) -> KeyValue.pair(key.key(),
            "window " + key.window().start() + " " + key.window().end() + " " + value))
        .to(run + ".java-text", asText);

    KGroupedStream<String, String> words =
        builder.stream(run + ".words", Consumed.with(text, text)).groupByKey(Grouped.with(text, text));
    words.count(Materialized.as("totals"));
    words.windowedBy(TimeWindows.ofSizeAndGrace(MINUTE, MINUTE)).count(Materialized.as("minutes"))
        .toStream().to(run + ".java-windows", Produced.with(windowed, number));

    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, run + ".java");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, args[2]);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put("auto.offset.reset", "earliest");
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    streams.setUncaughtExceptionHandler(error -> {
      System.err.println(error);
      System.exit(1);
      return null;
    });
    streams.start();
    while (System.in.read() >= 0) { /* until it is closed */ }
    streams.close(Duration.ofSeconds(10));
    System.exit(0);
  }
}
