# One image for web, worker and beat; docker-compose.yml says which is which.
FROM python:3.13-slim

# What PDFs are made with: Pango, and fonts that have Chinese characters.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/okrtracker
WORKDIR /srv/okrtracker

COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
# A key of its own for this one step; the running site has another.
RUN useradd --system okrtracker \
    && SECRET_KEY=build python manage.py collectstatic --noinput --verbosity 0 \
    && chown -R okrtracker "$VAR_DIR"
USER okrtracker

EXPOSE 8000
# The shell gives way to granian, which so gets the signals.
CMD ["sh", "-c", "exec granian --interface rsgi --http 1 --no-ws --http1-header-read-timeout 10000 \
    --respawn-failed-workers --workers-kill-timeout 30 --workers 2 --host 0.0.0.0 --port 8000 okrtracker.serving.rsgi:server"]
