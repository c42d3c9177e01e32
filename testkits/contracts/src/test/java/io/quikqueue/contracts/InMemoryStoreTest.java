package io.quikqueue.contracts;

import io.quikqueue.domain.port.ParkedJobs;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryStoreTest {

  private static Stores emptyStore() {
    SettableClock clock = new SettableClock();
    return Stores.inMemory(new InMemoryStore(clock), clock);
  }

  @Nested
  class AsJobStore extends JobStoreContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsGrowingWorkflows extends GrowingWorkflowsContract {

    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsWaitNodes extends WaitNodesContract {

    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsWorkflows extends WorkflowsContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }

    /** A store of its own for each, as they are small and many. */
    @Test
    void tenThousandWorkflowsEndAsTheReferenceSays() {
      for (long seed = 0; seed < 10_000; seed++) {
        RandomWorkflow.run(emptyStore(), seed, 200);
      }
    }
  }

  @Nested
  class AsOutbox extends OutboxContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsTimers extends TimersContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsActiveJobs extends ActiveJobsContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsParkedJobs extends ParkedJobsContract {
    private InMemoryStore store;

    @Override
    protected Stores open() {
      SettableClock clock = new SettableClock();
      store = new InMemoryStore(clock);
      return Stores.inMemory(store, clock);
    }

    @Override
    protected ParkedJobs parked() {
      return store.parked();
    }
  }

  @Nested
  class AsQueues extends QueuesContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsDesiredStates extends DesiredStatesContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsPauses extends PausesContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class WithMaxWaiting extends MaxWaitingContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsLimitStore extends LimitStoreContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsPolicyStore extends PolicyStoreContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsDeadLetters extends DeadLettersContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsDependencies extends OrderingContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class WithHeldLines extends HeldLinesContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class WithCallbacks extends CallbacksContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsOperations extends OperationsContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsSchedules extends SchedulesContract {
    private InMemoryStore store;

    @Override
    protected Stores open() {
      SettableClock clock = new SettableClock();
      store = new InMemoryStore(clock);
      return Stores.inMemory(store, clock);
    }

    @Override
    protected void spoil(String name) {
      store.spoilSchedule(name, "Unknown time-zone ID: Mars/Olympus");
    }
  }

  @Nested
  class AsJobSteps extends JobStepsContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsJobLogs extends JobLogsContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsDeadOutbox extends DeadOutboxContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsWorkers extends WorkersContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsAccounts extends AccountsContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsApiKeys extends ApiKeysContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class AsLeases extends LeadershipContract {
    @Override
    protected Stores open() {
      return emptyStore();
    }
  }

  @Nested
  class WithoutOutbox extends JobStoreContract {
    @Override
    protected Stores open() {
      SettableClock clock = new SettableClock();
      return Stores.inMemory(new InMemoryStore(clock, false), clock);
    }
  }
}
