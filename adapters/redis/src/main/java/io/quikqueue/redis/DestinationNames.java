package io.quikqueue.redis;

import io.quikqueue.domain.limit.Destination;
import org.jspecify.annotations.Nullable;

/** Destinations as they stand in Redis: {@code group/Q/G} or {@code host/H}. */
final class DestinationNames {

  private static final String GROUP = "group/";
  private static final String HOST = "host/";

  private DestinationNames() {}

  static String of(Destination destination) {
    String queue = destination.queue();
    return queue == null
        ? HOST + Arguments.encoded(destination.name())
        : GROUP + queue + '/' + Arguments.encoded(destination.name());
  }

  /** The destination of a name; null = it is none. */
  static @Nullable Destination read(String name) {
    if (name.startsWith(HOST)) {
      return Destination.host(decoded(name.substring(HOST.length())));
    }
    int slash = name.indexOf('/', GROUP.length());
    return name.startsWith(GROUP) && slash > 0
        ? Destination.group(
            name.substring(GROUP.length(), slash), decoded(name.substring(slash + 1)))
        : null;
  }

  private static String decoded(String name) {
    return name.replace("%20", " ").replace("%25", "%");
  }
}
