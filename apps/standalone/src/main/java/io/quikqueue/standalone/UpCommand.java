package io.quikqueue.standalone;

import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.net.BindException;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/** Runs the server; says in one line what stands in its way when the user can clear it. */
final class UpCommand extends ServerCommand<StandaloneConfiguration> {

  UpCommand(Application<StandaloneConfiguration> application) {
    super(application);
  }

  @Override
  public void onError(Cli cli, Namespace namespace, Throwable e) {
    String reason = reason(e);
    if (reason == null) {
      super.onError(cli, namespace, e);
    } else {
      cli.getStdErr().println("quikqueue: " + reason);
    }
  }

  private static @Nullable String reason(Throwable e) {
    Throwable outer = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof DataDirectory.InUseException) {
        return cause.getMessage() + "; choose another with --data";
      }
      if (cause instanceof BindException) {
        // The one around it names the address.
        return outer.getMessage() + "; choose another with --port or --admin-port";
      }
      outer = cause;
    }
    return null;
  }
}
