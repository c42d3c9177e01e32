package io.quikqueue.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.PostponedException;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/**
 * Runs the jobs that tell of the ends of others: POSTs the event in the payload to its URL, as
 * Standard Webhooks has it. Every 2xx is success, 410 ends it for good, and all else is tried
 * again. What {@link HttpJobHandler} lets a job reach holds here too.
 */
public final class CallbackJobHandler implements JobHandler {

  /**
   * What the ids of events begin with. The id is signed: whoever can submit jobs can have calls
   * signed, but none that looks like this.
   */
  static final String ID_PREFIX = "callback_";

  private static final int MOST_RESPONSE = 4 << 10;
  private static final int GONE = 410;
  private static final StatusRules STATUSES =
      new StatusRules(
          List.of(StatusRange.SUCCESS),
          List.of(new StatusRange(300, GONE - 1), new StatusRange(GONE + 1, 599)),
          List.of(new StatusRange(GONE, GONE)));

  /** Takes a name twice: the result of a job may have been made by anybody. */
  private static final JsonFactory JSON = new JsonFactory();

  private final HttpJobHandler http;

  /**
   * @param http makes the calls
   */
  public CallbackJobHandler(HttpJobHandler http) {
    this.http = http;
  }

  /**
   * Checks the URL of a callback without calling it.
   *
   * @throws InvalidFieldException naming {@code callback.url}
   */
  public static void checkUrl(String url) {
    try {
      CallUrl.parse(url);
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException("callback.url", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public boolean boundsResults() {
    return true;
  }

  @Override
  public Result run(JobRun run)
      throws HttpCallFailedException,
          PostponedException,
          PermanentFailureException,
          InterruptedException {
    HttpCall call;
    try {
      call = call(run.job().spec().payload());
    } catch (IOException | IllegalArgumentException e) {
      throw new PermanentFailureException("the payload is not that of a callback", e);
    }
    return http.run(run, call, ID_PREFIX + run.job().id());
  }

  /** Reads {@code {"url", "event"}}; the event is sent character for character. */
  private static HttpCall call(String payload) throws IOException {
    try (JsonParser parser = JSON.createParser(payload)) {
      require(parser.nextToken() == JsonToken.START_OBJECT);
      require("url".equals(parser.nextFieldName()));
      require(parser.nextToken() == JsonToken.VALUE_STRING);
      CallUrl url = CallUrl.parse(parser.getText());
      require("event".equals(parser.nextFieldName()));
      require(parser.nextToken() == JsonToken.START_OBJECT);
      int start = (int) parser.currentTokenLocation().getCharOffset();
      TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.put("Content-Type", "application/json");
      return new HttpCall(
          url,
          "POST",
          headers,
          payload.substring(start, payload.lastIndexOf('}')),
          CallbackJobs.CALL_TIMEOUT,
          STATUSES,
          MOST_RESPONSE,
          false);
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("not a callback");
    }
  }
}
