import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Kafka Streams as a peer of `deno task bench`. Arguments: count|windows|branch|distinct, guarantee, application id, source
 * topic, how many records it holds, state folder. Brokers from KAFKA_BROKERS.
 *
 * All settings are Kafka Streams' own, but for the guarantee, and reading from the beginning. It closes itself after
 * the last record, as a batch job would: close() flushes its caches and commits, so nobody waits for the next commit
 * (every 30 s at least once). Then it rests until it is killed, so that its memory can be read.
 */
public class Peer {
  /** A ride with all its columns. */
  public static class Ride {
    public int VendorID, passenger_count, RatecodeID, PULocationID, DOLocationID, payment_type;
    public String tpep_pickup_datetime, tpep_dropoff_datetime, store_and_fwd_flag;
    public double trip_distance, fare_amount, extra, mta_tax, tip_amount, tolls_amount, improvement_surcharge,
        total_amount, congestion_surcharge;
  }

  /** Event time: when the ride began. */
  public static class PickupTime implements TimestampExtractor {
    static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
      return record.value() instanceof Ride ride
          ? LocalDateTime.parse(ride.tpep_pickup_datetime, FORMAT).toInstant(ZoneOffset.UTC).toEpochMilli()
          : record.timestamp();
    }
  }

  static final ObjectMapper JSON = new ObjectMapper();
  static final Serde<Ride> RIDE = Serdes.serdeFrom(
      (topic, ride) -> {
        try {
          return JSON.writeValueAsBytes(ride);
        } catch (Exception error) {
          throw new IllegalStateException(error);
        }
      },
      (topic, bytes) -> {
        try {
          return JSON.readValue(bytes, Ride.class);
        } catch (Exception error) {
          throw new IllegalStateException(error);
        }
      });

  public static void main(String[] args) throws Exception {
    String what = args[0], guarantee = args[1], id = args[2], source = args[3], state = args[5];
    long records = Long.parseLong(args[4]);
    var counted = new AtomicLong();
    var done = new CountDownLatch(1);
    Runnable count = () -> {
      if (counted.incrementAndGet() == records) done.countDown();
    };

    var builder = new StreamsBuilder();
    Serde<String> text = Serdes.String();
    Serde<Long> number = Serdes.Long();
    Consumed<String, Ride> asRides = Consumed.with(text, RIDE);
    if (what.equals("windows")) asRides = asRides.withTimestampExtractor(new PickupTime());
    KStream<String, Ride> rides = what.equals("distinct") ? null : builder.stream(source, asRides);
    switch (what) {
      case "distinct" -> builder.stream(source, Consumed.with(number, Serdes.ByteArray())).groupByKey()
          .aggregate(() -> 0L, (key, value, total) -> {
            count.run();
            return total + 1;
          }, Materialized.<Long, Long, KeyValueStore<Bytes, byte[]>>as("counts").withKeySerde(number)
              .withValueSerde(number));
      case "count" -> rides.groupBy((key, ride) -> (long) ride.VendorID, Grouped.with(number, RIDE))
          .aggregate(() -> 0L, (vendor, ride, total) -> {
            count.run();
            return total + 1;
          }, Materialized.<Long, Long, KeyValueStore<Bytes, byte[]>>as("counts").withKeySerde(number)
              .withValueSerde(number));
      case "windows" -> rides.groupBy((key, ride) -> (long) ride.VendorID, Grouped.with(number, RIDE))
          .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofHours(25)))
          .aggregate(() -> 0L, (vendor, ride, total) -> {
            count.run();
            return total + 1;
          }, Materialized.<Long, Long, WindowStore<Bytes, byte[]>>as("counts").withKeySerde(number)
              .withValueSerde(number).withRetention(Duration.ofHours(26)));
      case "branch" -> {
        Produced<String, Ride> asRide = Produced.with(text, RIDE);
        rides.split()
            .branch((key, ride) -> ride.total_amount >= 40, Branched.withConsumer(high -> high.to(id + "-high", asRide)))
            .defaultBranch(Branched.withConsumer(low -> low.to(id + "-low", asRide)));
        rides.foreach((key, ride) -> count.run());
      }
      default -> throw new IllegalArgumentException(what);
    }

    var settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("KAFKA_BROKERS"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
    settings.put("auto.offset.reset", "earliest");
    var streams = new KafkaStreams(builder.build(), settings);
    streams.setUncaughtExceptionHandler(error -> {
      System.err.println(error);
      System.exit(1);
      return null;
    });
    streams.start();
    done.await();
    streams.close();
    new CountDownLatch(1).await();
  }
}
