package io.quikqueue.runtime;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import net.sourceforge.argparse4j.inf.Namespace;

/** Runs the server, unless it could not listen. */
final class StartCommand<T extends Configuration> extends ServerCommand<T> {

  StartCommand(Application<T> application) {
    super(application);
  }

  @Override
  protected void run(Bootstrap<T> bootstrap, Namespace namespace, T configuration)
      throws Exception {
    Ports.requireFree(configuration.getServerFactory());
    super.run(bootstrap, namespace, configuration);
  }
}
