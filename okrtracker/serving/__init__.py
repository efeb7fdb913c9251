"""How granian reaches the application: whole bodies only, within limits of size and of time."""

from typing import Final

#: Of granian, wherever it is started: the documents and the Dockerfile repeat it. A worker that
#: dies is replaced; one that does not end within 30 s of a reload or a stop is made to.
OPTIONS: Final = (
    "--interface rsgi --http 1 --no-ws --http1-header-read-timeout 10000"
    " --respawn-failed-workers --workers-kill-timeout 30"
)
APPLICATION: Final = "okrtracker.serving.rsgi:server"
