package io.quikqueue.rest;

import io.dropwizard.core.setup.Environment;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers with a problem document where the HTTP server itself refuses a request, before this API
 * sees it: a URI or a header that cannot be read, a header section that is too large.
 */
final class ProblemErrorHandler extends ErrorHandler {

  /** Has the application port of a service answer so. */
  static void install(Environment environment) {
    environment.getApplicationContext().setErrorHandler(new ProblemErrorHandler());
    environment
        .lifecycle()
        .addServerLifecycleListener(server -> server.setErrorHandler(new ProblemErrorHandler()));
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    response.write(true, ByteBuffer.wrap(body(code)), callback);
  }

  private static byte[] body(int status) {
    return Problems.ofStatus(status, HttpStatus.getMessage(status), detail(status)).bytes();
  }

  private static String detail(int status) {
    return switch (status) {
      case 400 -> "the request line, the URI or a header cannot be read";
      case 404 -> "there is nothing at this path";
      case 431 -> "the headers are too large";
      case 414 -> "the URI is too long";
      case 503 -> "the service is stopping";
      default -> "the request was refused";
    };
  }
}
