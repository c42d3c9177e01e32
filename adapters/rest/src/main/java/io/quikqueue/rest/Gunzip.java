package io.quikqueue.rest;

import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.server.handler.gzip.GzipHandler;

/**
 * A gzipped body, undone. The server's own way takes a body that was cut for a whole one; this one
 * throws when the end with its checksum is missing. Closing it frees its memory and leaves the body
 * open.
 */
final class Gunzip extends GZIPInputStream {

  private static final int BUFFER = 4 << 10;

  /**
   * Reads the header.
   *
   * @throws IOException when it is none
   */
  Gunzip(InputStream body) throws IOException {
    super(body, BUFFER);
  }

  /** Has the server leave the bodies of requests as they are. */
  static void insteadOfTheServers(LifecycleEnvironment lifecycle) {
    lifecycle.addServerLifecycleListener(
        server ->
            server
                .getDescendants(GzipHandler.class)
                .forEach(handler -> handler.setInflateBufferSize(0)));
  }

  @Override
  public void close() {
    inf.end();
  }
}
