package io.quikqueue.consumer;

import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.usecase.dispatch.Dispatch;
import io.quikqueue.domain.usecase.dispatch.Park;
import io.quikqueue.kafka.Dispatching;
import io.quikqueue.kafka.KafkaDispatcher;
import io.quikqueue.metrics.PrometheusMeter;
import io.quikqueue.redis.RedisReadyQueue;
import io.quikqueue.runtime.Admin;
import io.quikqueue.runtime.Closing;
import io.quikqueue.runtime.ServiceApplication;
import io.quikqueue.runtime.Settings;
import io.quikqueue.runtime.UsedServers;
import io.quikqueue.sql.DatabaseConfig;
import io.quikqueue.sql.SqlStores;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Dispatches announced jobs from Kafka to the ready queue in Redis. */
public final class ConsumerApplication extends ServiceApplication<ConsumerConfiguration> {

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  public static void main(String[] args) {
    new ConsumerApplication().launch(args);
  }

  @Override
  public String getName() {
    return "quikqueue-consumer";
  }

  @Override
  protected String usage() {
    return """
    usage: quikqueue consumer CONFIG.yml

    The consumer: dispatches announced jobs from Kafka to Redis. The configuration file that comes along is config/consumer.yml.

    """;
  }

  @Override
  public void initialize(Bootstrap<ConsumerConfiguration> bootstrap) {
    Settings.substitute(bootstrap, Map.of());
  }

  @Override
  public void run(ConsumerConfiguration config, Environment environment) {
    PrometheusMeter meter = new PrometheusMeter();
    RedisReadyQueue ready = new RedisReadyQueue(config.redis());
    DatabaseConfig database = config.database();
    SqlStores stores = database == null ? null : SqlStores.open(database, environment.metrics());
    long highWater = config.dispatch().highWater();
    Park park =
        stores == null
            ? null
            : new Park(ready.windows(), stores.parked(), highWater, System::nanoTime);
    Dispatch dispatch = new Dispatch(ready, park, highWater, meter);
    KafkaDispatcher dispatcher =
        new KafkaDispatcher(
            config.kafka(),
            new Dispatching() {
              @Override
              public Set<String> dispatch(List<StreamRecord> batch) {
                return dispatch.dispatch(batch);
              }

              @Override
              public Map<String, Long> depth() {
                return dispatch.depth();
              }
            },
            dispatch.lowWater());

    if (stores != null) {
      environment.lifecycle().manage(Closing.of(stores));
    }
    environment.lifecycle().manage(Closing.of(ready));
    environment
        .lifecycle()
        .manage(
            new Managed() {
              @Override
              public void start() {
                dispatcher.start();
              }

              @Override
              public void stop() {
                dispatcher.stop(STOP_PATIENCE);
              }
            });
    meter.gauge("quikqueue_ready_jobs", "Jobs ready to run, by queue.", "queue", ready::depth);
    UsedServers servers = new UsedServers(environment, "consumer");
    if (database != null && stores != null) {
      servers.add("store", "database", database.servers(), stores::ping);
    }
    servers
        .addFinding(
            "stream",
            "Kafka",
            config.kafka().getBootstrapServers(),
            () -> Objects.requireNonNullElse(dispatcher.trouble(), ""))
        .add("ready-queue", "Redis", config.redis().server(), ready::ping);
    Admin.serve(config, environment, meter, "stream", "ready-queue");
  }
}
