# Image of the service «casework». Made by tools/render_images.py from deploy/images/Dockerfile.template: edit there.
# Build from the repository's root: see deploy/images/README.md. Roles are arguments: api | worker | relay | migrate.

ARG PYTHON_IMAGE=python:3.11.14-slim-trixie

FROM ${PYTHON_IMAGE} AS build
ARG PIP_INDEX_URL
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /src
COPY deploy/images/build.lock requirements.runtime.lock ./
# The build backend stays in this stage; what runs gets an environment without pip, from hashed wheels only.
RUN ["python", "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--requirement", "build.lock"]
RUN ["python", "-m", "venv", "--without-pip", "/opt/jiceng"]
RUN ["python", "-m", "pip", "--python", "/opt/jiceng/bin/python", "install", "--require-hashes", "--only-binary", ":all:", "--requirement", "requirements.runtime.lock"]
COPY libs/common libs/common
COPY services/casework services/casework
RUN ["python", "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", "wheels", "./libs/common", "./services/casework"]
RUN ["python", "-m", "pip", "--python", "/opt/jiceng/bin/python", "install", "--no-deps", "--no-index", "--find-links", "wheels", "jiceng-common", "jiceng-casework"]

FROM ${PYTHON_IMAGE} AS runtime
ARG REVISION=unknown
LABEL org.opencontainers.image.title="jiceng-casework" \
      org.opencontainers.image.description="窗口业务: items and cases." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/jiceng /opt/jiceng
ENV PATH=/opt/jiceng/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONFAULTHANDLER=1 \
    PYTHONUNBUFFERED=1
WORKDIR /tmp
USER 10001:10001
EXPOSE 8000 9090
STOPSIGNAL SIGTERM
HEALTHCHECK NONE
ENTRYPOINT ["python", "-m", "casework"]
CMD ["api"]
