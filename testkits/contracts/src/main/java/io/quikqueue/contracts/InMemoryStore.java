package io.quikqueue.contracts;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Generation;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.BacklogQuery;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.DeadOutbox;
import io.quikqueue.domain.port.Dependencies;
import io.quikqueue.domain.port.DesiredStates;
import io.quikqueue.domain.port.EndedJobs;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobJournal;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Leadership;
import io.quikqueue.domain.port.Operations;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.Pauses;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.Timers;
import io.quikqueue.domain.port.UniqueSlot;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.port.WorkflowSignals;
import io.quikqueue.domain.port.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store in plain collections, for tests: every port of the store, one lock, no threads, and no
 * time but that of the clock it is given. Holds everything until it is pruned.
 */
public final class InMemoryStore
    implements JobStore,
        Outbox,
        Timers,
        ActiveJobs,
        Queues,
        Workers,
        Leadership,
        Pauses,
        Dependencies {

  private static final int SHOWN_ATTEMPTS = 100;
  private static final Comparator<Job> RUN_ORDER =
      comparingInt((Job job) -> job.spec().priority()).thenComparing(Job::id);

  private final InstantSource clock;
  private final boolean keepsOutbox;
  private final NavigableMap<JobId, Job> jobs = new TreeMap<>();
  private final Map<JobId, List<AttemptRecord>> attempts = new HashMap<>();
  private final Map<JobId, List<Generation>> generations = new HashMap<>();
  private final Map<JobId, String> runners = new HashMap<>();
  private final Map<Line, List<JobId>> lines = new HashMap<>();
  private final Map<String, FirstUse> keys = new HashMap<>();
  private final Map<String, JobId> slots = new HashMap<>();
  private final NavigableMap<AttemptId, Instant> outbox =
      new TreeMap<>(comparing(AttemptId::job).thenComparing(AttemptId::number));
  private final Map<String, Totals> totals = new TreeMap<>();
  private final NavigableMap<String, WorkerInfo> workers = new TreeMap<>();
  private final Map<String, Instant> types = new TreeMap<>();
  private final Map<String, String> schemas = new HashMap<>();
  private final Map<String, Lease> leases = new HashMap<>();
  private final List<Pause> pauses = new ArrayList<>();
  private final InMemoryLimits limits = new InMemoryLimits();
  private final InMemoryParkedJobs parked = new InMemoryParkedJobs(this);
  private final CallbackJobs callbacks = new CallbackJobs();
  private final InMemoryDeadOutbox deadOutbox = new InMemoryDeadOutbox();
  private final Operations operations = new InMemoryOperations();
  private final DesiredStates desired;
  private final InMemoryDeadLetters dead = new InMemoryDeadLetters(this, jobs);
  private final InMemoryJobLogs logs = new InMemoryJobLogs(this, jobs);
  private final InMemoryJobSteps steps = new InMemoryJobSteps(this, jobs);
  private final InMemorySchedules schedules = new InMemorySchedules(this);
  private final InMemoryWorkflows workflows =
      new InMemoryWorkflows(this, jobs::get, this::applyMade, this::storeAll);

  private record FirstUse(
      IdempotencyKey key, JobId job, Instant expires, @Nullable JobState endedAs) {

    FirstUse after(JobState state) {
      return new FirstUse(key, job, expires, state);
    }
  }

  /** Where the jobs of an ordering key stand until they end. */
  private record Line(String queue, String key) {

    static @Nullable Line of(Job job) {
      String key = job.spec().orderingKey();
      return key == null ? null : new Line(job.spec().queue(), key);
    }
  }

  private record Totals(long submitted, long finished) {}

  private record Lease(String holder, Instant until) {}

  /** A store that keeps an outbox. */
  public InMemoryStore(InstantSource clock) {
    this(clock, true);
  }

  public InMemoryStore(InstantSource clock, boolean keepsOutbox) {
    this.clock = clock;
    this.desired = new InMemoryDesiredStates(clock);
    this.keepsOutbox = keepsOutbox;
  }

  @Override
  public synchronized List<SubmitResult> submit(List<Submission> submissions) {
    return submissions.stream().map(this::submit).toList();
  }

  private SubmitResult submit(Submission submission) {
    Job job = submission.job();
    IdempotencyKey key = submission.key();
    if (!storable(job.runAt()) || !storable(job.spec().deadline())) {
      return new SubmitResult.Refused("a time is out of range");
    }
    FirstUse first = key == null ? null : keys.get(key.key());
    first = first == null || !first.expires().isAfter(job.createdAt()) ? null : first;
    if (key != null && first != null && !first.job().equals(job.id())) {
      return key.isSameRequest(first.key().fingerprint())
          ? replayed(first)
          : new SubmitResult.KeyReused(first.job());
    }
    SubmitResult taken = slotTaken(submission);
    if (taken != null) {
      return taken;
    }
    Job before = jobs.get(job.id());
    if (before != null
        && before.state() == JobState.CANCELLED
        && submission.maxWaiting().onLimit() == OnLimit.DROP_NEW) {
      return new SubmitResult.Dropped(before, null);
    }
    if (before != null) {
      return new SubmitResult.Accepted(
          before.state() == JobState.WAITING ? job.behindOthers() : job);
    }
    SubmitResult full = full(submission);
    if (full instanceof SubmitResult.Full of
        && of.owner() == null
        && submission.maxWaiting().onLimit() == OnLimit.DROP_NEW) {
      return dropped(submission, of);
    }
    if (full != null) {
      return full;
    }
    Job stored = joins(job) ? job.behindOthers() : job;
    jobs.put(job.id(), stored);
    if (key != null) {
      keys.put(key.key(), new FirstUse(key, job.id(), submission.keyExpires(), null));
    }
    if (stored.state() == JobState.QUEUED) {
      announce(stored);
    }
    count(stored, 1, 0);
    return new SubmitResult.Accepted(stored);
  }

  private SubmitResult dropped(Submission submission, SubmitResult.Full full) {
    Job job = submission.job();
    Transition drop =
        job.displace(
            "%squeue \"%s\" had %d jobs waiting, and may have %d"
                .formatted(
                    full.group() == null ? "" : "group \"" + full.group() + "\" in ",
                    full.queue(),
                    full.waiting(),
                    full.most()),
            job.updatedAt());
    jobs.put(job.id(), drop.after());
    IdempotencyKey key = submission.key();
    if (key != null) {
      keys.put(key.key(), new FirstUse(key, job.id(), submission.keyExpires(), null));
    }
    count(drop.after(), 1, 1);
    List<Job> made = new ArrayList<>(1);
    makeCallback(drop, made);
    return new SubmitResult.Dropped(drop.after(), made.isEmpty() ? null : made.getFirst());
  }

  /** Puts a job at the end of its line, if it has one; returns whether others are before it. */
  private boolean joins(Job job) {
    Line line = Line.of(job);
    if (line == null) {
      return false;
    }
    List<JobId> standing = lines.computeIfAbsent(line, _ -> new ArrayList<>());
    standing.add(job.id());
    return standing.size() > 1;
  }

  /** Takes jobs that have ended out of their lines; returns those that are released by it. */
  private List<Job> leave(List<Job> ended) {
    Set<Line> left = new LinkedHashSet<>();
    Instant last = Instant.MIN;
    for (Job job : ended) {
      Line line = Line.of(job);
      if (line != null) {
        left.add(line);
        lines.getOrDefault(line, new ArrayList<>()).remove(job.id());
        last = job.updatedAt().isAfter(last) ? job.updatedAt() : last;
      }
    }
    List<Job> released = new ArrayList<>();
    for (Line line : left) {
      List<JobId> standing = lines.getOrDefault(line, List.of());
      if (standing.isEmpty()) {
        lines.remove(line);
        continue;
      }
      Job next = existing(standing.getFirst());
      if (next.state() == JobState.WAITING) {
        Transition wake = next.wake(last.isAfter(next.updatedAt()) ? last : next.updatedAt());
        apply(wake, next);
        released.add(wake.after());
      }
    }
    return released;
  }

  @Override
  public synchronized Optional<JobId> needs(JobId waiting) {
    Job job = jobs.get(waiting);
    List<JobId> standing =
        job == null || Line.of(job) == null
            ? List.of()
            : lines.getOrDefault(Line.of(job), List.of());
    int at = standing.indexOf(waiting);
    return at > 0 ? Optional.of(standing.get(at - 1)) : Optional.empty();
  }

  @Override
  public synchronized boolean holdsLine(JobId id) {
    Job job = jobs.get(id);
    return job != null && job.holdsLine();
  }

  /** Whoever ends a job here tells. */
  @Override
  public List<Job> releaseForgotten(int rows) {
    return List.of();
  }

  private @Nullable SubmitResult full(Submission submission) {
    String queue = submission.job().spec().queue();
    String group = submission.job().spec().group();
    Integer ofQueue = submission.maxWaiting().ofQueue();
    Integer ofGroup = submission.maxWaiting().ofGroup();
    MaxWaiting.OfOwner owner = submission.maxWaiting().ofOwner();
    if (owner != null) {
      long owned =
          jobs.values().stream()
              .filter(job -> job.state().waiting() && owner.owner().equals(job.spec().owner()))
              .count();
      if (owned >= owner.most()) {
        return new SubmitResult.Full(queue, null, owner.owner(), owned, owner.most());
      }
    }
    if (submission.maxWaiting().onLimit() == OnLimit.CANCEL_OLDEST) {
      return null;
    }
    List<Job> waiting =
        jobs.values().stream()
            .filter(job -> job.state().waiting() && job.spec().queue().equals(queue))
            .toList();
    if (ofQueue != null && waiting.size() >= ofQueue) {
      return new SubmitResult.Full(queue, null, waiting.size(), ofQueue);
    }
    long inGroup =
        waiting.stream()
            .filter(job -> job.spec().countedInGroup())
            .filter(job -> Objects.equals(job.spec().group(), group))
            .count();
    return ofGroup != null && submission.job().spec().countedInGroup() && inGroup >= ofGroup
        ? new SubmitResult.Full(queue, group, inGroup, ofGroup)
        : null;
  }

  /** The answer when another job holds the slot; null = the job has it now, or needs none. */
  private @Nullable SubmitResult slotTaken(Submission submission) {
    Job job = submission.job();
    Unique unique = job.spec().unique();
    if (unique == null) {
      return null;
    }
    JobId owner = slots.get(unique.slot());
    UniqueSlot slot = new UniqueSlot(owner == null ? null : jobs.get(owner));
    slot.claim(submission);
    Transition change = slot.change();
    if (change != null) {
      apply(change, change.before());
      jobs.put(change.after().id(), change.after());
    }
    if (slot.made() != null) {
      slots.put(unique.slot(), job.id());
    }
    SubmitResult answer = slot.answers().get(job.id());
    if (answer instanceof SubmitResult.Accepted) {
      return null;
    }
    IdempotencyKey key = submission.key();
    JobId holder =
        switch (answer) {
          case SubmitResult.Existing(Job existing) -> existing.id();
          case SubmitResult.Replaced(Job replaced) -> replaced.id();
          case null, default -> null;
        };
    if (key != null && holder != null) {
      keys.put(key.key(), new FirstUse(key, holder, submission.keyExpires(), null));
    }
    return answer;
  }

  private @Nullable JobId slotTakenFrom(Transition change) {
    Unique unique = change.after().spec().unique();
    if (unique == null
        || !change.before().state().terminal()
        || !change.after().holdsSlot(change.after().updatedAt())) {
      return null;
    }
    JobId owner = slots.get(unique.slot());
    if (!change.after().id().equals(owner)
        && owner != null
        && UniqueSlot.isHeldBy(jobs.get(owner), change.after().updatedAt())) {
      return owner;
    }
    slots.put(unique.slot(), change.after().id());
    return null;
  }

  private SubmitResult replayed(FirstUse first) {
    Job job = jobs.get(first.job());
    return job == null
        ? new SubmitResult.ReplayedDeleted(first.job(), first.endedAs())
        : new SubmitResult.Replayed(job);
  }

  private static boolean storable(@Nullable Instant time) {
    try {
      return time == null || ChronoUnit.MICROS.between(Instant.EPOCH, time) != Long.MAX_VALUE;
    } catch (ArithmeticException e) {
      return false;
    }
  }

  @Override
  public synchronized SaveResult save(List<Transition> transitions) {
    Set<AttemptId> applied = new LinkedHashSet<>();
    Map<AttemptId, String> refused = new HashMap<>();
    Map<JobId, Job> behind = new LinkedHashMap<>();
    List<Job> ended = new ArrayList<>();
    List<Job> left = new ArrayList<>();
    List<Job> made = new ArrayList<>();
    List<Transition> growing = new ArrayList<>(0);
    Map<AttemptId, JobId> slotTaken = new HashMap<>();
    for (Transition transition : transitions) {
      Job after = transition.after();
      if (!storable(after.updatedAt())
          || !storable(after.dueAt())
          || !transition.spawned().stream()
              .map(SpawnedNode::job)
              .allMatch(job -> storable(job.runAt()) && storable(job.spec().deadline()))) {
        refused.put(transition.attempt(), "a time is out of range");
        continue;
      }
      Job now = jobs.get(after.id());
      if (now == null) {
        continue;
      }
      JobId holder = slotTakenFrom(transition);
      if (holder != null) {
        slotTaken.put(transition.attempt(), holder);
      } else if (transition.fits(now.state(), now.attempt()) && !workflows.isTooLate(transition)) {
        String problem = workflows.refuses(transition);
        if (problem != null) {
          refused.put(transition.attempt(), problem);
          continue;
        }
        growing.add(transition);
        Transition placed = steps.placed(placed(transition, now));
        apply(placed, now);
        applied.add(transition.attempt());
        if (placed.after().state() == JobState.WAITING) {
          behind.put(after.id(), existing(after.id()));
        }
        if (after.state().terminal()) {
          ended.add(existing(after.id()));
        }
        if (now.standsInLine() && !existing(after.id()).standsInLine()) {
          left.add(existing(after.id()));
        }
        makeCallback(placed, made);
      } else if (isAlready(now, after)
          && (!transition.edits() || now.spec().equals(after.spec()))) {
        applied.add(transition.attempt());
      }
    }
    made.addAll(workflows.grow(growing));
    List<Job> released = leave(left);
    released.addAll(workflows.ended(ended));
    released.forEach(job -> behind.remove(job.id()));
    released.removeIf(job -> job.state() != JobState.QUEUED);
    released.addAll(made);
    return SaveResult.of(
        transitions, applied, refused, slotTaken, List.copyOf(behind.values()), released);
  }

  private void applyMade(Transition change, Job before) {
    apply(change, before);
    makeCallback(change, new ArrayList<>(0));
  }

  /** Stores the jobs of a workflow, all or none. */
  private Workflows.Submitted.@Nullable Full storeAll(List<Submission> all) {
    List<JobId> stored = new ArrayList<>();
    for (Submission each : all) {
      if (submit(each) instanceof SubmitResult.Full full) {
        stored.forEach(
            id -> {
              count(existing(id), -1, 0);
              outbox.keySet().removeIf(attempt -> attempt.job().equals(id));
              jobs.remove(id);
            });
        return new Workflows.Submitted.Full(full);
      }
      stored.add(each.job().id());
    }
    return null;
  }

  /** Workflows of these jobs. */
  public Workflows workflows() {
    return workflows;
  }

  private void makeCallback(Transition change, List<Job> made) {
    Job callback = callbacks.of(change);
    if (callback != null) {
      jobs.put(callback.id(), callback);
      announce(callback);
      count(callback, 1, 0);
      made.add(callback);
    }
  }

  /** One that is retried by hand goes to the end of its line. */
  private Transition placed(Transition change, Job before) {
    boolean revives = before.state().terminal() && change.after().state() == JobState.QUEUED;
    return revives && !before.standsInLine() && joins(before) ? change.behindOthers() : change;
  }

  private static boolean isAlready(Job now, Job after) {
    return now.attempt() == after.attempt()
        && (now.state() == after.state()
            || (now.state() == JobState.WAITING && after.state() == JobState.QUEUED))
        && now.updatedAt().equals(after.updatedAt());
  }

  private void apply(Transition change, Job before) {
    Job after = merged(before, change);
    jobs.put(after.id(), after);
    if (change.beginsGeneration()) {
      keep(before, after.updatedAt());
    }
    leaveSlot(change);
    dead.changed(before, change);
    steps.changed(change);
    if (keepsOutbox) {
      deadOutbox.changed(change);
    }
    AttemptRecord ended = named(change, before).ended();
    if (ended != null) {
      attempts.computeIfAbsent(after.id(), _ -> new ArrayList<>()).add(ended);
    }
    String worker = change.worker();
    if (worker != null) {
      runners.put(after.id(), worker);
    } else {
      runners.remove(after.id());
    }
    if (change.madeReady()) {
      announce(after);
    }
    if (change.moved()) {
      count(after, 0, 0); // its queue may be new
    }
    if (after.state().terminal() != before.state().terminal()) {
      count(after, 0, after.state().terminal() ? 1 : -1);
    }
  }

  /** With the worker of the RUNNING mark, where the change ends an attempt and names none. */
  private Transition named(Transition change, Job before) {
    return change.worker() == null && before.state() == JobState.RUNNING
        ? change.by(runners.get(before.id()))
        : change;
  }

  private void keep(Job before, Instant now) {
    List<Generation> kept = generations.computeIfAbsent(before.id(), _ -> new ArrayList<>());
    kept.addFirst(
        new Generation(
            before.generation(),
            before.spec().payload(),
            before.state(),
            before.attempt(),
            before.error(),
            before.finishedAt(),
            now));
    while (kept.size() > 1
        && (kept.size() > Generation.MOST_KEPT
            || kept.stream().mapToLong(each -> each.payload().length()).sum()
                > Generation.MOST_CHARS)) {
      kept.removeLast();
    }
  }

  private void leaveSlot(Transition change) {
    Unique before = change.before().spec().unique();
    Unique after = change.after().spec().unique();
    if (before != null && after != null && !before.slot().equals(after.slot())) {
      slots.remove(before.slot(), change.after().id());
    }
  }

  private static Job merged(Job stored, Transition change) {
    return change.after().toBuilder()
        .id(stored.id())
        .spec(change.edits() ? change.after().spec() : stored.spec())
        .createdAt(stored.createdAt())
        .build();
  }

  private void announce(Job job) {
    if (keepsOutbox) {
      outbox.put(job.attemptId(), clock.instant());
    }
  }

  private void count(Job job, int submitted, int finished) {
    totals.merge(
        job.spec().queue(),
        new Totals(submitted, finished),
        (a, b) -> new Totals(a.submitted + b.submitted, a.finished + b.finished));
  }

  private Job existing(JobId id) {
    Job job = jobs.get(id);
    if (job == null) {
      throw new IllegalStateException("job " + id + " is gone, but not its key");
    }
    return job;
  }

  @Override
  public synchronized Map<JobId, Job> find(Collection<JobId> ids) {
    Map<JobId, Job> found = new LinkedHashMap<>();
    for (JobId id : ids) {
      Job job = jobs.get(id);
      if (job != null) {
        found.put(id, job);
      }
    }
    return found;
  }

  @Override
  public synchronized Optional<SubmitResult> find(IdempotencyKey key, Instant now) {
    return Optional.ofNullable(keys.get(key.key()))
        .filter(first -> first.expires().isAfter(now))
        .filter(first -> key.isSameRequest(first.key().fingerprint()))
        .map(this::replayed);
  }

  @Override
  public synchronized Map<JobId, JobState> states(Collection<JobId> ids) {
    Map<JobId, JobState> states = new HashMap<>();
    find(ids).forEach((id, job) -> states.put(id, job.state()));
    return states;
  }

  @Override
  public synchronized Set<AttemptId> current(Collection<AttemptId> asked) {
    Set<AttemptId> current = new HashSet<>(asked);
    current.removeIf(attempt -> !isCurrent(attempt));
    return current;
  }

  private boolean isCurrent(AttemptId attempt) {
    Job job = jobs.get(attempt.job());
    return job != null && job.state().active() && job.attempt() == attempt.number();
  }

  @Override
  public synchronized JobPage list(JobQuery query) {
    JobId after = query.after();
    List<Job> page =
        (after == null ? jobs : jobs.headMap(after, false))
            .descendingMap().values().stream()
                .filter(matching(query))
                .limit(query.limit() + 1L)
                .map(Job::summary)
                .toList();
    if (page.size() <= query.limit()) {
      return new JobPage(page, null);
    }
    List<Job> full = page.subList(0, query.limit());
    return new JobPage(full, full.getLast().id());
  }

  private static Predicate<Job> matching(JobQuery query) {
    return job ->
        (query.state() == null || query.state() == job.state())
            && (query.queue() == null || query.queue().equals(job.spec().queue()))
            && (query.type() == null || query.type().equals(job.spec().type()))
            && query.scope().covers(job.spec())
            && job.spec().labels().entrySet().containsAll(query.labels().entrySet());
  }

  @Override
  public synchronized List<AttemptRecord> attempts(JobId id) {
    List<AttemptRecord> all = attempts.getOrDefault(id, List.of());
    return List.copyOf(all.subList(Math.max(0, all.size() - SHOWN_ATTEMPTS), all.size()));
  }

  @Override
  public synchronized List<Generation> generations(JobId id) {
    return List.copyOf(generations.getOrDefault(id, List.of()));
  }

  @Override
  public synchronized EndedJobs ended(
      String queue, JobState state, @Nullable JobId after, Instant before, int limit) {
    List<JobId> found =
        (after == null ? jobs : jobs.tailMap(after, false))
            .values().stream()
                .filter(job -> job.state() == state && job.spec().queue().equals(queue))
                .filter(job -> job.spec().node() == null && job.createdAt().isBefore(before))
                .filter(job -> !job.holdsLine())
                .map(Job::id)
                .limit(limit)
                .toList();
    return new EndedJobs(found, found.size() == limit ? found.getLast() : null);
  }

  @Override
  public synchronized EndedJobs newestEnded(
      String queue, JobState state, @Nullable JobId before, int limit) {
    List<JobId> found =
        (before == null ? jobs : jobs.headMap(before, false))
            .descendingMap().values().stream()
                .filter(job -> job.state() == state && job.spec().queue().equals(queue))
                .filter(job -> job.spec().node() == null && !job.holdsLine())
                .map(Job::id)
                .limit(limit)
                .toList();
    return new EndedJobs(found, found.size() == limit ? found.getLast() : null);
  }

  @Override
  public synchronized int prune(
      Instant finishedBefore, Map<String, Set<JobState>> except, int limit) {
    Set<JobId> ended = new HashSet<>();
    for (Job job : jobs.values()) {
      Instant finished = job.finishedAt();
      boolean isKept =
          job.spec().node() == null
              && except.getOrDefault(job.spec().queue(), Set.of()).contains(job.state());
      if (ended.size() < limit
          && !isKept
          && !job.holdsLine()
          && finished != null
          && finished.isBefore(finishedBefore)) {
        ended.add(job.id());
      }
    }
    return remove(ended);
  }

  @Override
  public synchronized int pruneKeys(Instant now, int limit) {
    List<String> expired =
        keys.values().stream()
            .filter(use -> !use.expires().isAfter(now))
            .map(use -> use.key().key())
            .limit(limit)
            .toList();
    keys.keySet().removeAll(expired);
    return expired.size();
  }

  @Override
  public synchronized int deleteEnded(Collection<JobId> ids, Instant finishedBefore) {
    Set<JobId> ended = new HashSet<>();
    for (JobId id : ids) {
      Job job = jobs.get(id);
      if (job == null || !job.state().terminal() || job.holdsLine()) {
        continue;
      }
      Instant finished = job.finishedAt();
      if (finished != null && finished.isBefore(finishedBefore)) {
        ended.add(id);
      }
    }
    return remove(ended);
  }

  private int remove(Set<JobId> ended) {
    keys.replaceAll(
        (_, use) -> ended.contains(use.job()) ? use.after(existing(use.job()).state()) : use);
    dead.removed(ended);
    logs.removed(ended);
    steps.removed(ended);
    slots.values().removeAll(ended);
    jobs.keySet().removeAll(ended);
    attempts.keySet().removeAll(ended);
    generations.keySet().removeAll(ended);
    runners.keySet().removeAll(ended);
    outbox.keySet().removeIf(attempt -> ended.contains(attempt.job()));
    return ended.size();
  }

  @Override
  public synchronized List<Job> pending(Instant writtenBefore, int limit) {
    outbox.keySet().removeIf(attempt -> !isQueued(attempt));
    return outbox.entrySet().stream()
        .filter(row -> row.getValue().isBefore(writtenBefore))
        .limit(limit)
        .map(row -> existing(row.getKey().job()))
        .takeWhile(new Fitting())
        .toList();
  }

  private boolean isQueued(AttemptId attempt) {
    return isCurrent(attempt) && existing(attempt.job()).state() == JobState.QUEUED;
  }

  @Override
  public synchronized boolean holds(AttemptId attempt) {
    return outbox.containsKey(attempt);
  }

  @Override
  public synchronized void delete(Collection<AttemptId> announced) {
    announced.forEach(outbox::remove);
  }

  @Override
  public synchronized int size() {
    return outbox.size();
  }

  private record Timed(Instant at, Job job) {}

  @Override
  public synchronized List<Job> due(Instant now, int limit) {
    List<Timed> due = new ArrayList<>();
    for (Job job : jobs.values()) {
      Instant timer = job.timer();
      if (timer != null && !timer.isAfter(now)) {
        due.add(new Timed(timer, job));
      }
    }
    return due.stream()
        .sorted(comparing(Timed::at))
        .limit(limit)
        .map(Timed::job)
        .takeWhile(new Fitting())
        .toList();
  }

  @Override
  public synchronized List<Job> scan(
      JobState state, @Nullable JobId after, Set<String> except, int limit) {
    return (after == null ? jobs : jobs.tailMap(after, false))
        .values().stream()
            .filter(job -> job.state() == state)
            .filter(job -> !except.contains(job.spec().queue()))
            .filter(job -> state != JobState.QUEUED || !parked.holds(job))
            .limit(limit)
            .takeWhile(new Fitting())
            .toList();
  }

  /** True until the jobs before were large together. */
  private static final class Fitting implements Predicate<Job> {

    private long chars;

    @Override
    public boolean test(Job job) {
      boolean fits = chars < 8 << 20;
      chars += job.chars();
      return fits;
    }
  }

  @Override
  public synchronized Map<JobId, String> workers(Collection<JobId> running) {
    Map<JobId, String> workers = new HashMap<>();
    find(running)
        .forEach(
            (id, job) -> {
              String worker = runners.get(id);
              if (job.state() == JobState.RUNNING && worker != null) {
                workers.put(id, worker);
              }
            });
    return workers;
  }

  @Override
  public synchronized List<Job> backlog(BacklogQuery query, @Nullable Job after, int limit) {
    Set<String> types = query.types();
    return queued(query.queue()).stream()
        .filter(job -> types.isEmpty() || types.contains(job.spec().type()))
        .filter(job -> query.group() == null || query.group().equals(job.spec().group()))
        .filter(job -> job.spec().group() == null || !query.except().contains(job.spec().group()))
        .filter(job -> after == null || RUN_ORDER.compare(job, after) > 0)
        .sorted(RUN_ORDER)
        .limit(limit)
        .toList();
  }

  private List<Job> queued(String queue) {
    return jobs.values().stream()
        .filter(job -> job.state() == JobState.QUEUED && job.spec().queue().equals(queue))
        .toList();
  }

  @Override
  public synchronized List<QueueFigures> all() {
    return totals.keySet().stream().map(this::figures).toList();
  }

  @Override
  public synchronized Optional<QueueFigures> find(String queue) {
    return totals.containsKey(queue) ? Optional.of(figures(queue)) : Optional.empty();
  }

  @Override
  public synchronized List<JobId> oldestBeyond(
      String queue, @Nullable String group, int most, int limit) {
    List<Job> waiting =
        jobs.values().stream()
            .filter(job -> job.state().waiting() && job.spec().queue().equals(queue))
            .filter(
                job ->
                    group == null
                        || (job.spec().countedInGroup() && group.equals(job.spec().group())))
            .toList();
    int beyond = Math.clamp(waiting.size() - (long) most, 0, limit);
    return waiting.stream()
        .filter(job -> job.spec().node() == null)
        .limit(beyond)
        .map(Job::id)
        .toList();
  }

  private QueueFigures figures(String queue) {
    Totals total = totals.getOrDefault(queue, new Totals(0, 0));
    Map<JobState, Long> depth = new HashMap<>();
    for (Job job : jobs.values()) {
      if (job.spec().queue().equals(queue)) {
        depth.merge(job.state(), 1L, Long::sum);
      }
    }
    Instant oldest = queued(queue).stream().findFirst().map(Job::createdAt).orElse(null);
    return new QueueFigures(queue, depth, total.submitted(), total.finished(), oldest);
  }

  @Override
  public synchronized void heartbeats(List<WorkerInfo> told) {
    told.forEach(this::heard);
  }

  private void heard(WorkerInfo worker) {
    Instant now = clock.instant();
    WorkerInfo known = workers.get(worker.id());
    workers.put(
        worker.id(),
        new WorkerInfo(
            worker.id(),
            worker.host(),
            worker.pid(),
            worker.queues(),
            worker.types(),
            worker.slots(),
            worker.busy(),
            worker.running(),
            known == null ? now : known.startedAt(),
            now,
            worker.phase()));
    worker.types().forEach(type -> types.put(type, now));
  }

  @Override
  public synchronized void remove(String worker) {
    workers.remove(worker);
  }

  @Override
  public synchronized List<WorkerInfo> live(Duration within) {
    Instant since = clock.instant().minus(within);
    workers.values().removeIf(worker -> worker.seenAt().isBefore(since));
    return List.copyOf(workers.values());
  }

  @Override
  public synchronized Set<String> types() {
    return Set.copyOf(types.keySet());
  }

  @Override
  public synchronized void forgetTypes(Duration unused) {
    Instant since = clock.instant().minus(unused);
    types.values().removeIf(offeredAt -> offeredAt.isBefore(since));
    schemas.keySet().retainAll(types.keySet());
  }

  @Override
  public synchronized void describe(Map<String, @Nullable String> described) {
    described.keySet().forEach(type -> types.put(type, clock.instant()));
    described.forEach(
        (type, schema) -> {
          if (schema == null) {
            schemas.remove(type);
          } else {
            schemas.put(type, schema);
          }
        });
  }

  @Override
  public synchronized Map<String, String> schemas() {
    return new HashMap<>(schemas);
  }

  @Override
  public synchronized boolean acquire(String name, String holder, Duration duration) {
    Instant now = clock.instant();
    Lease held = leases.get(name);
    if (held != null && !held.holder().equals(holder) && held.until().isAfter(now)) {
      return false;
    }
    leases.put(name, new Lease(holder, now.plus(duration)));
    return true;
  }

  @Override
  public synchronized void release(String name, String holder) {
    Lease held = leases.get(name);
    if (held != null && held.holder().equals(holder)) {
      leases.remove(name);
    }
  }

  /** The FAILED jobs that were not yet published. */
  public DeadOutbox deadOutbox() {
    return deadOutbox;
  }

  /** What workers are asked to be. */
  public DesiredStates desired() {
    return desired;
  }

  /** Operations on many jobs. */
  public Operations operations() {
    return operations;
  }

  /** What attempts write beside their outcomes. */
  public JobJournal journal() {
    return new JobJournal(logs, steps, workflows);
  }

  /** What jobs remember. */
  public JobSteps steps() {
    return steps;
  }

  /** Lets a schedule be one that cannot be read, until it is changed. */
  public void spoilSchedule(String name, String reason) {
    schedules.spoil(name, reason);
  }

  /** Schedules and their fires. */
  public ScheduleStore schedules() {
    return schedules;
  }

  /** What jobs are told. */
  public WorkflowSignals workflowSignals() {
    return workflows;
  }

  public JobSignals signals() {
    return steps;
  }

  /** What attempts log. */
  public JobLogs logs() {
    return logs;
  }

  /** The FAILED jobs in groups. */
  public DeadLetters dead() {
    return dead;
  }

  @Override
  public synchronized void pause(Pause pause) {
    pauses.removeIf(each -> each.key().equals(pause.key()));
    pauses.add(pause);
    pauses.sort(
        comparing(Pause::kind)
            .thenComparing(each -> String.valueOf(each.key().queue()))
            .thenComparing(Pause::name));
    pausedGroups(pause.key());
  }

  @Override
  public synchronized boolean resume(PauseKey key) {
    boolean resumed = pauses.removeIf(pause -> pause.key().equals(key));
    pausedGroups(key);
    return resumed;
  }

  private void pausedGroups(PauseKey changed) {
    if (changed.kind() == Pause.Kind.GROUP) {
      limits.pausedGroups(pauses);
    }
  }

  /** The parked jobs of this store. */
  public InMemoryParkedJobs parked() {
    return parked;
  }

  /** The limits of this store. */
  public InMemoryLimits limits() {
    return limits;
  }

  @Override
  public synchronized List<Pause> inForce() {
    return List.copyOf(pauses);
  }
}
