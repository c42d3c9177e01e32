package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.workflow.WorkflowState;
import io.quikqueue.sql.SideRows.Step;
import io.quikqueue.sql.WorkflowNodes.Dependent;
import io.quikqueue.sql.WorkflowNodes.Node;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the end of a node does to others of its workflow, in the transaction of that end. The row of
 * the workflow is the lock: who ends a node has it before any job, and rows in ascending order. So
 * two ends of a workflow come one after the other, each sees what the one before counted, and they
 * do not deadlock among themselves. A transaction decides on a few hundred nodes at most; what is
 * left is in the table {@code workflow_untold} when it commits.
 */
final class WorkflowRows {

  /** Nodes that one transaction decides on. */
  static final int MOST = 256;

  /** In {@code workflow_untold}: the rest of the workflow is being cancelled. */
  static final int SWEEP = -1;

  private final Dialect dialect;
  private final WorkflowNodes nodes;
  private final WaitNodes waits;
  private final SpawnRows spawns;

  WorkflowRows(Dialect dialect) {
    this.dialect = dialect;
    this.waits = new WaitNodes(dialect);
    this.nodes = new WorkflowNodes(dialect);
    this.spawns = new SpawnRows(dialect, nodes);
  }

  /** The workflows that a transaction has locked, and what it has to write of them. */
  static final class Flows {

    private final Map<WorkflowId, WorkflowView> now = new TreeMap<>();
    private final Set<WorkflowId> changed = new LinkedHashSet<>();
    private final Set<WorkflowId> moved = new HashSet<>(0);
    private final Set<WorkflowId> unfinished = new LinkedHashSet<>();
    private final List<WorkflowView> over = new ArrayList<>(0);
    private final List<Job> spawned = new ArrayList<>(0);

    /** The jobs of nodes that were added, which are stored without their side rows. */
    List<Job> spawned() {
      return spawned;
    }

    /** Those of which something is left to do in a further transaction. */
    Set<WorkflowId> unfinished() {
      return unfinished;
    }

    /** Those that have ended. */
    List<WorkflowView> over() {
      return over;
    }

    /**
     * Whether a change ends a node that adds others to a workflow which is being cancelled and
     * takes none. DONE without them it would count as whole in a retry; so it is cancelled with the
     * rest.
     */
    boolean isTooLate(Transition change) {
      NodeRef node = change.before().spec().node();
      WorkflowView view =
          node == null || change.spawned().isEmpty() ? null : now.get(node.workflow());
      return view != null && view.progress().state().sweeping();
    }

    private boolean runs(WorkflowId id) {
      WorkflowView view = now.get(id);
      return view != null && view.progress().state() == WorkflowState.RUNNING;
    }

    private void ended(Node node, JobState end, boolean waited, Instant at) {
      WorkflowView view = now.get(node.workflow());
      if (view != null) {
        put(view.after(view.progress().ended(end, node.optional(), waited), at));
      }
    }

    private void released(WorkflowId id, Instant at) {
      WorkflowView view = now.get(id);
      if (view != null) {
        put(view.after(view.progress().released(), at));
      }
    }

    void put(WorkflowView view) {
      WorkflowView before = now.put(view.id(), view);
      changed.add(view.id());
      if (before == null
          || before.progress().state() != view.progress().state()
          || before.nodes() != view.nodes()
          || !Objects.equals(before.reach(), view.reach())) {
        moved.add(view.id());
        if (view.progress().state().terminal()
            && (before == null || !before.progress().state().terminal())) {
          over.add(view);
        }
      }
    }

    /** The workflow as it is now, which must be locked. */
    WorkflowView get(WorkflowId id) {
      WorkflowView view = now.get(id);
      if (view == null) {
        throw new IllegalStateException("workflow " + id + " is not locked");
      }
      return view;
    }

    boolean has(WorkflowId id) {
      return now.containsKey(id);
    }
  }

