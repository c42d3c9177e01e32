package io.quikqueue.rest;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.quikqueue.domain.usecase.audit.AuditTrail;
import io.quikqueue.domain.usecase.lease.Leases;
import jakarta.servlet.DispatcherType;
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

  /** How long a stop keeps a connection without a request; enough for one that is on its way. */
  private static final int IDLE_AT_STOP_MILLIS = 200;

  private final UseCases use;
  private final RestConfig config;
  private final SubmitConfig submit;
  private final ServedHosts hosts;
  private final IntFunction<Duration> answerTime;
  private final CallerBound waiting;

  public RestApi(UseCases use, RestConfig config, SubmitConfig submit, ServedHosts hosts) {
    this(use, config, submit, hosts, AnswerBudget::usualTime);
  }

  /**
   * @param answerTime how long a large answer may take until it is sent, by its bytes
   */
  RestApi(
      UseCases use,
      RestConfig config,
      SubmitConfig submit,
      ServedHosts hosts,
      IntFunction<Duration> answerTime) {
    this.use = use;
    this.config = config;
    this.submit = submit;
    this.hosts = hosts;
    this.answerTime = answerTime;
    this.waiting = config.getLimits().waits();
  }

  /** How many requests wait for a job. */
  public int waiting() {
    return waiting.now();
  }

  /** Serves the API on the application port, all of it behind one {@link FrontDoor}. */
  public void register(Environment environment) {
    RequestBodies bodies = new RequestBodies(config);
    AnswerBudget answers =
        new AnswerBudget(config.getLimits(), answerTime, platformThreads(environment));
    JobLookup lookup = new JobLookup(use, config, new LongPolls(use, waiting), answers);
    HotRoutes hotRoutes = hotRoutes(bodies, lookup, answers);
    RouteRules rules = RouteRules.read();
    AuditTrail trail = use.audit().trail();
    FrontDoor door =
        new FrontDoor(
            new RequestGuard(hosts),
            new RequestLimits(config.getLimits()),
            new Access(use.authenticate(), use.scopes(), rules, trail),
            hotRoutes,
            new AuditGate(trail, rules, hotRoutes),
            answers);
    environment
        .servlets()
        .addFilter("front-door", door)
        .addMappingForUrlPatterns(
            EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
    registerWithJersey(environment.jersey(), bodies, lookup, answers);
    Gunzip.insteadOfTheServers(environment.lifecycle());
    ProblemErrorHandler.install(environment);
    limitConnections(environment);
  }

  private HotRoutes hotRoutes(RequestBodies bodies, JobLookup lookup, AnswerBudget answers) {
    JobSubmitter submitter = new JobSubmitter(use);
    return new HotRoutes(
        new SubmitResource(submitter, bodies, submit),
        new ResultsResource(lookup),
        new JobsResource(use, submitter, bodies, lookup, answers),
        new LeaseResource(use, bodies, answers, waiting, config),
        new LogsResource(use, answers, waiting, config),
        new WorkflowLookup(use, answers, waiting, config),
        new TasksResource(use, submitter, bodies, lookup, answers));
  }

  private void registerWithJersey(
      JerseyEnvironment jersey, RequestBodies bodies, JobLookup lookup, AnswerBudget answers) {
    // Location is a path: what host the client sees, it knows better
    jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
    // the server buffers answers; doing it twice costs 8 KiB a request
    jersey.property(ServerProperties.OUTBOUND_CONTENT_LENGTH_BUFFER, 0);
    if (config.isEcho()) {
      jersey.register(new EchoResource(bodies));
    }
    List.of(
            new RootResource(),
            new DashboardResource(),
            new DocsResource(),
            new JobResource(use, lookup, bodies, answers),
            new StepsResource(use, bodies, answers),
            new BatchResource(use, bodies, answers),
            new QueuesResource(
                use,
                answers,
                new PauseAnswers(use, bodies),
                new LimitAnswers(use, bodies),
                new PolicyAnswers(use, bodies),
                new StatsAnswers(use.stats())),
            new TypesResource(
                new PauseAnswers(use, bodies),
                new LimitAnswers(use, bodies),
                new PolicyAnswers(use, bodies),
                new StatsAnswers(use.stats())),
            new StatsResource(new StatsAnswers(use.stats())),
            new PausesResource(use, answers),
            new KeysResource(use, bodies, answers),
            new UsersResource(use.users(), bodies, answers),
            new AuthResource(use.users().signIn(), use.audit().trail(), bodies),
            new JwksResource(use.users().keyring()),
            new AuditResource(use.audit().read(), answers),
            new DeadResource(use, bodies, answers),
            new OperationsResource(use, bodies, answers),
            new SchedulesResource(use, bodies, answers),
            new WorkflowRetryResource(use.retryWorkflow(), bodies),
            new WorkflowsResource(use, bodies, answers),
            new WorkflowSignalsResource(use, bodies),
            new WorkersResource(use, bodies, answers),
            new LeasesResource(use, bodies, answers),
            new JsonSuffix(),
            new DrainBody(),
            new ContentLength(),
            new GoneClients(),
            new ErrorMapper(),
            new ErrorMapper.OfIllegalState())
        .forEach(jersey::register);
  }

  /** Bounds the connections, and lets nobody wait for a service that stops. */
  private void limitConnections(Environment environment) {
    ConnectionLimits connections = new ConnectionLimits(config.getLimits());
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              @Override
              public void lifeCycleStarting(LifeCycle server) {
                for (Connector connector : ((Server) server).getConnectors()) {
                  if (connector instanceof AbstractConnector bounded) {
                    bounded.setShutdownIdleTimeout(IDLE_AT_STOP_MILLIS);
                    if (APPLICATION.equals(connector.getName())) {
                      bounded.addBean(connections);
                    }
                  }
                }
              }

              @Override
              public void lifeCycleStopping(LifeCycle server) {
                use.await().close();
                Leases leases = use.leases();
                if (leases != null) {
                  leases.endWaits();
                }
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
}
