package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.mysql.cj.jdbc.JdbcConnection;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.Submission;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.PooledConnection;
import org.jdbi.v3.core.ConnectionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job that no other job can wait for pays nothing for those that do. */
class PlainJobsTest {

  private final Jobs jobs = new Jobs();
  private final List<String> statements = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @EnumSource
  void theyTouchNoTableOfDependencies(TestDatabase database) {
    SqlJobStore store = new SqlJobStore(recording(database.empty()), true, new CallbackJobs());

    store.submit(submissions(jobs.queuedJobs(20)));
    List<Job> queued = jobs.queuedJobs(3);
    store.submit(submissions(queued));
    List<Transition> ends = new ArrayList<>();
    ends.add(queued.get(0).succeed("1", null, jobs.now()));
    ends.add(queued.get(1).cancel(jobs.now()));
    ends.add(queued.get(2).fail(new Failure("no", true), 0, jobs.now()));
    store.save(ends);
    store.save(List.of(ends.get(2).after().retry(jobs.now())));

    assertThat(statements)
        .anyMatch(sql -> sql.startsWith("UPDATE jobs"))
        .noneMatch(sql -> sql.contains("dependencies") || sql.contains("ordering_lines"))
        .noneMatch(sql -> sql.contains("waiting_counts") || sql.contains("workflow"));
  }

  @ParameterizedTest
  @EnumSource
  void thoseWithAnOrderingKeyDo(TestDatabase database) {
    SqlJobStore store = new SqlJobStore(recording(database.empty()), true, new CallbackJobs());

    store.submit(submissions(List.of(jobs.aJob().with(it -> it.orderingKey("k")).queued())));

    assertThat(statements).anyMatch(sql -> sql.contains("ordering_lines"));
  }

  private static List<Submission> submissions(List<Job> of) {
    return of.stream().map(job -> new Submission(job, null)).toList();
  }

  private Database recording(DatabaseConfig config) {
    ConnectionFactory connections = () -> recording(TestDatabase.connectWriting(config));
    return new Database(
        config, new Connections(connections, connections, connections, () -> {}, List.of()));
  }

  private Connection recording(Connection real) throws SQLException {
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
              if (arguments != null && arguments[0] instanceof String sql) {
                statements.add(sql);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
