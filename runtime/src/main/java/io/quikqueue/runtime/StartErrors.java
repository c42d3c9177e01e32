package io.quikqueue.runtime;

import io.quikqueue.domain.port.UnavailableException;
import java.net.BindException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import net.sourceforge.argparse4j.internal.UnrecognizedArgumentException;
import org.jspecify.annotations.Nullable;

/** Says in a line or two what keeps a process from starting. */
final class StartErrors {

  /** By MySQL's numbers: not to this database, a wrong password, a user known by other means. */
  private static final Set<Integer> DENIED = Set.of(1044, 1045, 1698);

  private StartErrors() {}

  static boolean isUsage(Throwable e) {
    return find(e, UsageException.class) != null || find(e, ArgumentParserException.class) != null;
  }

  /** Whether the message says all that there is to know. */
  static boolean isUnderstood(Throwable e) {
    return isUsage(e) || find(e, SetupException.class) != null;
  }

  /**
   * What is wrong, and how to mend it.
   *
   * @param database the host and port of the one that the command is about; empty = not known
   */
  static String describe(Throwable e, String database) {
    for (Class<? extends Throwable> known :
        List.of(UsageException.class, SetupException.class, ArgumentParserException.class)) {
      Throwable found = find(e, known);
      if (found instanceof ArgumentParserException wrong) {
        return misused(wrong);
      }
      if (found != null) {
        return String.valueOf(found.getMessage());
      }
    }
    BindException bind = find(e, BindException.class);
    if (bind != null) {
      return "cannot listen (" + bind.getMessage() + "); choose another port";
    }
    UnavailableException store = find(e, UnavailableException.class);
    if (isDenied(e)) {
      return "the database refuses the user (%s); check database.user (QQ_DB_USER), database.password (QQ_DB_PASSWORD) and the rights of the user"
          .formatted(root(e));
    }
    if (find(e, SQLException.class) != null) {
      return "cannot reach the database%s (%s); check that it runs, and database.url (QQ_DB_URL)"
          .formatted(database.isEmpty() ? "" : " at " + database, root(e));
    }
    String what = store == null ? "cannot start" : "cannot use the " + store.dependency();
    return what + ": " + root(e);
  }

  private static String misused(ArgumentParserException e) {
    return e instanceof UnrecognizedArgumentException unknown
        ? "unknown option " + Printable.of(unknown.getArgument())
        : "an option has no value, or a wrong one";
  }

  /** A pool puts an exception of its own, without the number, around the server's. */
  private static boolean isDenied(Throwable e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql && DENIED.contains(sql.getErrorCode())) {
        return true;
      }
    }
    return false;
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
