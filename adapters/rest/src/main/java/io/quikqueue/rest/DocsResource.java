package io.quikqueue.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Serves the OpenAPI document, and Swagger UI to read it with; nothing comes from elsewhere. */
@Path("/")
public final class DocsResource {

  private static final String CSP =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private final String webJar = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";
  private final Map<String, Asset> assets =
      Map.of(
          "init.js", new Asset("docs/init.js", "text/javascript"),
          "swagger-ui.css", new Asset(webJar + "swagger-ui.css", "text/css"),
          "swagger-ui-bundle.js", new Asset(webJar + "swagger-ui-bundle.js", "text/javascript"),
          "favicon-32x32.png", new Asset(webJar + "favicon-32x32.png", "image/png"));

  private final Asset index = new Asset("docs/index.html", MediaType.TEXT_HTML);
  private final Asset openApi = new Asset("openapi.json", MediaType.APPLICATION_JSON);

  /** A resource of the class path. */
  private record Asset(String resource, String type) {

    Asset {
      if (DocsResource.class.getResource(resource) == null) {
        throw new IllegalStateException("not on the class path: " + resource);
      }
    }
  }

  @GET
  @Path("openapi.json")
  public Response openApi() {
    return serve(openApi);
  }

  @GET
  @Path("docs")
  public Response docs() {
    return serve(index);
  }

  @GET
  @Path("docs/{file}")
  public Response asset(@PathParam("file") String file) {
    return serve(assets.get(file));
  }

  private static Response serve(@Nullable Asset asset) {
    if (asset == null) {
      throw new NotFoundException();
    }
    StreamingOutput copy =
        out -> {
          try (InputStream content = open(asset.resource())) {
            content.transferTo(out);
          }
        };
    String charset = asset.type().startsWith("text/") ? ";charset=utf-8" : "";
    return Response.ok(copy)
        .type(asset.type() + charset)
        .header(HttpHeaders.CACHE_CONTROL, "max-age=300")
        .header("Content-Security-Policy", CSP)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .build();
  }

  private static InputStream open(String resource) {
    InputStream content = DocsResource.class.getResourceAsStream(resource);
    if (content == null) {
      throw new IllegalStateException("not on the class path: " + resource);
    }
    return content;
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = open("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