  /** Locks the workflows whose nodes changes end; to be called before any job is locked. */
  Flows lock(Connection connection, List<Transition> changes) throws SQLException {
    Set<WorkflowId> touched = new HashSet<>(0);
    for (Transition change : changes) {
      NodeRef node = change.before().spec().node();
      if (node != null && change.after().state().terminal()) {
        touched.add(node.workflow());
      }
    }
    return lock(connection, touched);
  }

  /** Locks workflows until the end of the transaction; those that are gone are left out. */
  Flows lock(Connection connection, Collection<WorkflowId> ids) throws SQLException {
    Flows flows = new Flows();
    if (!ids.isEmpty()) {
      Ids.query(
          connection,
          "SELECT %s FROM %s WHERE id IN (%%s) ORDER BY id %s"
              .formatted(WorkflowColumns.ALL, dialect.byKey("workflows"), dialect.forUpdate()),
          Ids.sorted(ids.stream().map(WorkflowId::value).toList()),
          row -> {
            WorkflowView view = WorkflowColumns.read(row);
            flows.now.put(view.id(), view);
          });
    }
    return flows;
  }

  /**
   * Counts the nodes that steps end, and tells those that need them.
   *
   * @return the steps by which others are released, skipped or cancelled, to be applied
   */
  List<Step> tell(Connection connection, Flows flows, List<Step> steps) throws SQLException {
    if (flows.now.isEmpty()) {
      return List.of();
    }
    Map<JobId, Step> ends = new HashMap<>();
    for (Step step : steps) {
      if (step.change().after().state().terminal() && step.before().spec().node() != null) {
        ends.put(step.before().id(), step);
      }
    }
    Frontier frontier = new Frontier(flows, false);
    List<JobId> neverTold = new ArrayList<>(0);
    List<Node> ended = nodes.ofJobs(connection, ends.keySet());
    spawn(connection, flows, ends, ended);
    for (Node node : ended) {
      Step step = ends.get(node.job());
      if (step != null && node.ended() == null && flows.has(node.workflow())) {
        Job after = step.change().after();
        boolean waited = step.before().state() == JobState.WAITING;
        if (waited) {
          neverTold.add(node.job());
        }
        frontier.end(node, after.state(), waited, after.updatedAt());
      }
    }
    nodes.forgetNeeds(connection, neverTold);
    waits.over(connection, ends.values());
    List<Step> caused = frontier.spread(connection);
    write(connection, flows);
    return caused;
  }

  /** Adds the nodes that ends bring, before any of them counts, in the order of those that do. */
  private void spawn(Connection connection, Flows flows, Map<JobId, Step> ends, List<Node> ended)
      throws SQLException {
    ended.sort(Comparator.comparing(Node::workflow).thenComparing(Node::index));
    for (Node node : ended) {
      Step step = ends.get(node.job());
      if (step != null && node.ended() == null && flows.runs(node.workflow())) {
        List<SpawnedNode> spawned = step.change().spawned();
        if (!spawned.isEmpty()) {
          SpawnRows.Grown grown = spawns.add(connection, node, flows.get(node.workflow()), spawned);
          flows.spawned.addAll(grown.jobs());
          flows.put(grown.workflow());
        }
      }
    }
  }

  /**
   * Goes on with what an earlier transaction left of a workflow, which is locked.
   *
   * @return the steps by which others are released, skipped or cancelled, to be applied
   */
  List<Step> proceed(Connection connection, Flows flows, WorkflowId id) throws SQLException {
    if (!flows.has(id) || flows.get(id).progress().state().terminal()) {
      nodes.forgetUntold(connection, id); // others have done it
      return List.of();
    }
    Frontier frontier = new Frontier(flows, true);
    List<Step> caused;
    if (flows.get(id).progress().state().sweeping()) {
      caused = frontier.sweep(connection, id);
    } else {
      List<Node> untold = nodes.untold(connection, id, MOST);
      frontier.told.addAll(untold);
      caused = frontier.spread(connection);
      if (untold.size() == MOST) {
        flows.unfinished.add(id);
      }
    }
    write(connection, flows);
    return caused;
  }

