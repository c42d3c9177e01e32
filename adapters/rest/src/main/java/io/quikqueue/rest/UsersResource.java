package io.quikqueue.rest;

import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.port.Users;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.user.ManageUsers;
import io.quikqueue.domain.usecase.user.SignIn;
import io.quikqueue.domain.usecase.user.UserCases;
import io.quikqueue.domain.usecase.user.WrongCredentialsException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
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
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates, shows and changes users. */
@Path("/v1/users")
@Produces(MediaType.APPLICATION_JSON)
public final class UsersResource {

  private static final int MOST = 500;
  private static final int USUAL = 50;
  private static final int USUAL_DAYS = 30;

  private final ManageUsers users;
  private final SignIn signIn;
  private final RequestBodies bodies;
  private final AnswerBudget answers;

  UsersResource(UserCases use, RequestBodies bodies, AnswerBudget answers) {
    this.users = use.manage();
    this.signIn = use.signIn();
    this.bodies = bodies;
    this.answers = answers;
  }

  @GET
  public Response list(@Context HttpServletRequest request) {
    QueryParameters query =
        new QueryParameters(request, Set.of("after", "limit", "role", "active", "email"), Set.of());
    int limit = query.integer("limit", 1, MOST, USUAL);
    Users.Query asked =
        new Users.Query(
            query.word("role", Role.class),
            active(query.text("active")),
            query.text("after"),
            limit + 1);
    String email = query.text("email");
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> page(found(caller, asked, email), limit));
  }

  /** The one with the address, if all else fits too; without an address all that fit. */
  private List<User> found(Caller caller, Users.Query asked, @Nullable String email) {
    return email == null
        ? users.list(caller, asked)
        : users.findByEmail(caller, email).stream()
            .filter(user -> asked.role() == null || user.role() == asked.role())
            .filter(user -> asked.active() == null || user.active() == asked.active())
            .filter(user -> asked.after() == null || user.id().compareTo(asked.after()) > 0)
            .toList();
  }

  private static @Nullable Boolean active(@Nullable String word) {
    return switch (word) {
      case null -> null;
      case "true" -> true;
      case "false" -> false;
      default -> throw QueryParameters.refused("active", "must be true or false");
    };
  }

  private static Response page(List<User> found, int limit) {
    return PageWriter.of("users", found, limit, User::id, UserWriter::write);
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response create(InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    UserReader.NewUser asked = bodies.read(body, request, UserReader::created);
    User user =
        users.create(Callers.of(request), asked.profile(), asked.role(), asked.credential());
    return Response.fromResponse(shown(user))
        .status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, "/v1/users/" + user.id())
        .build();
  }

  @GET
  @Path("/stats")
  public Response stats(@Context HttpServletRequest request) {
    QueryParameters query = new QueryParameters(request, Set.of("days"), Set.of());
    int days = query.integer("days", 1, ManageUsers.MOST_DAYS, USUAL_DAYS);
    ManageUsers.Stats stats = users.stats(Callers.of(request), days);
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("users");
              for (Users.Count count : stats.counts()) {
                json.writeStartObject();
                json.writeStringField("role", Words.of(count.role()));
                json.writeBooleanField("active", count.active());
                json.writeNumberField("count", count.users());
                json.writeEndObject();
              }
              json.writeEndArray();
              json.writeArrayFieldStart("logins");
              for (Users.LoginDay day : stats.logins()) {
                json.writeStartObject();
                json.writeStringField("day", day.day().toString());
                json.writeNumberField("count", day.logins());
                json.writeEndObject();
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  @GET
  @Path("/me")
  public Response me(@Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    return shown(known(users.find(caller, AuthResource.userId(caller))));
  }

  @POST
  @Path("/me/password")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response changePassword(InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    UserReader.NewPassword asked = bodies.read(body, request, UserReader::newPassword);
    Caller caller = Callers.of(request);
    try {
      Optional<SignIn.Tokens> tokens =
          signIn.changePassword(caller, AuthResource.userId(caller), asked.old(), asked.fresh());
      return Responses.ok(UserWriter.tokens(tokens.orElseThrow(UsersResource::wrongOldPassword)));
    } catch (WrongCredentialsException e) {
      throw wrongOldPassword();
    }
  }

  private static ProblemException wrongOldPassword() {
    return new ProblemException(UserProblems.wrongOldPassword());
  }

  @GET
  @Path("/{user}")
  public Response find(@PathParam("user") String id, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    return shown(known(users.find(Callers.of(request), id)));
  }

  @PATCH
  @Path("/{user}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response change(
      @PathParam("user") String id, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    ManageUsers.Change change = bodies.read(body, request, UserReader::changed);
    return shown(known(users.change(Callers.of(request), id, change)));
  }

  private static User known(Optional<User> found) {
    return found.orElseThrow(() -> new ProblemException(UserProblems.unknownUser()));
  }

  private static Response shown(User user) {
    return Responses.ok(Json.bytes(json -> UserWriter.write(json, user)));
  }
}
