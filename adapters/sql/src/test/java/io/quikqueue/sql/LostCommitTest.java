package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.mysql.cj.jdbc.JdbcConnection;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.PooledConnection;
import org.jdbi.v3.core.ConnectionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The answer to a commit is lost: what was written is neither written again nor refused. */
class LostCommitTest {

  private final Jobs jobs = new Jobs();
  private final AtomicInteger losses = new AtomicInteger();

  @ParameterizedTest
  @EnumSource
  void aSubmitWhoseAnswerIsLostIsAcceptedOnce(TestDatabase database) {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      SqlJobStore losing = new SqlJobStore(losing(config), true, new CallbackJobs());
      Job plain = jobs.aQueuedJob();
      Job keyed = jobs.aQueuedJob();
      losses.set(2);

      List<SubmitResult> answers =
          losing.submit(
              List.of(new Submission(plain, null), new Submission(keyed, Jobs.aKey("k", 1))));

      assertThat(losses).hasValue(0);
      assertThat(answers)
          .containsExactly(new SubmitResult.Accepted(plain), new SubmitResult.Accepted(keyed));
      assertThat(stores.outbox().size()).isEqualTo(2);
      assertThat(stores.queues().find("default").orElseThrow())
          .isEqualTo(
              new QueueFigures("default", Map.of(JobState.QUEUED, 2L), 2, 0, plain.createdAt()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangeWhoseAnswerIsLostIsAppliedOnce(TestDatabase database) {
    DatabaseConfig config = database.empty();
    try (SqlStores stores = TestDatabase.open(config)) {
      SqlJobStore losing = new SqlJobStore(losing(config), true, new CallbackJobs());
      List<Transition> changes = new ArrayList<>();
      for (Job job : jobs.queuedJobs(10)) {
        stores.jobs().submit(List.of(new Submission(job, null)));
        changes.add(job.rescue(jobs.now().plusSeconds(1)));
      }
      losses.set(1);

      assertThat(losing.save(changes).applied()).hasSize(10);

      assertThat(losses).hasValue(0);
      for (Transition change : changes) {
        assertThat(stores.jobs().find(List.of(change.after().id()))).containsValue(change.after());
        assertThat(stores.jobs().attempts(change.after().id())).hasSize(1);
      }
      assertThat(stores.queues().find("default").orElseThrow().jobs())
          .isEqualTo(Map.of(JobState.QUEUED, 10L));
    }
  }

  /** A database whose commits succeed, and whose answers to them are lost as often as set. */
  private Database losing(DatabaseConfig config) {
    ConnectionFactory connections = () -> losing(TestDatabase.connectWriting(config));
    return new Database(
        config, new Connections(connections, connections, connections, () -> {}, List.of()));
  }

  private Connection losing(Connection real) {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {
              real instanceof JdbcConnection ? JdbcConnection.class : Connection.class,
              PooledConnection.class
            },
            (proxy, method, arguments) -> {
              if (method.getName().equals("getConnection")) {
                return proxy;
              }
              Object answer = invoke(real, method, arguments);
              if (answer instanceof PreparedStatement statement
                  && ((String) arguments[0]).endsWith("commit")) {
                return losing(statement);
              }
              return method.getName().equals("commit") ? lost(answer) : answer;
            });
  }

  private PreparedStatement losing(PreparedStatement ending) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (_, method, arguments) -> {
              Object answer = invoke(ending, method, arguments);
              return method.getName().equals("execute") ? lost(answer) : answer;
            });
  }

  private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object lost(Object answer) throws SQLException {
    if (losses.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new SQLRecoverableException("the connection was lost", "08S01");
    }
    return answer;
  }
}