  /** Begins to cancel what has not ended of a locked workflow. */
  void beginSweep(Connection connection, Flows flows, WorkflowView cancelling) throws SQLException {
    flows.put(cancelling);
    nodes.addUntold(connection, cancelling.id(), List.of(SWEEP));
    flows.unfinished.add(cancelling.id());
    write(connection, flows);
  }

  private void write(Connection connection, Flows flows) throws SQLException {
    List<WorkflowView> moved = new ArrayList<>(0);
    List<WorkflowView> counted = new ArrayList<>(1);
    for (WorkflowId id : flows.changed) {
      (flows.moved.contains(id) ? moved : counted).add(flows.get(id));
    }
    flows.changed.clear();
    flows.moved.clear();
    WorkflowColumns.update(connection, moved);
    WorkflowColumns.count(connection, counted);
  }

  /** Nodes that have ended while others are not told yet; used once. */
  private final class Frontier {

    private final Flows flows;
    private final List<Node> told = new ArrayList<>();
    private final List<Node> ended = new ArrayList<>();
    private final Set<WorkflowId> failing = new LinkedHashSet<>();
    private final List<Step> caused = new ArrayList<>();
    private final boolean resumed;
    private int decided;

    /**
     * @param resumed whether an earlier transaction left something
     */
    Frontier(Flows flows, boolean resumed) {
      this.flows = flows;
      this.resumed = resumed;
    }

    void end(Node node, JobState end, boolean waited, Instant at) {
      boolean ran = flows.runs(node.workflow());
      flows.ended(node, end, waited, at);
      ended.add(node.after(end));
      if (flows.runs(node.workflow())) {
        told.add(node.after(end));
      } else if (ran) {
        failing.add(node.workflow());
      }
    }

    /** Tells dependents, those of skipped ones too, as far as one transaction goes. */
    List<Step> spread(Connection connection) throws SQLException {
      nodes.end(connection, ended); // before what depends on them is read
      ended.clear();
      List<Node> over = new ArrayList<>(told);
      told.clear();
      boolean whole = true;
      while (!over.isEmpty() && whole) {
        over.removeIf(node -> !flows.runs(node.workflow()));
        whole = tell(connection, over);
        if (whole) {
          over = new ArrayList<>(told);
          told.clear();
        }
      }
      over.addAll(told);
      over.removeIf(node -> !flows.runs(node.workflow()));
      for (Node node : over) {
        nodes.addUntold(connection, node.workflow(), List.of(node.index()));
        flows.unfinished.add(node.workflow());
      }
      for (WorkflowId id : failing) {
        if (!flows.get(id).progress().state().terminal()) {
          nodes.addUntold(connection, id, List.of(SWEEP));
          flows.unfinished.add(id);
        }
      }
      nodes.end(connection, ended);
      return inOrder();
    }

    /** Returns whether all who need these have been told. */
    private boolean tell(Connection connection, List<Node> over) throws SQLException {
      if (over.isEmpty()) {
        return true;
      }
      int left = MOST - decided;
      Map<JobId, Node> byJob = new HashMap<>();
      over.forEach(node -> byJob.put(node.job(), node));
      WorkflowNodes.Told found = nodes.dependents(connection, byJob, left);
      List<Dependent> counted = new ArrayList<>();
      Map<JobId, Dependent> ready = new HashMap<>();
      Set<JobId> gone = new HashSet<>();
      for (Dependent each : found.dependents()) {
        if (each.node().ended() != null || !flows.runs(each.node().workflow())) {
          gone.add(each.node().job());
          continue;
        }
        switch (each.needs().verdict()) {
          case WAIT -> counted.add(each);
          case RUN, SKIP -> ready.put(each.node().job(), each);
        }
      }
      decided += found.dependents().size();
      nodes.count(connection, counted);
      gone.addAll(ready.keySet());
      nodes.forgetNeeds(connection, gone);
      decide(connection, ready);
      if (found.whole() && resumed) {
        nodes.tellNoMore(connection, over);
      }
      return found.whole();
    }

