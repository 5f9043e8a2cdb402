# Tasks of this project in a container: docker compose run --rm task rides --rate max
FROM denoland/deno:2.9.6 AS task

WORKDIR /taxi-streams
RUN mkdir /home/deno && chown deno:deno . /home/deno
USER deno
ENV HOME=/home/deno
COPY --chown=deno:deno . .
# What the lock file pins is fetched now, so that a container needs no network but the broker's.
RUN deno cache --frozen apps/*.ts tasks/rides.ts tasks/control_center.ts tasks/_lab.ts

ENTRYPOINT ["deno", "task"]
CMD ["--help"]

# JupyterLab with the Deno kernel.
FROM task AS lab

USER root
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*
USER deno
RUN PIP_NO_CACHE_DIR=1 deno run -A tasks/_install_lab.ts
