package io.quikqueue.rest;

import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.OverlapPolicy;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.schedule.StoredSchedule;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.schedule.ManageSchedules.Changed;
import io.quikqueue.domain.usecase.schedule.OperateSchedules.Backfill;
import io.quikqueue.domain.usecase.schedule.ScheduleView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Shows, sets and operates schedules. */
@Path("/v1/schedules")
@Produces(MediaType.APPLICATION_JSON)
public final class SchedulesResource {

  private static final int MOST = 500;
  private static final int USUAL = 50;

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;
  private final ScheduleWriter writer;

  SchedulesResource(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
    this.writer = new ScheduleWriter(use.redaction());
  }

  @GET
  public Response list(@Context HttpServletRequest request) {
    QueryParameters query = new QueryParameters(request, Set.of("after", "limit"), Set.of());
    String after = query.text("after");
    int limit = query.integer("limit", 1, MOST, USUAL);
    if (after != null) {
      try {
        Schedule.requireName(after);
      } catch (InvalidFieldException e) {
        throw QueryParameters.refused("after", e.problem());
      }
    }
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> list(caller, after, limit));
  }

  private Response list(Caller caller, @Nullable String after, int limit) {
    ScheduleStore.Page found = use.schedules().manage().list(caller, after, limit);
    String next = found.more() ? found.schedules().getLast().name() : null;
    return PageWriter.of(
        "schedules", found.schedules(), next, (json, each) -> writer.write(json, caller, each));
  }

  @GET
  @Path("/{schedule}")
  public Response find(@PathParam("schedule") String name, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    try {
      return show(caller, known(use.schedules().manage().find(caller, name)));
    } catch (UnusableScheduleException e) {
      return Response.fromResponse(
              Responses.ok(Json.bytes(json -> writer.write(json, caller, e.schedule()))))
          .header(HttpHeaders.ETAG, Preconditions.tag(e.schedule().revision()))
          .build();
    }
  }

  @PUT
  @Path("/{schedule}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response put(
      @PathParam("schedule") String name, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Preconditions conditions = new Preconditions(request);
    Caller caller = Callers.of(request);
    ScheduleReader.Asked asked = bodies.read(body, request, ScheduleReader::read);
    return changed(
        request,
        name,
        use.schedules()
            .manage()
            .put(
                caller,
                name,
                now -> restored(now, asked.spec()),
                asked.paused(),
                asked.note(),
                now -> holds(conditions, now)));
  }

  /**
   * What was masked when it was read is what it was, as long as the type is the same: another type
   * may show what this one keeps.
   */
  private ScheduleSpec restored(@Nullable Schedule now, ScheduleSpec asked) {
    JobSpec job = asked.job();
    String type = now == null ? job.type() : now.spec().job().type();
    if (now == null || !type.equals(job.type())) {
      use.redaction().requireNoMask(job);
      use.redaction().requireNoMask(job.toBuilder().type(type).build());
      return asked;
    }
    String payload = use.redaction().restored(now.spec().job(), job.payload());
    JobSpec whole = job.toBuilder().payload(payload).build();
    return asked.withJob(whole.toBuilder().unique(UniqueReader.ofPayload(whole)).build());
  }

  @DELETE
  @Path("/{schedule}")
  public Response delete(@PathParam("schedule") String name, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Preconditions conditions = new Preconditions(request);
    Changed changed =
        use.schedules().manage().delete(Callers.of(request), name, now -> holds(conditions, now));
    return changed(request, name, changed);
  }

  private static boolean holds(Preconditions conditions, @Nullable StoredSchedule now) {
    Long revision = now == null ? null : (Long) now.revision();
    return conditions.matches(revision) && !conditions.isKnown(revision);
  }

  private Response changed(HttpServletRequest request, String name, Changed changed) {
    Caller caller = Callers.of(request);
    return switch (changed) {
      case Changed.Done(Schedule schedule, boolean created) -> {
        Response answer = show(caller, new ScheduleView(schedule, List.of(), Map.of()));
        yield created ? Response.fromResponse(answer).status(201).build() : answer;
      }
      case Changed.Mismatch() -> throw new ProblemException(ScheduleProblems.scheduleChanged(name));
      case Changed.Declared() ->
          throw new ProblemException(ScheduleProblems.scheduleDeclared(name));
      case Changed.Deleted() -> Response.noContent().build();
      case Changed.None() -> throw new ProblemException(ScheduleProblems.unknownSchedule());
    };
  }

  @POST
  @Path("/{schedule}/pause")
  public Response pause(
      @PathParam("schedule") String name, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    String note = Notes.read(request, body, bodies);
    return show(caller, known(use.schedules().operate().pause(caller, name, note)));
  }

  @POST
  @Path("/{schedule}/resume")
  public Response resume(@PathParam("schedule") String name, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    return show(caller, known(use.schedules().operate().resume(caller, name)));
  }

  @POST
  @Path("/{schedule}/trigger")
  public Response trigger(
      @PathParam("schedule") String name, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    OverlapPolicy overlap =
        RequestLimits.hasBody(request)
            ? bodies.read(body, request, text -> FireRange.read(text, false)).overlap()
            : null;
    Fire fire =
        known(
            use.schedules()
                .operate()
                .trigger(caller, name, overlap == null ? OverlapPolicy.ALLOW_ALL : overlap));
    return Responses.ok(Json.bytes(json -> ScheduleWriter.fire(json, fire, Map.of())));
  }

  @POST
  @Path("/{schedule}/backfill")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response backfill(
      @PathParam("schedule") String name, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    FireRange range = bodies.read(body, request, text -> FireRange.read(text, true));
    Backfill backfill =
        known(
            use.schedules()
                .operate()
                .backfill(
                    caller,
                    name,
                    range.from(),
                    range.to(),
                    range.overlap() == null ? OverlapPolicy.BUFFER_ALL : range.overlap(),
                    range.dryRun()));
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeBooleanField("dry_run", range.dryRun());
              times(json, "times", backfill.times());
              times(json, "already", backfill.already());
              json.writeArrayFieldStart("fires");
              for (Fire fire : backfill.fires()) {
                ScheduleWriter.fire(json, fire, Map.of());
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  private static void times(JsonGenerator json, String name, List<Instant> times)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Instant time : times) {
      json.writeString(time.toString());
    }
    json.writeEndArray();
  }

  @GET
  @Path("/{schedule}/preview")
  public Response preview(@PathParam("schedule") String name, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    Schedule schedule = known(use.schedules().manage().find(caller, name)).schedule();
    List<Instant> times = known(use.schedules().manage().preview(caller, name));
    ZoneId zone = schedule.spec().timing().zone();
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("zone", zone.getId());
              json.writeArrayFieldStart("times");
              for (Instant time : times) {
                json.writeStartObject();
                json.writeStringField("at", time.toString());
                json.writeStringField("local", ISO_OFFSET_DATE_TIME.format(time.atZone(zone)));
                json.writeEndObject();
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  private Response show(Caller caller, ScheduleView view) {
    return Response.fromResponse(Responses.ok(Json.bytes(json -> writer.write(json, caller, view))))
        .header(HttpHeaders.ETAG, Preconditions.tag(view.schedule().revision()))
        .build();
  }

  private static <T> T known(Optional<T> found) {
    Supplier<ProblemException> none =
        () -> new ProblemException(ScheduleProblems.unknownSchedule());
    return found.orElseThrow(none);
  }
}
