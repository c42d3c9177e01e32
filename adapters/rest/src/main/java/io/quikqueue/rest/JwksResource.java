package io.quikqueue.rest;

import io.quikqueue.domain.access.TokenKey;
import io.quikqueue.domain.usecase.user.TokenKeyring;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Base64;

/** The public keys of access tokens, as RFC 7517 and 8037 have them. */
@Path("/.well-known/jwks.json")
@Produces(MediaType.APPLICATION_JSON)
public final class JwksResource {

  /**
   * Shorter than a key is published before it follows another; the first one of a process signs at
   * once.
   */
  private static final String KEPT = "public, max-age=60";

  private final TokenKeyring keyring;

  JwksResource(TokenKeyring keyring) {
    this.keyring = keyring;
  }

  @GET
  public Response keys(@Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    return Response.fromResponse(shown())
        .header(HttpHeaders.CACHE_CONTROL, null)
        .header(HttpHeaders.CACHE_CONTROL, KEPT)
        .build();
  }

  private Response shown() {
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("keys");
              for (TokenKey key : keyring.published()) {
                json.writeStartObject();
                json.writeStringField("kty", "OKP");
                json.writeStringField("crv", TokenKey.ALGORITHM);
                json.writeStringField("alg", "EdDSA");
                json.writeStringField("use", "sig");
                json.writeStringField("kid", key.id());
                json.writeStringField(
                    "x", Base64.getUrlEncoder().withoutPadding().encodeToString(key.raw()));
                json.writeEndObject();
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }
}
