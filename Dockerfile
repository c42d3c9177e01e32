# syntax=docker/dockerfile:1
# An exact version, without the digest, which could not be looked up where this file was written.
# Both stages are of one image: the cache for fast starts fits only the very Java it was made with.
FROM eclipse-temurin:25.0.3_9-jdk AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /quikqueue
COPY . .
RUN --mount=type=cache,target=/root/.m2 ./quikqueue build

FROM eclipse-temurin:25.0.3_9-jdk
WORKDIR /quikqueue
COPY --from=build /quikqueue/quikqueue ./
COPY --from=build /quikqueue/config ./config
COPY --from=build /quikqueue/schedules ./schedules
COPY --from=build /quikqueue/.build/version ./.build/version
COPY --from=build /quikqueue/.build/lib ./.build/lib
COPY --from=build /quikqueue/.build/aot ./.build/aot
RUN useradd --system --uid 10001 --home-dir /quikqueue quikqueue \
    && mkdir data plugins \
    && chown quikqueue data
USER quikqueue
VOLUME /quikqueue/data
EXPOSE 8000
ENTRYPOINT ["./quikqueue"]
# Within the container all addresses, else nothing outside could reach it. It starts only when told who may call:
# -e QQ_ACCESS=open -p 127.0.0.1:8000:8000, or QQ_ACCESS=keys with QQ_ADMIN_KEY_FILE.
CMD ["up", "--host", "0.0.0.0"]
