# Toxiproxy from its source, where a registry answers; elsewhere images.ts builds it with this machine's Go.
ARG GO=golang:1.24-bookworm
FROM ${GO} AS build
ARG VERSION
RUN CGO_ENABLED=0 GOBIN=/out go install github.com/Shopify/toxiproxy/v2/cmd/server@${VERSION}
FROM scratch
COPY --from=build /out/server /toxiproxy
ENTRYPOINT ["/toxiproxy", "-host=0.0.0.0"]
