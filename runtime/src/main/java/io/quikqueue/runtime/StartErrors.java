package io.quikqueue.runtime;

import io.quikqueue.domain.port.UnavailableException;
import java.net.BindException;
import java.sql.SQLException;
import java.util.List;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import org.jspecify.annotations.Nullable;

/** Says in a line or two what keeps a process from starting. */
final class StartErrors {

  private StartErrors() {}

  static boolean isUsage(Throwable e) {
    return find(e, UsageException.class) != null || find(e, ArgumentParserException.class) != null;
  }

  /** Whether the message says all that there is to know. */
  static boolean isUnderstood(Throwable e) {
    return isUsage(e) || find(e, SetupException.class) != null;
  }

  static String describe(Throwable e) {
    for (Class<? extends Throwable> known :
        List.of(UsageException.class, SetupException.class, ArgumentParserException.class)) {
      Throwable found = find(e, known);
      if (found != null) {
        return String.valueOf(found.getMessage());
      }
    }
    BindException bind = find(e, BindException.class);
    if (bind != null) {
      return "cannot listen (" + bind.getMessage() + "); choose another port";
    }
    UnavailableException store = find(e, UnavailableException.class);
    if (find(e, SQLException.class) != null) {
      return "cannot reach the database (%s); check that it runs, and database.url (QQ_DB_URL)"
          .formatted(root(e));
    }
    String what = store == null ? "cannot start" : "cannot use the " + store.dependency();
    return what + ": " + root(e);
  }

  private static String root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null || message.isBlank()
        ? root.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  private static <X extends Throwable> @Nullable X find(Throwable e, Class<X> type) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
    }
    return null;
  }
}
