# The doors of this project in a container: `docker compose run --rm task rides --rate max`.
FROM denoland/deno:2.9.6

WORKDIR /taxi-streams
COPY . .
USER deno
# What the lock file pins is fetched now, so that a container needs no network but the broker's.
RUN deno cache --frozen apps/*.ts tasks/rides.ts tasks/control_center.ts

ENTRYPOINT ["deno", "task"]
CMD ["--help"]
