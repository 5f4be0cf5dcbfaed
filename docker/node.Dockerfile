# The base of store.Dockerfile where a registry answers; elsewhere images.ts makes it from this machine's Node.
ARG NODE=node:20-bookworm-slim
FROM ${NODE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends libfaketime \
 && cp /usr/lib/*/faketime/libfaketime.so.1 /usr/local/lib/ \
 && rm -rf /var/lib/apt/lists/*
