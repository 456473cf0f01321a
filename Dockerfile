# Packages are built in one stage and copied into another that has neither uv nor a compiler.
FROM ghcr.io/astral-sh/uv:latest AS uv

FROM python:3.13-slim AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/venv
WORKDIR /app
COPY pyproject.toml .python-version README.md ./
RUN uv sync --no-dev --no-group postgres
COPY . .
RUN DATABASE_URL=postgres://build@nowhere/build SECRET_KEY=only-for-collectstatic \
    BYLINE_STATIC_ROOT=/app/static-files /venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim
RUN useradd --system --create-home --uid 10001 byline \
    && install -d -o byline -g byline /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 \
    BYLINE_DATA_DIR=/data BYLINE_STATIC_ROOT=/app/static-files
USER byline
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
CMD ["gunicorn", "-c", "config/gunicorn.py", "--bind", "0.0.0.0:8000"]
