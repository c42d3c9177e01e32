package io.quikqueue.rest;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.glassfish.jersey.server.ServerProperties;

/** The REST API, version 1, for an app to register. */
public final class RestApi {

  /** What Dropwizard calls the connector that is not the admin's. */
  private static final String APPLICATION = "application";

  private final UseCases use;
  private final RestConfig config;
  private final SubmitConfig submit;
  private final IntFunction<Duration> answerTime;
  private final CallerBound waiting;

  public RestApi(UseCases use, RestConfig config, SubmitConfig submit) {
    this(use, config, submit, AnswerBudget::usualTime);
  }

  /**
   * @param answerTime how long a large answer may take until it is sent, by its bytes
   */
  RestApi(UseCases use, RestConfig config, SubmitConfig submit, IntFunction<Duration> answerTime) {
    this.answerTime = answerTime;
    this.use = use;
    this.config = config;
    this.submit = submit;
    this.waiting = config.getLimits().waits();
  }

  /** How many requests wait for a job. */
  public int waiting() {
    return waiting.now();
  }

  /** Registers all resources and what turns exceptions into problem documents. */
  public void register(Environment environment) {
    JerseyEnvironment jersey = environment.jersey();
    // Location is a path: what host the client sees, it knows better
    jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
    // the server buffers answers; doing it twice costs 8 KiB a request
    jersey.property(ServerProperties.OUTBOUND_CONTENT_LENGTH_BUFFER, 0);
    Gunzip.insteadOfTheServers(environment.lifecycle());
    RequestBodies bodies = new RequestBodies(config);
    JobSubmitter submitter = new JobSubmitter(use);
    JobLookup lookup = new JobLookup(use, config);
    AnswerBudget answers =
        new AnswerBudget(config.getLimits(), answerTime, platformThreads(environment));
    if (config.isEcho()) {
      jersey.register(new EchoResource(bodies));
    }
    SubmitResource texts = new SubmitResource(submitter, bodies, submit);
    ResultsResource results = new ResultsResource(lookup, answers);
    JobsResource jobs = new JobsResource(use, submitter, bodies, lookup, answers);
    limit(environment);
    LongPolls longPolls = new LongPolls(use, config, waiting, answers);
    filter(environment, "long-polls", longPolls, "/results/*", "/v1/*");
    filter(environment, "hot-paths", new HotPaths(texts, jobs, results), HotPaths.PATTERNS);
    List.of(
            new RootResource(),
            new DocsResource(),
            texts,
            results,
            jobs,
            new BatchResource(use, bodies, answers),
            new QueuesResource(use, answers),
            new WorkersResource(use, answers),
            new JsonSuffix(),
            new DrainBody(),
            new ContentLength(),
            new GoneClients(),
            new ErrorMapper(),
            new ErrorMapper.OfIllegalState())
        .forEach(jersey::register);
  }

  /** Bounds what callers hold, and lets nobody wait for a service that stops. */
  private void limit(Environment environment) {
    filter(environment, "pipelining", new Pipelining(), "/*");
    filter(environment, "request-limits", new RequestLimits(config.getLimits()), "/*");
    ConnectionLimits connections = new ConnectionLimits(config.getLimits());
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              @Override
              public void lifeCycleStarting(LifeCycle server) {
                for (Connector connector : ((Server) server).getConnectors()) {
                  if (APPLICATION.equals(connector.getName())
                      && connector instanceof AbstractConnector bounded) {
                    bounded.addBean(connections);
                  }
                }
              }

              @Override
              public void lifeCycleStopping(LifeCycle server) {
                use.await().close();
              }
            });
  }

  private static Executor platformThreads(Environment environment) {
    int threads = Runtime.getRuntime().availableProcessors();
    return environment
        .lifecycle()
        .executorService("answers-%d")
        .minThreads(threads)
        .maxThreads(threads)
        .build();
  }

  private static void filter(
      Environment environment, String name, Filter filter, String... patterns) {
    environment
        .servlets()
        .addFilter(name, filter)
        .addMappingForUrlPatterns(
            EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), true, patterns);
  }
}
