# One node of the store. The base has Node at /usr/local/bin/node and libfaketime in /usr/local/lib.
ARG BASE
FROM ${BASE}
COPY store.cjs /app/store.cjs
# The clock runs true until something else is written here; see clocks.ts.
COPY faketime /clock/faketime
ENV LD_PRELOAD=/usr/local/lib/libfaketime.so.1 \
    DONT_FAKE_MONOTONIC=1 \
    FAKETIME_DONT_FAKE_MONOTONIC=1 \
    FAKETIME_TIMESTAMP_FILE=/clock/faketime \
    FAKETIME_CACHE_DURATION=1 \
    STORE_DATA=/data \
    STORE_KEYSPACES=/app/keyspaces.json
ENTRYPOINT ["/usr/local/bin/node", "/app/store.cjs"]
