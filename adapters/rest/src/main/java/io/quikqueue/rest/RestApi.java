package io.quikqueue.rest;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.List;
import org.glassfish.jersey.server.ServerProperties;

/** The REST API, version 1, for an app to register. */
public final class RestApi {

  private final UseCases use;
  private final RestConfig config;
  private final SubmitConfig submit;

  /**
   * @throws io.quikqueue.domain.job.InvalidFieldException when no job could be made by {@code
   *     submit}
   */
  public RestApi(UseCases use, RestConfig config, SubmitConfig submit) {
    this.use = use;
    this.config = config;
    this.submit = submit;
  }

  /** Registers all resources and what turns exceptions into problem documents. */
  public void register(Environment environment) {
    JerseyEnvironment jersey = environment.jersey();
    // Location is a path: what host the client sees, it knows better
    jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
    // the server buffers answers; doing it twice costs 8 KiB a request
    jersey.property(ServerProperties.OUTBOUND_CONTENT_LENGTH_BUFFER, 0);
    RequestBodies bodies = new RequestBodies(config);
    Submits submits = new Submits(use);
    Waits waits = new Waits(use, config);
    if (config.isEcho()) {
      jersey.register(new EchoResource(bodies));
    }
    SubmitResource texts = new SubmitResource(submits, bodies, submit);
    ResultsResource results = new ResultsResource(waits);
    JobsResource jobs = new JobsResource(use, submits, bodies, waits);
    environment
        .servlets()
        .addFilter("hot-paths", new HotPaths(texts, jobs, results))
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, HotPaths.PATTERNS);
    List.of(
            new RootResource(),
            new DocsResource(),
            texts,
            results,
            jobs,
            new BatchResource(use, bodies),
            new QueuesResource(use),
            new WorkersResource(use),
            new DrainBody(),
            new ContentLength(),
            new ProblemExceptionMapper(),
            new InvalidFieldExceptionMapper(),
            new OverloadedExceptionMapper(),
            new UnavailableExceptionMapper(),
            new WebApplicationExceptionMapper(),
            new IOExceptionMapper(),
            new IllegalStateExceptionMapper(),
            new ThrowableMapper())
        .forEach(jersey::register);
  }
}
