package io.quikqueue.handlers;

import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.handler.Handler;
import io.quikqueue.handler.PermanentFailure;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs by a handler out of a plugin.
 *
 * @param jar the file name of the plugin
 * @param mayCompute whether it runs on platform threads; those that wait in a batch do not
 * @param batches null = each job is run alone
 */
record PluginHandler<P>(
    String jar,
    String type,
    Class<P> payloadType,
    @Nullable String payloadSchema,
    boolean mayCompute,
    Handler<P> handler,
    @Nullable Batches<P> batches)
    implements JobHandler {

  @Override
  public Result run(JobRun run) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(handler.getClass().getClassLoader());
    try {
      P payload = PayloadJson.read(run.job().spec().payload(), payloadType);
      Object result =
          batches == null
              ? handler.handle(payload, new RunContext(run))
              : batches.run(run, payload);
      if (result == null) {
        return new Result(null, null);
      }
      WrittenResult written = PayloadJson.result(result);
      return new Result(written.json(), written.note());
    } catch (PermanentFailure e) {
      throw new PermanentFailureException(e.getMessage(), e);
    } catch (LinkageError e) {
      throw new PermanentFailureException("the plugin " + jar + " lacks something: " + e, e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
