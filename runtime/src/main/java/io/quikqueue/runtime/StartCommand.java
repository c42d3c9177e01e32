package io.quikqueue.runtime;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import net.sourceforge.argparse4j.inf.Namespace;

/** Runs the server, unless it could not listen, or others could call it by nobody's decision. */
final class StartCommand<T extends Configuration> extends ServerCommand<T> {

  StartCommand(Application<T> application) {
    super(application);
  }

  @Override
  protected void run(Bootstrap<T> bootstrap, Namespace namespace, T configuration)
      throws Exception {
    Ports.requireFree(configuration.getServerFactory());
    if (configuration instanceof SubmitterConfiguration submitter) {
      submitter.access().requireSafe(submitter.getServerFactory());
    }
    super.run(bootstrap, namespace, configuration);
  }
}
