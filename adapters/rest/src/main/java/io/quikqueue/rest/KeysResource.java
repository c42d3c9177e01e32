package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.access.ManageKeys;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Creates, shows, changes and revokes the keys of programs. */
@Path("/v1/keys")
@Produces(MediaType.APPLICATION_JSON)
public final class KeysResource {

  private static final int MOST = 500;
  private static final int USUAL = 50;

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;

  KeysResource(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
  }

  @GET
  public Response list(@Context HttpServletRequest request) {
    QueryParameters query = new QueryParameters(request, Set.of("after", "limit"), Set.of());
    String after = query.text("after");
    int limit = query.integer("limit", 1, MOST, USUAL);
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> list(caller, after, limit));
  }

  private Response list(Caller caller, @Nullable String after, int limit) {
    List<ApiKey> found = keys().list(caller, after, limit + 1);
    return PageWriter.of("keys", found, limit, ApiKey::id, (json, key) -> write(json, key, null));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response create(InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    KeyReader.NewKey asked = bodies.read(body, request, KeyReader::created);
    ManageKeys.IssuedKey told =
        keys()
            .create(
                Callers.of(request),
                asked.name(),
                asked.role(),
                asked.scope(),
                asked.quota(),
                asked.expiresAt());
    return Response.fromResponse(shown(told.key(), told.text()))
        .status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, "/v1/keys/" + told.key().id())
        .build();
  }

  @GET
  @Path("/{key}")
  public Response find(@PathParam("key") String id, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    return shown(known(keys().find(Callers.of(request), id)), null);
  }

  @PATCH
  @Path("/{key}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response change(
      @PathParam("key") String id, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    ManageKeys.Change change = bodies.read(body, request, KeyReader::changed);
    return shown(known(keys().change(Callers.of(request), id, change)), null);
  }

  @POST
  @Path("/{key}/rotate")
  public Response rotate(
      @PathParam("key") String id, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Duration overlap =
        RequestLimits.hasBody(request)
            ? bodies.read(body, request, KeyReader::rotated)
            : KeyReader.USUAL_OVERLAP;
    ManageKeys.IssuedKey told = known(keys().rotate(Callers.of(request), id, overlap));
    return shown(told.key(), told.text());
  }

  @DELETE
  @Path("/{key}")
  public Response revoke(@PathParam("key") String id, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    known(keys().revoke(Callers.of(request), id));
    return Response.noContent().build();
  }

  private ManageKeys keys() {
    return use.keys();
  }

  private static <T> T known(Optional<T> found) {
    return found.orElseThrow(() -> new ProblemException(AccessProblems.unknownKey()));
  }

  private Response shown(ApiKey key, @Nullable KeyText text) {
    return Responses.ok(Json.bytes(json -> write(json, key, text)));
  }

  /**
   * Writes a key.
   *
   * @param text what its client is to send; null = it is not told again
   */
  private void write(JsonGenerator json, ApiKey key, @Nullable KeyText text) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", key.id());
    json.writeStringField("name", key.name());
    json.writeStringField("role", Words.of(key.role()));
    patterns(json, "queues", key.scope().queues());
    patterns(json, "types", key.scope().types());
    LimitAnswers.rate(json, "rate", key.quota().rate());
    LimitAnswers.number(json, "max_waiting", key.quota().maxWaiting());
    json.writeStringField("state", Words.of(keys().state(key)));
    if (text != null) {
      json.writeStringField("key", text.text());
    }
    JobWriter.time(json, "created_at", key.createdAt());
    json.writeStringField("created_by", key.by());
    JobWriter.time(json, "expires_at", key.expiresAt());
    ApiKey.PreviousSecret former = key.former();
    JobWriter.time(json, "former_until", former == null ? null : former.until());
    JobWriter.time(json, "used_at", key.usedAt());
    JobWriter.time(json, "revoked_at", key.revokedAt());
    json.writeEndObject();
  }

  private static void patterns(JsonGenerator json, String field, Set<String> patterns)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String pattern : new TreeSet<>(patterns)) {
      json.writeString(pattern);
    }
    json.writeEndArray();
  }
}