    private void decide(Connection connection, Map<JobId, Dependent> ready) throws SQLException {
      Map<JobId, Job> jobs = nodes.jobs(connection, ready.keySet());
      List<Dependent> inOrder = new ArrayList<>(ready.values());
      inOrder.sort(Comparator.comparingInt(each -> each.node().index()));
      for (Dependent each : inOrder) {
        Node node = each.node();
        Job job = jobs.get(node.job());
        Instant last = flows.get(node.workflow()).updatedAt();
        if (job == null || job.state().terminal()) { // not by this version
          end(node, job == null ? JobState.CANCELLED : job.state(), true, last);
          continue;
        }
        Instant at = job.updatedAt().isAfter(last) ? job.updatedAt() : last;
        switch (each.needs().verdict()) {
          case WAIT -> {}
          case RUN -> run(connection, node, job, at);
          case SKIP -> {
            caused.add(new Step(job.skip(each.needs().why(), at), job));
            end(node, JobState.SKIPPED, true, at);
          }
        }
      }
    }

    /** One that waits for a signal begins to, or has it already and ends. */
    private void run(Connection connection, Node node, Job job, Instant at) throws SQLException {
      if (job.state() != JobState.WAITING) { // not by this version
        flows.released(node.workflow(), at);
        return;
      }
      Transition wake = job.wake(at);
      String signal = wake.after().awaitedSignal();
      String early = signal == null ? null : waits.take(connection, node.workflow(), signal);
      if (early != null) {
        caused.add(new Step(wake.then(begun -> begun.signalled(early, at)), job));
        end(node, JobState.DONE, true, at);
        return;
      }
      flows.released(node.workflow(), at);
      caused.add(new Step(wake, job));
      if (signal != null) {
        waits.begin(connection, List.of(wake.after()));
      }
    }

    /** Cancels some of the nodes of a workflow that have not ended. */
    List<Step> sweep(Connection connection, WorkflowId id) throws SQLException {
      List<Node> rest = nodes.open(connection, id, MOST);
      Map<JobId, Job> jobs = nodes.jobs(connection, rest.stream().map(Node::job).toList());
      Set<JobId> waited = waiting(connection, rest, jobs);
      for (Node node : rest) {
        Job job = jobs.get(node.job());
        Instant last = flows.get(id).updatedAt();
        if (job == null || job.state().terminal()) {
          JobState end = job == null ? JobState.CANCELLED : job.state();
          end(node, end, waited.contains(node.job()), last);
          continue;
        }
        Instant at = job.updatedAt().isAfter(last) ? job.updatedAt() : last;
        caused.add(new Step(job.cancel(at), job));
        end(node, JobState.CANCELLED, job.state() == JobState.WAITING, at);
      }
      nodes.forgetNeeds(connection, rest.stream().map(Node::job).toList());
      waits.over(connection, caused);
      nodes.end(connection, ended);
      if (rest.size() < MOST) {
        nodes.forgetUntold(connection, id);
      } else {
        flows.unfinished.add(id);
      }
      return inOrder();
    }

    /** Of nodes whose jobs are gone or have ended, those that nothing has released. */
    private Set<JobId> waiting(Connection connection, List<Node> rest, Map<JobId, Job> jobs)
        throws SQLException {
      List<JobId> over = new ArrayList<>(0);
      for (Node node : rest) {
        Job job = jobs.get(node.job());
        if (job == null || job.state().terminal()) {
          over.add(node.job());
        }
      }
      return nodes.withNeeds(connection, over);
    }

    private List<Step> inOrder() {
      caused.sort((a, b) -> a.before().id().compareTo(b.before().id()));
      return caused;
    }
  }
}
