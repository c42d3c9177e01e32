package io.quikqueue.rest;

import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.audit.AuditTrail;
import io.quikqueue.domain.usecase.user.SignIn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** Signs users in and out. */
@Path("/v1/auth")
@Produces(MediaType.APPLICATION_JSON)
public final class AuthResource {

  private final SignIn signIn;
  private final AuditTrail audit;
  private final RequestBodies bodies;

  AuthResource(SignIn signIn, AuditTrail audit, RequestBodies bodies) {
    this.signIn = signIn;
    this.audit = audit;
    this.bodies = bodies;
  }

  @POST
  @Path("/login")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response login(InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    UserReader.Login asked = bodies.read(body, request, UserReader::login);
    Caller caller = Callers.of(request);
    SignIn.Tokens tokens = signIn.login(caller, asked.email(), asked.password());
    audit.signedIn(caller, tokens.user().id(), "login", 200); // or nobody gets the tokens
    return Responses.ok(UserWriter.tokens(tokens));
  }

  @POST
  @Path("/refresh")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response refresh(InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    String token = bodies.read(body, request, UserReader::refreshToken);
    return Responses.ok(UserWriter.tokens(signIn.refresh(Callers.of(request), token)));
  }

  @POST
  @Path("/logout")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response logout(InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    String token = bodies.read(body, request, UserReader::refreshToken);
    signIn.logout(Callers.of(request), token);
    return Response.noContent().build();
  }

  @POST
  @Path("/logout-everywhere")
  public Response logoutEverywhere(@Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    signIn.logoutEverywhere(caller, userId(caller));
    return Response.noContent().build();
  }

  /**
   * The user who calls.
   *
   * @throws ProblemException when it is somebody else
   */
  static String userId(Caller caller) {
    String id = caller.userId();
    if (id == null) {
      throw new ProblemException(UserProblems.notAUser());
    }
    return id;
  }
}
